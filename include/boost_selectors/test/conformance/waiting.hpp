// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_CONFORMANCE_WAITING_HPP
#define BOOST_SELECTORS_TEST_CONFORMANCE_WAITING_HPP

#include <boost_selectors/test/support.hpp>
#include <boost_selectors/test/test_list.hpp>
#include <limits>
#include <ratio>
#include <set>

/// @file
/// How long select() waits, what ends a wait, and how much one call returns.

namespace boost_selectors::test::conformance {

template <class Duration>
void check_does_not_block(base_selector& selector, Duration timeout) {
    stopwatch const watch;
    BOOST_TEST(selector.select(timeout).empty());
    BOOST_TEST(watch.no_time());
}

inline void zero_and_negative_timeouts_do_not_block(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    constexpr double infinity = std::numeric_limits<double>::infinity();
    check_does_not_block(*selector, 0ns);
    check_does_not_block(*selector, -1ns);
    check_does_not_block(*selector, -1h);
    check_does_not_block(*selector, std::chrono::hours::min());
    check_does_not_block(*selector, std::chrono::nanoseconds::min());
    check_does_not_block(*selector, std::chrono::duration<double>(0.0));
    check_does_not_block(*selector, std::chrono::duration<double>(-2.5));
    check_does_not_block(*selector, std::chrono::duration<double>(-infinity));
}

inline void a_timeout_that_is_no_number_does_not_block(selector_factory const& make) {
    auto const selector = make();
    check_does_not_block(
        *selector, std::chrono::duration<double>(std::numeric_limits<double>::quiet_NaN()));
    check_does_not_block(
        *selector, std::chrono::duration<float>(std::numeric_limits<float>::quiet_NaN()));
}

inline void what_is_ready_is_found_without_waiting(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::write);
    stopwatch const watch;
    BOOST_TEST(selector->select(0ms).size() == 1u);
    BOOST_TEST(selector->select(-1s).size() == 1u);
    BOOST_TEST(selector->select(1h).size() == 1u);
    BOOST_TEST(selector->select().size() == 1u);
    BOOST_TEST(watch.no_time());
}

template <class Duration>
void check_lasts(base_selector& selector, Duration timeout) {
    stopwatch const watch;
    BOOST_TEST(selector.select(timeout).empty());
    auto const elapsed = watch.elapsed();
    BOOST_TEST((elapsed >= timeout), "only " << elapsed.count() << " ns");
    BOOST_TEST(watch.no_time());
}

inline void a_timeout_never_ends_early(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    check_lasts(*selector, 1ns);
    check_lasts(*selector, 999ns);
    check_lasts(*selector, 1001us);
    check_lasts(*selector, 1'999'999ns);
    check_lasts(*selector, 100ms);
    check_lasts(*selector, std::chrono::duration<double>(0.0123456789));
    check_lasts(*selector, std::chrono::duration<float>(0.01f));
    check_lasts(*selector, std::chrono::duration<int, std::ratio<1, 60>>(1));
    check_lasts(*selector, std::chrono::duration<long, std::ratio<1, 3'000'000'000>>(7));
}

inline void many_short_timeouts_never_end_early(selector_factory const& make) {
    auto const selector = make();
    for (std::chrono::nanoseconds timeout = 1ns; timeout < 3ms; timeout = timeout * 3 / 2 + 1ns) {
        stopwatch const watch;
        selector->select(timeout);
        BOOST_REQUIRE((watch.elapsed() >= timeout));
    }
}

inline void a_wait_with_nothing_registered_times_out(selector_factory const& make) {
    auto const selector = make();
    check_lasts(*selector, 20ms);
    check_does_not_block(*selector, 0ms);
}

template <class Duration>
void check_waits_forever(base_selector& selector, Duration timeout) {
    background_select wait(selector, timeout);
    BOOST_TEST(!wait.ended());
    selector.wakeup();
    BOOST_TEST(wait.ends());
    BOOST_TEST(wait.list().empty());
    BOOST_TEST(!wait.error());
}

inline void huge_timeouts_wait_until_something_happens(selector_factory const& make) {
    auto const selector = make();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    check_waits_forever(*selector, std::chrono::nanoseconds::max());
    check_waits_forever(*selector, std::chrono::nanoseconds::max() - 1ns);
    check_waits_forever(*selector, std::chrono::milliseconds::max());
    check_waits_forever(*selector, std::chrono::hours::max());
    check_waits_forever(*selector, std::chrono::hours(24 * 365 * 291));
    check_waits_forever(*selector, std::chrono::hours(24 * 365 * 100)); // Seconds overflow an int.
    check_waits_forever(*selector, std::chrono::hours(24 * 60)); // Milliseconds overflow an int.
    check_waits_forever(*selector, std::chrono::duration<double>(infinity));
    check_waits_forever(*selector, std::chrono::duration<double>(1e300));
    check_waits_forever(*selector, std::chrono::duration<float>::max());
}

inline void select_without_a_timeout_waits_for_an_event(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    background_select wait(*selector);
    BOOST_TEST(!wait.ended());
    send(pair.second, "x");
    BOOST_TEST(wait.ends());
    BOOST_TEST(events_of(wait.list(), pair.first) == event::read);
}

inline void an_event_ends_a_wait_with_a_timeout(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    background_select wait(*selector, 1h);
    send(pair.second, "x");
    BOOST_TEST(wait.ends());
    BOOST_TEST(events_of(wait.list(), pair.first) == event::read);
}

inline void a_wakeup_ends_the_next_wait(selector_factory const& make) {
    auto const selector = make();
    for (int i = 0; i < 3; ++i) {
        selector->wakeup();
        BOOST_TEST(woken(*selector));
    }
    selector->wakeup();
    background_select wait(*selector);
    BOOST_TEST(wait.ends());
    BOOST_TEST(wait.list().empty());
    BOOST_TEST(!wait.error());
}

inline void wakeups_before_a_wait_count_as_one(selector_factory const& make) {
    auto const selector = make();
    for (int i = 0; i < 1000; ++i)
        selector->wakeup();
    BOOST_TEST(woken(*selector));
    check_lasts(*selector, 20ms);
}

inline void a_wakeup_does_not_hide_ready_handles(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    send(pair.second, "x");
    selector->wakeup();
    // The first list may lack the event, but then the next one must contain it.
    auto list = selector->select(deadline);
    if (list.empty())
        list = selector->select(deadline);
    BOOST_TEST(events_of(list, pair.first) == event::read);
    BOOST_TEST(events_of(selector->select(deadline), pair.first) == event::read);
}

inline void a_wakeup_ends_the_wait_of_another_thread(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    for (int i = 0; i < 5; ++i) {
        background_select wait(*selector);
        BOOST_TEST(!wait.ended());
        selector->wakeup();
        BOOST_REQUIRE(wait.ends());
        BOOST_TEST(wait.list().empty());
        BOOST_TEST(!wait.error());
    }
    check_lasts(*selector, 20ms);
}

inline void a_wakeup_after_close_does_nothing(selector_factory const& make) {
    auto const selector = make();
    selector->wakeup();
    selector->close();
    selector->wakeup();
    BOOST_TEST(!selector->is_open());
}

inline void no_events_at_most_is_an_invalid_argument(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::write);
    check_fails(std::errc::invalid_argument, [&](auto&... ec) { selector->select(0ms, 0, ec...); });
    check_fails(std::errc::invalid_argument, [&](auto&... ec) { selector->select(1h, 0, ec...); });
    BOOST_TEST(selector->select(0ms, 1).size() == 1u);
    std::error_code ec;
    BOOST_TEST(selector->select(0ms, 0, ec).empty());
}

/// Checks that from any call on, all ready handles are returned in as few calls as possible.
inline void check_all_have_their_turn(base_selector& selector, std::size_t ready, std::size_t max) {
    std::size_t const calls = (ready + max - 1) / max;
    std::vector<std::set<native_handle_type>> seen;
    for (std::size_t i = 0; i < 5 * calls; ++i) {
        auto const list = selector.select(deadline, max);
        BOOST_TEST(list.size() == std::min(max, ready));
        auto& handles = seen.emplace_back();
        for (ready_event const& r : list)
            handles.insert(r.key.handle);
    }
    for (std::size_t first = 0; first + calls <= seen.size(); ++first) {
        std::set<native_handle_type> all;
        for (std::size_t i = first; i < first + calls; ++i)
            all.insert(seen[i].begin(), seen[i].end());
        BOOST_REQUIRE_MESSAGE(
            all.size() == ready, all.size() << " of " << ready << " by " << max << " at a time");
    }
}

inline void no_handle_starves_when_few_are_returned(selector_factory const& make) {
    auto const selector = make();
    auto const pairs = make_stream_pairs(10);
    for (auto const& pair : pairs)
        selector->register_handle(pair.first, event::write);
    for (std::size_t const max : {1u, 3u, 7u, 10u, 1000u})
        check_all_have_their_turn(*selector, pairs.size(), max);
}

inline void a_busy_handle_does_not_hide_a_new_one(selector_factory const& make) {
    auto const selector = make();
    auto const pairs = make_stream_pairs(4);
    for (auto const& pair : pairs)
        selector->register_handle(pair.first, event::read);
    for (std::size_t i = 0; i < 3; ++i)
        send(pairs[i].second, "x");
    for (int i = 0; i < 5; ++i)
        selector->select(deadline, 1);
    send(pairs[3].second, "x");
    bool seen = false;
    for (int i = 0; i < 4; ++i)
        seen |= events_of(selector->select(deadline, 1), pairs[3].first) == event::read;
    BOOST_TEST(seen);
}

inline void what_was_left_out_and_is_ready_no_longer_is_not_listed(selector_factory const& make) {
    auto const selector = make();
    auto const pairs = make_stream_pairs(4);
    for (auto const& pair : pairs) {
        selector->register_handle(pair.first, event::read);
        send(pair.second, "x");
    }
    BOOST_TEST(selector->select(deadline, 1).size() == 1u);
    for (auto const& pair : pairs)
        drain(pair.first);
    BOOST_TEST(silent(*selector));
}

inline void wakeups_are_no_stale_events(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::write);
    crew others(2, [&](int, std::atomic<int>&) {
        for (int i = 0; i < rounds(5000); ++i)
            selector->wakeup();
    });
    while (others.running())
        selector->select(1ms, 1);
    BOOST_TEST(others.join() == 0);
    BOOST_TEST(selector->get_statistics().stale_events == 0u);
}

inline void add_waiting_tests(test_list& tests) {
    tests.begin("waiting");
    BOOST_SELECTORS_TEST(tests, zero_and_negative_timeouts_do_not_block);
    BOOST_SELECTORS_TEST(tests, a_timeout_that_is_no_number_does_not_block);
    BOOST_SELECTORS_TEST(tests, what_is_ready_is_found_without_waiting);
    BOOST_SELECTORS_TEST(tests, a_timeout_never_ends_early);
    BOOST_SELECTORS_TEST(tests, many_short_timeouts_never_end_early);
    BOOST_SELECTORS_TEST(tests, a_wait_with_nothing_registered_times_out);
    BOOST_SELECTORS_TEST(tests, huge_timeouts_wait_until_something_happens);
    BOOST_SELECTORS_TEST(tests, select_without_a_timeout_waits_for_an_event);
    BOOST_SELECTORS_TEST(tests, an_event_ends_a_wait_with_a_timeout);
    BOOST_SELECTORS_TEST(tests, a_wakeup_ends_the_next_wait);
    BOOST_SELECTORS_TEST(tests, wakeups_before_a_wait_count_as_one);
    BOOST_SELECTORS_TEST(tests, a_wakeup_does_not_hide_ready_handles);
    BOOST_SELECTORS_TEST(tests, a_wakeup_ends_the_wait_of_another_thread);
    BOOST_SELECTORS_TEST(tests, a_wakeup_after_close_does_nothing);
    BOOST_SELECTORS_TEST(tests, no_events_at_most_is_an_invalid_argument);
    BOOST_SELECTORS_TEST(tests, wakeups_are_no_stale_events);
    BOOST_SELECTORS_TEST(tests, no_handle_starves_when_few_are_returned);
    BOOST_SELECTORS_TEST(tests, a_busy_handle_does_not_hide_a_new_one);
    BOOST_SELECTORS_TEST(tests, what_was_left_out_and_is_ready_no_longer_is_not_listed);
}

} // namespace boost_selectors::test::conformance

#endif
