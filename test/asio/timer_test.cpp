// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Timers on every clock behave as Boost.Asio documents.

#define BOOST_TEST_MODULE asio_timer
#include "watched.hpp"

#include <boost/asio/deadline_timer.hpp>
#include <boost/asio/high_resolution_timer.hpp>
#include <boost/mpl/list.hpp>
#include <deque>
#include <numeric>
#include <optional>
#include <random>
#include <vector>

using namespace asio_test;
namespace error = asio::error;

using clocks = boost::mpl::list<asio::steady_timer, asio::system_timer>;
static_assert(std::is_same_v<asio::high_resolution_timer, asio::steady_timer> ||
              std::is_same_v<asio::high_resolution_timer, asio::system_timer>);

namespace {

/// A clock that stands still until it is set.
struct manual_clock {
    using duration = std::chrono::milliseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<manual_clock>;
    [[maybe_unused]] static constexpr bool is_steady = true;

    static time_point now() noexcept { return time_point(duration(ticks)); }

    static inline std::atomic<rep> ticks = 0;
};

/// Makes Asio check the manual clock every millisecond.
struct manual_traits {
    static std::chrono::milliseconds to_wait_duration(manual_clock::duration d) {
        return std::clamp<std::chrono::milliseconds>(d, 0ms, 1ms);
    }
    static std::chrono::milliseconds to_wait_duration(manual_clock::time_point t) {
        return to_wait_duration(t - manual_clock::now());
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(all_clocks)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_timer_expires_and_not_before_its_time, timer_type, clocks) {
    using clock = typename timer_type::clock_type;
    asio::io_context context;
    timer_type timer(context, 20ms);
    auto const expiry = timer.expiry();
    typename clock::time_point at;
    error_code result = error::fault;
    timer.async_wait([&](error_code ec) {
        at = clock::now();
        result = ec;
    });
    run(context);
    BOOST_TEST(!result);
    BOOST_TEST((at >= expiry));
    BOOST_TEST((at < expiry + deadline));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(timers_expire_in_the_order_of_their_times, timer_type, clocks) {
    asio::io_context context;
    timer_type late(context, 30ms), early(context, 10ms), middle(context, 20ms);
    std::string order;
    late.async_wait([&](error_code) { order += 'c'; });
    early.async_wait([&](error_code) { order += 'a'; });
    middle.async_wait([&](error_code) { order += 'b'; });
    run(context);
    BOOST_TEST(order == "abc");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_time_that_is_over_expires_at_once, timer_type, clocks) {
    asio::io_context context;
    timer_type timer(context, timer_type::clock_type::now() - 1h);
    outcome first, second;
    timer.async_wait(into(first));
    BOOST_TEST(first.calls == 0);
    BOOST_TEST(context.poll() == 1u);
    BOOST_TEST(first.succeeded());
    timer.expires_at((timer_type::time_point::min)());
    timer.async_wait(into(second));
    run(context);
    BOOST_TEST(second.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_timer_at_the_end_of_time_waits_and_harms_nobody, timer_type, clocks) {
    asio::io_context context;
    timer_type endless(context, (timer_type::time_point::max)()), other(context, 5ms);
    outcome never, soon;
    endless.async_wait(into(never));
    other.async_wait(into(soon));
    BOOST_TEST(run_until(context, [&] { return soon.calls > 0; }));
    poll_often(context);
    BOOST_TEST(never.calls == 0);
    endless.cancel();
    run(context);
    BOOST_TEST(never.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_aborts_all_waits_and_counts_them, timer_type, clocks) {
    asio::io_context context;
    timer_type timer(context, 1h);
    outcome a, b, c;
    for (outcome* o : {&a, &b, &c})
        timer.async_wait(into(*o));
    poll_often(context);
    BOOST_TEST(timer.cancel() == 3u);
    BOOST_TEST(timer.cancel() == 0u);
    BOOST_TEST(a.calls + b.calls + c.calls == 0);
    run(context);
    for (outcome const* o : {&a, &b, &c})
        BOOST_TEST(o->aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_one_aborts_the_oldest_wait, timer_type, clocks) {
    asio::io_context context;
    timer_type timer(context, 1h);
    outcome a, b;
    timer.async_wait(into(a));
    timer.async_wait(into(b));
    BOOST_TEST(timer.cancel_one() == 1u);
    poll_often(context);
    BOOST_TEST(a.aborted());
    BOOST_TEST(b.calls == 0);
    BOOST_TEST(timer.cancel_one() == 1u);
    BOOST_TEST(timer.cancel_one() == 0u);
    run(context);
    BOOST_TEST(b.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_new_time_aborts_the_waits_for_the_old_one, timer_type, clocks) {
    asio::io_context context;
    timer_type timer(context, 1h);
    outcome old, fresh;
    timer.async_wait(into(old));
    poll_often(context);
    BOOST_TEST(timer.expires_after(5ms) == 1u);
    timer.async_wait(into(fresh));
    run(context);
    BOOST_TEST(old.aborted());
    BOOST_TEST(fresh.succeeded());
    BOOST_TEST(timer.expires_after(5ms) == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_moved_timer_keeps_its_waits, timer_type, clocks) {
    asio::io_context context;
    timer_type timer(context, 10ms);
    auto const expiry = timer.expiry();
    outcome kept, cancelled;
    timer.async_wait(into(kept));
    timer_type moved(std::move(timer));
    BOOST_TEST((moved.expiry() == expiry));
    run(context);
    BOOST_TEST(kept.succeeded());
    timer_type target(context, 1h);
    target.async_wait(into(cancelled));
    target = std::move(moved);
    run(context);
    BOOST_TEST(cancelled.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_destroyed_timer_aborts_its_waits, timer_type, clocks) {
    asio::io_context context;
    std::optional<timer_type> timer(std::in_place, context, 1h);
    outcome waited;
    timer->async_wait(into(waited));
    poll_often(context);
    timer.reset();
    run(context);
    BOOST_TEST(waited.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_slot_cancels_its_own_wait_alone, timer_type, clocks) {
    asio::io_context context;
    timer_type timer(context, 1h);
    asio::cancellation_signal signal;
    outcome a, b;
    timer.async_wait(into(a));
    timer.async_wait(asio::bind_cancellation_slot(signal.slot(), into(b)));
    poll_often(context);
    signal.emit(asio::cancellation_type::all);
    poll_often(context);
    BOOST_TEST(b.aborted());
    BOOST_TEST(a.calls == 0);
    timer.cancel();
    run(context);
    BOOST_TEST(a.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_new_earliest_timer_of_another_thread_wakes_the_waiter, timer_type, clocks) {
    asio::io_context context;
    timer_type late(context, 1h);
    std::atomic<bool> called = false;
    late.async_wait([](error_code) {});
    background_run const runner(context);
    std::this_thread::sleep_for(moment); // Let the thread enter its wait of an hour.
    timer_type soon(context, 1ms);
    soon.async_wait([&](error_code ec) { called = !ec; });
    BOOST_TEST(eventually([&] { return called.load(); }));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_cancel_from_another_thread_wakes_the_waiter, timer_type, clocks) {
    asio::io_context context;
    timer_type timer(context, 1h);
    std::atomic<bool> aborted = false;
    timer.async_wait([&](error_code ec) { aborted = ec == error::operation_aborted; });
    background_run const runner(context);
    std::this_thread::sleep_for(moment);
    timer.cancel();
    BOOST_TEST(eventually([&] { return aborted.load(); }));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_synchronous_wait_blocks_until_the_time, timer_type, clocks) {
    asio::io_context context;
    timer_type timer(context, 10ms);
    timer.wait();
    BOOST_TEST((timer_type::clock_type::now() >= timer.expiry()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(deadline_timers)

BOOST_AUTO_TEST_CASE(a_deadline_timer_expires_moves_and_is_cancelled) {
    using boost::posix_time::hours;
    using boost::posix_time::milliseconds;
    asio::io_context context;
    asio::deadline_timer soon(context, milliseconds(10)), late(context, hours(1));
    outcome expired, first, second, on_time;
    soon.async_wait(into(expired));
    late.async_wait(into(first));
    late.async_wait(into(second));
    BOOST_TEST(run_until(context, [&] { return expired.calls > 0; }));
    BOOST_TEST(expired.succeeded());
    BOOST_TEST((boost::posix_time::microsec_clock::universal_time() >= soon.expires_at()));
    BOOST_TEST(late.cancel_one() == 1u);
    asio::deadline_timer moved(std::move(late));
    BOOST_TEST(moved.expires_from_now(milliseconds(5)) == 1u);
    moved.async_wait(into(on_time));
    run(context);
    BOOST_TEST(first.aborted());
    BOOST_TEST(second.aborted());
    BOOST_TEST(on_time.succeeded());
}

BOOST_AUTO_TEST_CASE(an_infinite_time_never_comes) {
    asio::io_context context;
    asio::deadline_timer never(context, boost::posix_time::pos_infin);
    asio::deadline_timer soon(context, boost::posix_time::milliseconds(5));
    outcome waits, over;
    never.async_wait(into(waits));
    soon.async_wait(into(over));
    BOOST_TEST(run_until(context, [&] { return over.calls > 0; }));
    poll_often(context);
    BOOST_TEST(waits.calls == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(together)

BOOST_AUTO_TEST_CASE(timers_of_all_clocks_run_in_one_context) {
    asio::io_context context;
    asio::steady_timer steady_one(context, 5ms);
    asio::system_timer system_one(context, 10ms);
    asio::deadline_timer deadline_one(context, boost::posix_time::milliseconds(15));
    outcome a, b, c;
    deadline_one.async_wait(into(c));
    steady_one.async_wait(into(a));
    system_one.async_wait(into(b));
    run(context);
    for (outcome const* o : {&a, &b, &c})
        BOOST_TEST(o->succeeded());
}

BOOST_AUTO_TEST_CASE(a_thousand_timers_expire_in_order) {
    constexpr int count = 1000;
    asio::io_context context;
    std::deque<asio::steady_timer> timers;
    std::vector<int> numbers(count), order;
    std::iota(numbers.begin(), numbers.end(), 0);
    std::shuffle(numbers.begin(), numbers.end(), std::mt19937(1));
    auto const start = steady::now();
    for (int n : numbers)
        timers.emplace_back(context, start + n * 50us).async_wait([&order, n](error_code) {
            order.push_back(n);
        });
    run(context);
    BOOST_TEST(order.size() == count);
    BOOST_TEST(std::ranges::is_sorted(order));
}

BOOST_AUTO_TEST_CASE(waits_for_one_time_end_in_the_order_they_began) {
    asio::io_context context;
    asio::steady_timer timer(context, 5ms);
    std::string order;
    for (char letter : {'a', 'b', 'c'})
        timer.async_wait([&order, letter](error_code) { order += letter; });
    run(context);
    BOOST_TEST(order == "abc");
}

BOOST_AUTO_TEST_CASE(a_timer_that_its_handler_sets_again_keeps_its_pace) {
    asio::io_context context;
    asio::steady_timer timer(context, 1ms);
    auto const start = timer.expiry();
    int ticks = 0;
    std::function<void(error_code)> on_tick = [&](error_code) {
        if (++ticks == 50)
            return;
        timer.expires_at(timer.expiry() + 1ms);
        timer.async_wait(on_tick);
    };
    timer.async_wait(on_tick);
    run(context);
    BOOST_TEST((steady::now() >= start + 49ms));
}

BOOST_AUTO_TEST_CASE(a_timer_cancels_a_read_that_takes_too_long) {
    asio::io_context context;
    auto pair = connect_tcp(context);
    asio::steady_timer timer(context, 10ms);
    char data;
    outcome read;
    pair.first.async_read_some(asio::buffer(&data, 1), into(read));
    timer.async_wait([&](error_code) { pair.first.cancel(); });
    run(context);
    BOOST_TEST(read.aborted());
}

BOOST_AUTO_TEST_CASE(timers_expire_while_sockets_are_always_ready) {
    asio::io_context context;
    auto pair = connect_tcp(context);
    send(pair.second, "never read");
    asio::steady_timer timer(context, 10ms);
    bool expired = false;
    std::function<void(error_code)> again = [&](error_code) {
        if (!expired)
            pair.first.async_wait(tcp::socket::wait_read, again);
    };
    again({});
    timer.async_wait([&](error_code) { expired = true; });
    run(context);
    BOOST_TEST(expired);
}

BOOST_AUTO_TEST_CASE(sockets_are_served_while_timers_always_expire) {
    asio::io_context context;
    auto pair = connect_tcp(context);
    asio::steady_timer timer(context);
    outcome read;
    char data;
    int ticks = 0;
    std::function<void(error_code)> again = [&](error_code) {
        if (read.calls > 0)
            return;
        if (++ticks == 100)
            send(pair.second, "x");
        timer.expires_after(0s);
        timer.async_wait(again);
    };
    pair.first.async_read_some(asio::buffer(&data, 1), into(read));
    again({});
    run(context);
    BOOST_TEST(read.succeeded());
}

BOOST_AUTO_TEST_CASE(timers_run_on_a_clock_of_the_users) {
    asio::io_context context;
    asio::basic_waitable_timer<manual_clock, manual_traits> timer(context);
    timer.expires_after(1h);
    outcome waited;
    timer.async_wait(into(waited));
    context.run_for(5ms);
    BOOST_TEST(waited.calls == 0);
    manual_clock::ticks += manual_clock::duration(1h).count();
    run(context);
    BOOST_TEST(waited.succeeded());
}

BOOST_AUTO_TEST_CASE(timers_are_set_and_cancelled_by_several_threads) {
    asio::io_context context;
    auto const work = asio::make_work_guard(context);
    std::atomic<int> called = 0;
    int const each = rounds(5000);
    auto use_timers = [&] {
        asio::steady_timer timer(context);
        for (int i = 0; i < each; ++i) {
            timer.expires_after(std::chrono::microseconds(i % 7 * 20));
            timer.async_wait([&](error_code) { ++called; });
            if (i % 3 == 0)
                timer.cancel();
        }
    };
    {
        background_run const runner(context);
        std::thread one(use_timers), other(use_timers);
        one.join();
        other.join();
        BOOST_TEST(eventually([&] { return called == 2 * each; }));
    }
}

BOOST_AUTO_TEST_SUITE_END()

// Timers as the selector sees them.
BOOST_AUTO_TEST_SUITE(selector_waits)

BOOST_AUTO_TEST_CASE(a_timer_is_not_early_and_not_late) {
    for (auto const time : {1ms, 25ms, 100ms}) {
        auto least_late = std::chrono::nanoseconds::max();
        for (int i = 0; i < 5 && least_late > 2ms; ++i) {
            asio::io_context context;
            asio::steady_timer timer(context, time);
            auto const expiry = timer.expiry();
            steady::time_point at;
            timer.async_wait([&](error_code) { at = steady::now(); });
            run(context);
            BOOST_TEST((at >= expiry));
            least_late = std::min<std::chrono::nanoseconds>(least_late, at - expiry);
        }
        BOOST_TEST_CONTEXT("a timer of " << time.count() << " ms") {
            BOOST_TEST((least_late < 20ms));
        }
    }
}

namespace {

/// The timeout of the selector's first wait for a timer that expires after @p time.
std::chrono::nanoseconds first_wait(std::chrono::nanoseconds time) {
    watched w;
    asio::steady_timer timer(w.context, time);
    timer.async_wait([](error_code) {});
    background_run const runner(w.context);
    BOOST_TEST(eventually([&] { return w.calls.sleeping.load(); }));
    return w.calls.timeout;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_long_wait_is_cut_a_little_short_and_never_beyond_five_minutes) {
    auto const ten_seconds = first_wait(10s);
    BOOST_TEST((ten_seconds < 9999ms));
    BOOST_TEST((ten_seconds > 9s));
    BOOST_TEST((first_wait(10h) <= 5min));
    BOOST_TEST((first_wait(10h) > 4min));
}

BOOST_AUTO_TEST_CASE(a_timer_takes_few_waits) {
    watched w;
    asio::steady_timer timer(w.context, 200ms);
    timer.async_wait([](error_code) {});
    run(w.context);
    BOOST_TEST(w.calls.waits <= 6);
}

BOOST_AUTO_TEST_CASE(only_a_new_earliest_timer_wakes_the_waiter) {
    watched w;
    asio::steady_timer first(w.context, 1h);
    first.async_wait([](error_code) {});
    background_run const runner(w.context);
    BOOST_TEST(eventually([&] { return w.calls.sleeping.load(); }));
    asio::steady_timer later(w.context, 2h);
    later.async_wait([](error_code) {});
    BOOST_TEST(w.calls.wakeups == 0);
    std::atomic<bool> expired = false;
    asio::steady_timer earlier(w.context, 1ms);
    earlier.async_wait([&](error_code) { expired = true; });
    BOOST_TEST(eventually([&] { return expired.load(); }));
    BOOST_TEST(w.calls.wakeups == 1);
}

BOOST_AUTO_TEST_CASE(an_earliest_timer_of_another_thread_is_never_missed) {
    asio::io_context context;
    background_run const runner(context);
    for (int i = 0; i < rounds(3000); ++i) {
        std::atomic<bool> expired = false;
        asio::steady_timer timer(context, std::chrono::microseconds(i % 50));
        timer.async_wait([&](error_code) { expired = true; });
        auto const end = steady::now() + deadline;
        while (!expired && steady::now() < end)
            std::this_thread::yield();
        BOOST_REQUIRE(expired);
    }
}

BOOST_AUTO_TEST_SUITE_END()
