// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Server on a thread_pool of 3 (strands by connection), clients in a std::thread with its own io_context, std::future across, sleep_for.
#include <boost/asio.hpp>
#include <future>
#include <iostream>
#include <mutex>
#include <thread>
namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;
unsigned long app_hash = 1469598103934665603ul;
std::mutex hm;
void note(unsigned long x) {
    std::lock_guard l(hm);
    app_hash = (app_hash ^ x) * 1099511628211ul;
}
asio::awaitable<void> session(tcp::socket s) {
    char d[1024];
    try {
        for (;;) {
            auto n = co_await s.async_read_some(asio::buffer(d), asio::use_awaitable);
            note(n);
            co_await async_write(s, asio::buffer(d, n), asio::use_awaitable);
        }
    } catch (std::exception&) {
    }
}
asio::awaitable<void> client(tcp::endpoint e, int id) {
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
        asio::steady_timer t(co_await asio::this_coro::executor, 60s);
        co_await t.async_wait(asio::use_awaitable);
    }
}
int run(int n) {
    asio::thread_pool pool(3);
    tcp::acceptor a(pool, {tcp::v4(), 0});
    auto port = a.local_endpoint().port();
    std::function<void()> acc = [&] {
        a.async_accept(asio::make_strand(pool), [&](auto ec, tcp::socket s) {
            if (ec)
                return;
            auto ex = s.get_executor();
            co_spawn(ex, session(std::move(s)), asio::detached);
            acc();
        });
    };
    acc();
    std::promise<void> started;
    int done = 0;
    std::thread c([&] {
        asio::io_context ctx;
        started.set_value();
        for (int i = 0; i < n; i++)
            co_spawn(ctx, client({asio::ip::address_v4::loopback(), port}, i),
                [&](std::exception_ptr e) {
                    if (e)
                        std::rethrow_exception(e);
                    ++done;
                });
        std::thread second([&] { ctx.run(); });
        ctx.run();
        second.join();
    });
    std::this_thread::sleep_for(10s);
    c.join();
    asio::post(a.get_executor(), [&] { a.close(); });
    pool.join();
    return done;
}
