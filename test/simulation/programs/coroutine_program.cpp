// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// "Unmodified" Asio/coroutine program: echo server, 50 clients, timeouts of an hour.
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <iomanip>
#include <iostream>
namespace asio = boost::asio;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
extern unsigned long app_hash;
unsigned long app_hash = 1469598103934665603ul;
void note(unsigned long x) {
    app_hash = (app_hash ^ x) * 1099511628211ul;
}
asio::awaitable<void> session(tcp::socket s, int) {
    char d[1024];
    try {
        for (;;) {
            auto n = co_await s.async_read_some(asio::buffer(d), asio::use_awaitable);
            co_await async_write(s, asio::buffer(d, n), asio::use_awaitable);
        }
    } catch (std::exception&) {
    }
}
asio::awaitable<void> server(tcp::acceptor& a) {
    for (int i = 0;; i++) {
        auto s = co_await a.async_accept(asio::use_awaitable);
        co_spawn(a.get_executor(), session(std::move(s), i), asio::detached);
    }
}
asio::awaitable<void> client(tcp::endpoint e, int id, int& done, tcp::acceptor& a, int n) {
    tcp::socket s(co_await asio::this_coro::executor);
    co_await s.async_connect(e, asio::use_awaitable);
    std::string m(200, 'a' + id % 26);
    for (int i = 0; i < 20; i++) {
        co_await async_write(s, asio::buffer(m), asio::use_awaitable);
        std::string r(200, 0);
        co_await async_read(s, asio::buffer(r), asio::use_awaitable);
        if (r != m)
            std::abort();
        note(id * 1000 + i);
        note(std::chrono::steady_clock::now().time_since_epoch().count());
        asio::steady_timer t(co_await asio::this_coro::executor, 60s);
        co_await t.async_wait(asio::use_awaitable);
    }
    if (++done == n)
        a.close();
}
int run(int n) {
    asio::io_context c;
    tcp::acceptor a(c, {tcp::v4(), 0});
    int done = 0;
    co_spawn(c, server(a), [](std::exception_ptr) {});
    for (int i = 0; i < n; i++)
        co_spawn(c,
            client({asio::ip::address_v4::loopback(), a.local_endpoint().port()}, i, done, a, n),
            [](std::exception_ptr e) {
                if (e)
                    std::rethrow_exception(e);
            });
    c.run();
    return done;
}
