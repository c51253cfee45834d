// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An Asio echo server on a user-defined backend, which forwards everything to another backend, and
// counts. A backend for a GLib main loop or a simulated network would be used in the same way.
//
//   own_selector [port [backend to wrap]]

#include "server.hpp"
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

using boost::asio::awaitable;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;
using namespace boost_selectors;

namespace {

class counting_backend : public forwarding_backend {
public:
    explicit counting_backend(std::unique_ptr<selector_backend> inner)
        : forwarding_backend("counting", std::move(inner)) {}

    ~counting_backend() override {
        if (waits_ != 0)
            std::cout << registered_ << " registrations, " << waits_ << " waits, " << events_
                      << " events" << std::endl;
    }

private:
    void add(native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        forwarding_backend::add(handle, wanted, id, ec);
        registered_ += !ec;
    }
    void wait(
        std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec) override {
        forwarding_backend::wait(timeout, max_events, ec);
        ++waits_;
    }
    void collect(event_sink& sink) override {
        struct counting_sink : forwarding_sink {
            counting_sink(event_sink& target, std::size_t& events)
                : forwarding_sink(target)
                , events_(events) {}
            bool report(token id, event events, event_flags flags) noexcept override {
                ++events_;
                return forwarding_sink::report(id, events, flags);
            }
            std::size_t& events_;
        } counting(sink, events_);
        forwarding_backend::collect(counting);
    }

    std::size_t registered_ = 0;
    std::size_t waits_ = 0;
    std::size_t events_ = 0;
};

awaitable<void> echo(tcp::socket socket) {
    std::array<char, 4096> data;
    socket.set_option(tcp::no_delay(true));
    for (;;) {
        auto const length =
            co_await socket.async_read_some(boost::asio::buffer(data), use_awaitable);
        co_await boost::asio::async_write(socket, boost::asio::buffer(data, length), use_awaitable);
    }
}

awaitable<void> serve(tcp::acceptor acceptor) {
    auto const executor = acceptor.get_executor();
    for (;;) {
        auto [ec, socket] = co_await acceptor.async_accept(boost::asio::as_tuple(use_awaitable));
        if (!ec) {
            co_spawn(executor, echo(std::move(socket)), boost::asio::detached);
        } else {
            std::cerr << "accept: " << ec.message() << '\n';
            boost::asio::steady_timer retry(executor, std::chrono::milliseconds(100));
            co_await retry.async_wait(use_awaitable);
        }
    }
}

} // namespace

int main(int argc, char* argv[]) {
    return example::main("own_selector", argc, argv, [](example::arguments const& a) {
        selector_context context{std::in_place_type<counting_backend>, make_backend(a.backend)};
        auto acceptor = example::listen(context, a.port);
        auto const port = acceptor.local_endpoint().port();
        co_spawn(context, serve(std::move(acceptor)), boost::asio::detached);
        example::run(context, port, a);
    });
}
