// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <algorithm>
#include <array>
#include <boost/asio.hpp>
#include <boost_selectors/asio.hpp>
#include <cstdlib>
#include <iostream>
#include <thread>

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

awaitable<void> serve(boost::asio::thread_pool& pool, std::uint16_t port) {
    tcp::acceptor acceptor(pool, {boost::asio::ip::address_v4::loopback(), port});
    for (;;) {
        // A strand for each connection: its handlers never run at the same time.
        auto const strand = boost::asio::make_strand(pool);
        auto socket = co_await acceptor.async_accept(strand, use_awaitable);
        co_spawn(strand, echo(std::move(socket)), detached);
    }
}

int main(int argc, char* argv[]) {
    auto const port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 5000);
    unsigned const threads = std::max(2u, std::thread::hardware_concurrency());
    boost::asio::thread_pool pool(threads);
    auto& service = boost::asio::use_service<boost_selectors::selector_service>(pool);
    std::cout << threads << " threads on " << service.selector().name() << std::endl;
    co_spawn(pool, serve(pool, port), detached);
    pool.join();
}
