// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A selector of one's own under an Asio echo server: it hands everything to another selector, and
// counts. A GLib main loop or a simulated network would take its place in the same way.
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

class counting_selector : public base_selector {
public:
    explicit counting_selector(std::unique_ptr<base_selector> inner)
        : inner_(std::move(inner)) {}

    ~counting_selector() override {
        close();
        if (waits_ != 0)
            std::cout << registered_ << " registrations, " << waits_ << " waits, " << events_
                      << " events" << std::endl;
    }

private:
    // The token, which do_collect() needs for its report, travels in the inner selector's data.
    static void* to_data(token id) { return reinterpret_cast<void*>(id); }
    static token to_token(void* data) { return token{reinterpret_cast<std::uintptr_t>(data)}; }

    void do_register(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        inner_->register_handle(handle, wanted, to_data(id), ec);
        registered_ += !ec;
    }
    void do_modify(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        inner_->modify(handle, wanted, to_data(id), ec);
    }
    void do_unregister(native_handle_type handle, token) noexcept override {
        std::error_code already_gone;
        inner_->unregister(handle, already_gone);
    }
    void do_wait(
        std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec) override {
        found_ = inner_->select(timeout, max_events, ec);
        ++waits_;
    }
    void do_collect() override {
        for (ready_event const& e : found_)
            report(to_token(e.key.data), e.events, e.hang_up, e.error);
        events_ += found_.size();
        found_ = {};
    }
    void do_wakeup() noexcept override { inner_->wakeup(); }
    void do_close() noexcept override { inner_->close(); }
    capabilities do_capabilities() const noexcept override {
        capabilities can = inner_->get_capabilities();
        can.pollable = false;
        can.live_updates = true; // The inner selector sees to it.
        return can;
    }
    std::string_view do_name() const noexcept override { return "counting"; }
    void do_fork_child(std::error_code& ec) override {
        std::error_code ignored;
        for (selector_key const& key : inner_->get_map())
            inner_->unregister(key.handle, ignored); // The base registers them again.
        inner_->notify_fork_child(ec);
    }

    static_assert(sizeof(token) <= sizeof(void*));
    std::unique_ptr<base_selector> inner_;
    std::span<ready_event const> found_;
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
        selector_context context{std::in_place_type<counting_selector>, make_selector(a.backend)};
        auto acceptor = example::listen(context, a.port);
        auto const port = acceptor.local_endpoint().port();
        co_spawn(context, serve(std::move(acceptor)), boost::asio::detached);
        example::run(context, port, a.statistics);
    });
}
