// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An echo server with C++20 coroutines. The command line names the selector.
//
//   coroutine_echo_server [--stats] [port [backend]]

#include "server.hpp"
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

using boost::asio::awaitable;
using boost::asio::redirect_error;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

awaitable<void> echo(tcp::socket socket) {
    std::array<char, 4096> data;
    error_code ec;
    socket.set_option(tcp::no_delay(true), ec); // If the peer is gone, the read fails.
    for (;;) {
        auto const length = co_await socket.async_read_some(
            boost::asio::buffer(data), redirect_error(use_awaitable, ec));
        if (ec)
            co_return;
        co_await boost::asio::async_write(
            socket, boost::asio::buffer(data, length), redirect_error(use_awaitable, ec));
        if (ec)
            co_return;
    }
}

awaitable<void> serve(tcp::acceptor acceptor) {
    auto const executor = acceptor.get_executor();
    boost::asio::steady_timer retry(executor);
    for (;;) {
        error_code ec;
        auto socket = co_await acceptor.async_accept(redirect_error(use_awaitable, ec));
        if (!ec) {
            co_spawn(executor, echo(std::move(socket)), boost::asio::detached);
        } else if (ec != boost::asio::error::connection_aborted) {
            // Most likely no descriptor is free: the client waits in the queue until one is.
            std::cerr << "accept: " << ec.message() << '\n';
            retry.expires_after(std::chrono::milliseconds(100));
            co_await retry.async_wait(use_awaitable);
        }
    }
}

} // namespace

int main(int argc, char* argv[]) {
    return example::main("coroutine_echo_server", argc, argv, [](example::arguments const& a) {
        boost_selectors::selector_context context{boost_selectors::make_selector(a.backend)};
        auto acceptor = example::listen(context, a.port);
        auto const port = acceptor.local_endpoint().port();
        co_spawn(context, serve(std::move(acceptor)), boost::asio::detached);
        example::run(context, port, a);
    });
}
