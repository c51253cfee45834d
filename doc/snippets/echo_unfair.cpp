// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <algorithm>
#include <array>
#include <boost/asio.hpp>
#include <boost_selectors/asio.hpp>
#include <cstdlib>
#include <iostream>
#include <random>
#include <vector>

using namespace boost_selectors;
using boost::asio::awaitable;
using boost::asio::detached;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;

class unfair_backend : public forwarding_backend {
public:
    unfair_backend(std::unique_ptr<selector_backend>&& inner, unsigned seed)
        : forwarding_backend("unfair", abilities(*inner), std::move(inner))
        , random_(seed) {}

private:
    static capabilities abilities(selector_backend const& inner) {
        capabilities can = inner.get_capabilities();
        can.edge = can.oneshot = false; // What is kept back would be lost.
        can.closed_handles = false;
        return can;
    }

    struct found {
        token id;
        event events;
        event_flags flags;
    };

    /// Keeps what the inner backend reports.
    struct keeping_sink : forwarding_sink {
        keeping_sink(event_sink& target, std::vector<found>& kept)
            : forwarding_sink(target)
            , kept_(kept) {}
        bool report(token id, event events, event_flags flags) noexcept override {
            kept_.push_back({id, events, flags});
            return find(id).has_value();
        }
        std::vector<found>& kept_;
    };

    void collect(event_sink& sink) override {
        found_.clear();
        keeping_sink keeping(sink, found_);
        forwarding_backend::collect(keeping);
        std::shuffle(found_.begin(), found_.end(), random_);
        for (found const& f : found_)
            if (random_() % 8 != 0) // It is level-triggered: it will come again.
                sink.report(f.id, f.events, f.flags);
    }

    std::minstd_rand random_;
    std::vector<found> found_;
};

awaitable<void> echo(tcp::socket socket) {
    std::array<char, 4096> bytes;
    try {
        for (;;) {
            auto const n =
                co_await socket.async_read_some(boost::asio::buffer(bytes), use_awaitable);
            co_await boost::asio::async_write(socket, boost::asio::buffer(bytes, n), use_awaitable);
        }
    } catch (boost::system::system_error const&) { // The client is gone.
    }
}

awaitable<void> serve(tcp::acceptor acceptor) {
    for (;;) {
        auto socket = co_await acceptor.async_accept(use_awaitable);
        co_spawn(acceptor.get_executor(), echo(std::move(socket)), detached);
    }
}

int main(int argc, char* argv[]) {
    auto const port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 5000);
    selector_context context{std::in_place_type<unfair_backend>, make_backend(), 42u};
    std::cout << "on " << context.selector().name() << std::endl;
    co_spawn(context, serve({context, {boost::asio::ip::address_v4::loopback(), port}}), detached);
    context.run();
}
