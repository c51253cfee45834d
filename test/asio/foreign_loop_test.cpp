// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A context is served by another event loop, which uses only the context's descriptor and its next
// deadline.

#define BOOST_TEST_MODULE asio_foreign_loop
#include "support.hpp"

#include <boost_selectors/asio.hpp>
#include <poll.h>

#if defined(__linux__)
#    include <sys/epoll.h>
#endif

using namespace asio_test;
using boost::unit_test::precondition;
using boost_selectors::selector_context;

namespace {

/// The time until @p deadline in milliseconds, rounded up: a timeout for poll(2).
int milliseconds_until(std::optional<steady::time_point> deadline) {
    if (!deadline)
        return -1;
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - steady::now());
    return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, 10'000));
}

/// Event loops that are not Asio's. wait() returns whether the descriptor is readable.

struct poll_loop {
    explicit poll_loop(int watched)
        : entry{watched, POLLIN, 0} {}

    bool wait(int timeout) { return ::poll(&entry, 1, timeout) == 1; }

    ::pollfd entry;
};

#if defined(__linux__)

struct epoll_loop {
    explicit epoll_loop(int watched)
        : set(::epoll_create1(EPOLL_CLOEXEC)) {
        ::epoll_event wanted{EPOLLIN, {}};
        if (set == -1 || ::epoll_ctl(set, EPOLL_CTL_ADD, watched, &wanted) == -1)
            throw std::system_error(errno, std::system_category(), "epoll");
    }

    ~epoll_loop() { ::close(set); }

    epoll_loop(epoll_loop const&) = delete;
    epoll_loop& operator=(epoll_loop const&) = delete;

    bool wait(int timeout) {
        ::epoll_event found;
        return ::epoll_wait(set, &found, 1, timeout) == 1;
    }

    int const set;
};

using loops = std::tuple<poll_loop, epoll_loop>;

#else

using loops = std::tuple<poll_loop>;

#endif

/// A context that such a loop serves.
struct guest {
    template <class Loop>
    bool run_until(Loop& loop, std::function<bool()> const& condition) {
        auto const end = steady::now() + deadline;
        for (;;) {
            while (context.poll() != 0) {
            }
            if (condition())
                return true;
            if (steady::now() > end)
                return false;
            ++waits;
            loop.wait(milliseconds_until(context.next_deadline()));
        }
    }

    selector_context context;
    asio::executor_work_guard<selector_context::executor_type> work{context.get_executor()};
    watchdog guard;
    int waits = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(foreign_loop)

BOOST_AUTO_TEST_CASE(a_selector_without_a_handle_says_so) {
    selector_context context;
    if (context.selector().get_capabilities().pollable) {
        BOOST_TEST(context.native_handle() == context.native_handle());
        return;
    }
    BOOST_CHECK_EXCEPTION(context.native_handle(), std::system_error,
        [](auto const& e) { return e.code() == std::errc::operation_not_supported; });
}

BOOST_AUTO_TEST_CASE(the_deadline_is_the_earliest_timers) {
    selector_context context;
    BOOST_TEST(!context.next_deadline().has_value());
    asio::steady_timer late(context, 1h), early(context, 10s);
    late.async_wait([](error_code) {});
    early.async_wait([](error_code) {});
    auto const in_ten_seconds = early.expiry();
    BOOST_REQUIRE(context.next_deadline().has_value());
    BOOST_TEST((*context.next_deadline() <= in_ten_seconds + 1ms));
    BOOST_TEST((*context.next_deadline() > in_ten_seconds - 1s));
    early.expires_after(0s);
    early.async_wait([](error_code) {});
    auto const at_once = context.next_deadline();
    BOOST_TEST((*at_once <= steady::now()));
    late.cancel();
    early.cancel();
    BOOST_TEST(!context.next_deadline().has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(served_by_another_loop, *precondition(is_pollable))

BOOST_AUTO_TEST_CASE_TEMPLATE(connections_are_served, Loop, loops) {
    guest g;
    Loop loop(g.context.native_handle());
    asio::io_context elsewhere;
    constexpr int connections = 10, trips = 100;
    std::vector<socket_pair<tcp>> pairs;
    std::vector<std::array<char, 16>> data(connections);
    for (int i = 0; i < connections; ++i)
        pairs.push_back(connect_tcp(g.context, elsewhere));
    int ended = 0;
    std::function<void(std::size_t)> const serve = [&](std::size_t i) {
        pairs[i].first.async_read_some(asio::buffer(data[i]), [&, i](error_code ec, std::size_t n) {
            if (ec)
                return void(++ended);
            asio::async_write(pairs[i].first, asio::buffer(data[i], n),
                [&, i](error_code, std::size_t) { serve(i); });
        });
    };
    for (std::size_t i = 0; i < connections; ++i)
        serve(i);
    int good = 0;
    std::thread clients([&] {
        for (int trip = 0; trip < trips; ++trip)
            for (auto& pair : pairs) {
                char answer = 0;
                send(pair.second, "x");
                asio::read(pair.second, asio::buffer(&answer, 1));
                good += answer == 'x';
            }
        for (auto& pair : pairs)
            pair.second.close();
    });
    BOOST_TEST(g.run_until(loop, [&] { return ended == connections; }));
    clients.join();
    BOOST_TEST(good == connections * trips);
    BOOST_TEST(g.waits < 3 * connections * trips); // The loop slept between events.
}

BOOST_AUTO_TEST_CASE_TEMPLATE(timers_expire, Loop, loops) {
    guest g;
    Loop loop(g.context.native_handle());
    asio::steady_timer timer(g.context);
    int ticks = 0;
    bool early = false;
    std::function<void()> const tick = [&] {
        timer.expires_after(2ms);
        timer.async_wait([&](error_code ec) {
            early |= steady::now() < timer.expiry();
            if (!ec && ++ticks < 20)
                tick();
        });
    };
    tick();
    BOOST_TEST(g.run_until(loop, [&] { return ticks == 20; }));
    BOOST_TEST(!early);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(another_threads_work_comes_by_a_wakeup, Loop, loops) {
    guest g;
    Loop loop(g.context.native_handle());
    asio::steady_timer timer(g.context);
    int posts = 0;
    bool expired = false;
    std::thread other([&] {
        for (int i = 0; i < 100; ++i) {
            asio::post(g.context, [&] { ++posts; });
            g.context.wakeup();
        }
        asio::post(g.context, [&] {
            timer.expires_after(1ms);
            timer.async_wait([&](error_code) { expired = true; });
        });
        g.context.wakeup();
    });
    BOOST_TEST(g.run_until(loop, [&] { return posts == 100 && expired; }));
    other.join();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_wakeup_counts_once, Loop, loops) {
    guest g;
    Loop loop(g.context.native_handle());
    BOOST_TEST(!loop.wait(0));
    g.context.wakeup();
    g.context.wakeup();
    BOOST_TEST(loop.wait(static_cast<int>(deadline.count()) * 1000));
    g.context.poll();
    BOOST_TEST(!loop.wait(0));
}

// Readiness that no operation waits for must not keep the outer loop from sleeping.
BOOST_AUTO_TEST_CASE_TEMPLATE(unwanted_readiness_goes_away, Loop, loops) {
    guest g;
    Loop loop(g.context.native_handle());
    auto pair = connect_tcp(g.context);
    char data;
    outcome read;
    pair.first.async_read_some(asio::buffer(&data, 1), into(read));
    poll_often(g.context);
    BOOST_TEST(!loop.wait(0));
    send(pair.second, "many more bytes than one");
    BOOST_TEST(loop.wait(static_cast<int>(deadline.count()) * 1000));
    poll_often(g.context);
    BOOST_TEST(read.succeeded());
    BOOST_TEST(!loop.wait(0));
}

BOOST_AUTO_TEST_SUITE_END()
