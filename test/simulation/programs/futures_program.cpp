// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <atomic>
#include <boost/asio.hpp>
#include <future>
#include <iostream>
#include <latch>
#include <semaphore>
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
int run(int) {
    std::promise<int> p;
    std::thread t([&] {
        std::this_thread::sleep_for(5s);
        p.set_value(7);
    });
    note(p.get_future().get());
    t.join();
    std::atomic<int> a{0};
    std::thread u([&] {
        std::this_thread::sleep_for(5s);
        a = 1;
        a.notify_one();
    });
    a.wait(0);
    u.join();
    note(a);
    std::latch l(3);
    std::vector<std::jthread> v;
    for (int i = 0; i < 3; i++)
        v.emplace_back([&, i] {
            std::this_thread::sleep_for(std::chrono::seconds(i));
            note(i);
            l.arrive_and_wait();
        });
    v.clear();
    std::counting_semaphore<4> s(0);
    std::thread w([&] { s.release(); });
    if (!s.try_acquire_for(10s))
        std::abort();
    w.join();
    asio::io_context c;
    tcp::resolver r(c);
    r.async_resolve("db.example", "80", [&](auto ec, auto res) {
        note(ec.value());
        for (auto& e : res)
            std::cout << e.endpoint() << "\n";
    });
    asio::steady_timer tm(c, 1h);
    tm.async_wait([&](auto) { note(1); });
    c.run();
    auto f = std::async(std::launch::async, [] {
        std::this_thread::sleep_for(1h);
        return 3;
    });
    if (f.wait_for(30min) != std::future_status::timeout)
        std::abort();
    note(f.get());
    asio::thread_pool pool(4);
    auto fu = asio::post(pool, asio::use_future([] { return 5; }));
    note(fu.get());
    pool.join();
    return 1;
}
