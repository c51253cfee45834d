// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <array>
#include <boost/asio.hpp>
#include <boost_selectors/asio.hpp>
#include <cstdlib>
#include <iostream>

using boost::asio::awaitable;
using boost::asio::detached;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;

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
    boost_selectors::selector_context context{
        boost_selectors::make_selector(argc > 2 ? argv[2] : "default")};
    std::cout << "on " << context.selector().name() << std::endl;
    co_spawn(context, serve({context, {boost::asio::ip::address_v4::loopback(), port}}), detached);
    context.run();
}
