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

class unfair_selector : public base_selector {
public:
    unfair_selector(std::unique_ptr<base_selector> inner, unsigned seed)
        : inner_(std::move(inner))
        , random_(seed) {}
    ~unfair_selector() override { close(); }

private:
    // The inner selector keeps the token for us: we need it to report.
    static void* to_data(token id) { return reinterpret_cast<void*>(id); }
    static token to_token(void* data) { return token{reinterpret_cast<std::uintptr_t>(data)}; }

    void do_register(native_handle_type h, interest i, token id, std::error_code& ec) override {
        inner_->register_handle(h, i, to_data(id), ec);
    }
    void do_modify(native_handle_type h, interest i, token id, std::error_code& ec) override {
        inner_->modify(h, i, to_data(id), ec);
    }
    void do_unregister(native_handle_type h, token) noexcept override {
        std::error_code ignored;
        inner_->unregister(h, ignored);
    }
    void do_wait(std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) override {
        auto const list = inner_->select(timeout, ec);
        found_.assign(list.begin(), list.end());
    }
    void do_collect() override {
        std::ranges::shuffle(found_, random_);
        for (ready_event const& ready : found_)
            if (random_() % 8 != 0) // It is level-triggered: it will come again.
                report(to_token(ready.key.data), ready.events, ready.hang_up, ready.error);
    }
    void do_wakeup() noexcept override { inner_->wakeup(); }
    void do_close() noexcept override { inner_->close(); }
    std::string_view do_name() const noexcept override { return "unfair"; }
    capabilities do_capabilities() const noexcept override {
        capabilities can = inner_->get_capabilities();
        can.edge = can.oneshot = false; // What is kept back would be lost.
        can.closed_handles = false;
        can.pollable = false;
        can.live_updates = true; // The inner selector sees to it.
        return can;
    }

    std::unique_ptr<base_selector> inner_;
    std::minstd_rand random_;
    std::vector<ready_event> found_;
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
    selector_context context{std::in_place_type<unfair_selector>, make_selector(), 42u};
    std::cout << "on " << context.selector().name() << std::endl;
    co_spawn(context, serve({context, {boost::asio::ip::address_v4::loopback(), port}}), detached);
    context.run();
}
