// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Which calls wake a waiting thread, in which order work is done, and what user code may do
// meanwhile.

#define BOOST_TEST_MODULE asio_wake_up
#include "watched.hpp"

#include <functional>
#include <vector>

using namespace asio_test;

BOOST_AUTO_TEST_SUITE(wake_ups)

BOOST_AUTO_TEST_CASE(millions_of_posts_are_all_run) {
    int const each = rounds(1'000'000);
    asio::io_context context;
    std::atomic<int> run_so_far = 0;
    {
        background_run const runner(context);
        auto post_all = [&] {
            for (int i = 0; i < each; ++i)
                asio::post(context, [&] { run_so_far.fetch_add(1, std::memory_order_relaxed); });
        };
        std::thread one(post_all), other(post_all);
        one.join();
        other.join();
        BOOST_TEST(eventually([&] { return run_so_far == 2 * each; }));
    }
}

BOOST_AUTO_TEST_CASE(single_posts_wake_a_sleeping_context_each_time) {
    int const times = rounds(20'000);
    watchdog const guard(30s);
    asio::io_context one, other;
    auto const work = asio::make_work_guard(one);
    auto const other_work = asio::make_work_guard(other);
    int count = 0;
    std::function<void()> ping, pong;
    ping = [&] { asio::post(other, pong); };
    pong = [&] {
        if (++count == times) {
            one.stop();
            other.stop();
        } else {
            asio::post(one, ping);
        }
    };
    asio::post(one, ping);
    std::thread thread([&] { other.run(); });
    one.run();
    thread.join();
    BOOST_TEST(count == times);
}

BOOST_AUTO_TEST_CASE(posts_wake_a_context_that_also_has_sockets_and_timers) {
    int const times = rounds(10'000);
    asio::io_context context;
    auto pair = connect_tcp(context);
    char data;
    asio::steady_timer timer(context, 1h);
    pair.first.async_read_some(asio::buffer(&data, 1), [](error_code, std::size_t) {});
    timer.async_wait([](error_code) {});
    std::atomic<int> done = 0;
    background_run const runner(context);
    for (int i = 0; i < times; ++i) {
        asio::post(context, [&] { ++done; });
        while (done <= i)
            std::this_thread::yield();
    }
    BOOST_TEST(done == times);
}

BOOST_AUTO_TEST_CASE(operations_started_by_another_thread_take_effect_in_the_wait_under_way) {
    int const times = rounds(3000);
    asio::io_context context, other;
    auto pair = connect_tcp(context, other);
    background_run const runner(context);
    std::atomic<int> done = 0;
    for (int i = 0; i < times; ++i) {
        char data;
        pair.first.async_read_some(
            asio::buffer(&data, 1), [&](error_code, std::size_t) { ++done; });
        send(pair.second, "x");
        while (done <= i)
            std::this_thread::yield();
    }
    BOOST_TEST(done == times);
}

BOOST_AUTO_TEST_CASE(stop_ends_a_sleep_each_time) {
    watchdog const guard;
    asio::io_context context;
    auto const work = asio::make_work_guard(context);
    for (int i = 0; i < rounds(2000); ++i) {
        context.restart();
        std::thread thread([&] { context.run(); });
        if (i % 2)
            std::this_thread::yield();
        context.stop();
        thread.join();
    }
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_CASE(nobody_is_woken_who_does_not_sleep) {
    watched_pair w;
    int posts = 0;
    std::function<void()> again = [&] {
        if (++posts < 1000)
            asio::post(w.context, again);
    };
    for (int i = 0; i < 100; ++i)
        asio::post(w.context, again);
    outcome read;
    w.socket.async_read_some(asio::buffer(w.data), into(read));
    send(w.peer, "x");
    asio::steady_timer timer(w.context, 1ms);
    outcome waited;
    timer.async_wait(into(waited));
    run(w.context);
    BOOST_TEST(waited.succeeded());
    BOOST_TEST(w.calls.wakeups == 0);
}

BOOST_AUTO_TEST_CASE(a_sleeper_is_woken_once_for_many_posts) {
    watched w;
    asio::steady_timer timer(w.context, 1h); // A context without I/O objects makes no selector.
    timer.async_wait([](error_code) {});
    background_run const runner(w.context);
    BOOST_TEST(eventually([&] { return w.calls.sleeping.load(); }));
    std::atomic<bool> release = false;
    std::atomic<int> done = 0;
    asio::post(w.context, [&] {
        while (!release)
            std::this_thread::yield();
    });
    for (int i = 0; i < 1000; ++i)
        asio::post(w.context, [&] { ++done; });
    release = true;
    BOOST_TEST(eventually([&] { return done == 1000; }));
    BOOST_TEST(w.calls.wakeups <= 2);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(turns)

BOOST_AUTO_TEST_CASE(a_pass_handles_a_part_of_what_is_ready_and_starves_nobody) {
    constexpr std::size_t count = 300;
    watched w;
    std::vector<socket_pair<local_stream>> pairs;
    std::vector<outcome> read(count);
    char data;
    for (std::size_t i = 0; i < count; ++i) {
        pairs.push_back(connect_local(w.context));
        pairs[i].first.async_read_some(asio::buffer(&data, 1), into(read[i]));
    }
    for (auto& pair : pairs)
        send(pair.second, "x");
    run(w.context);
    BOOST_TEST(std::ranges::all_of(read, &outcome::succeeded));
    BOOST_TEST(w.calls.most_events < count);
}

BOOST_AUTO_TEST_CASE(sockets_have_their_turn_while_handlers_are_always_ready) {
    for (bool const by_one : {false, true}) {
        watched_pair w;
        outcome read;
        w.socket.async_read_some(asio::buffer(w.data), into(read));
        send(w.peer, "x");
        BOOST_TEST(readable(w.socket.native_handle()));
        int handlers = 0;
        std::function<void()> again = [&] {
            if (++handlers < 1000 && read.calls == 0)
                asio::post(w.context, again);
        };
        asio::post(w.context, again);
        while (read.calls == 0 && handlers < 1000) {
            if (by_one)
                w.context.poll_one();
            else
                w.context.poll();
        }
        BOOST_TEST(read.succeeded());
        BOOST_TEST(handlers <= 4);
    }
}

BOOST_AUTO_TEST_CASE(a_flooding_connection_does_not_keep_a_quiet_one_waiting) {
    asio::io_context context;
    auto flood = connect_tcp(context), quiet = connect_tcp(context);
    flood.second.non_blocking(true);
    std::string const data(65536, 'x');
    std::string in(1024, ' ');
    auto const refill = [&] {
        error_code ec;
        flood.second.write_some(asio::buffer(data), ec);
    };
    int passes = 0, asked_at = 0, longest = 0, replies = 0;
    char byte;
    std::function<void(error_code, std::size_t)> on_flood = [&](error_code ec, std::size_t) {
        BOOST_REQUIRE(!ec);
        if (++passes % 50 == 0) {
            asked_at = passes;
            send(quiet.second, "?");
        }
        refill();
        if (replies < 20)
            flood.first.async_read_some(asio::buffer(in), on_flood);
    };
    std::function<void(error_code, std::size_t)> on_quiet = [&](error_code ec, std::size_t) {
        BOOST_REQUIRE(!ec);
        longest = std::max(longest, passes - asked_at);
        if (++replies < 20)
            quiet.first.async_read_some(asio::buffer(&byte, 1), on_quiet);
    };
    refill();
    flood.first.async_read_some(asio::buffer(in), on_flood);
    quiet.first.async_read_some(asio::buffer(&byte, 1), on_quiet);
    BOOST_TEST(run_until(context, [&] { return replies == 20; }));
    BOOST_TEST(longest <= 10); // Loopback itself has a delay, especially under Wine.
}

BOOST_AUTO_TEST_CASE(every_poll_of_an_idle_context_asks_the_selector) {
    watched w;
    auto const work = asio::make_work_guard(w.context);
    for (int i = 1; i <= 10; ++i) {
        BOOST_TEST(w.context.poll() == 0u);
        // A context without I/O objects has not created the reactor yet.
        BOOST_TEST((w.calls.waits == 0 || w.calls.waits >= i));
    }
    asio::steady_timer timer(w.context, 1h);
    timer.async_wait([](error_code) {});
    w.calls.waits = 0;
    for (int i = 1; i <= 10; ++i) {
        w.context.poll_one();
        BOOST_TEST(w.calls.waits >= i);
    }
}

BOOST_AUTO_TEST_SUITE_END()
