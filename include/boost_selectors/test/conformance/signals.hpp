// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_CONFORMANCE_SIGNALS_HPP
#define BOOST_SELECTORS_TEST_CONFORMANCE_SIGNALS_HPP

#include <boost_selectors/test/posix_support.hpp>
#include <boost_selectors/test/support.hpp>
#include <boost_selectors/test/test_list.hpp>

/// @file
/// Signals that arrive during a wait.

namespace boost_selectors::test::conformance {

inline void ignore_signal(int) {}

inline std::atomic<base_selector*> selector_to_wake = nullptr;
static_assert(std::atomic<base_selector*>::is_always_lock_free);

inline void wake_selector(int) {
    if (base_selector* const selector = selector_to_wake)
        selector->wakeup();
}

inline void signals_do_not_change_the_length_of_a_wait(selector_factory const& make) {
    constexpr auto timeout = 100ms;
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    signal_handler const handler(SIGUSR1, &ignore_signal);
    signal_storm const storm(::pthread_self(), SIGUSR1);
    for (int i = 0; i < 2; ++i) {
        stopwatch const watch;
        BOOST_TEST(selector->select(timeout).empty());
        BOOST_TEST((watch.elapsed() >= timeout));
        BOOST_TEST(watch.no_time());
    }
}

inline void signals_do_not_end_a_wait_without_a_timeout(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    signal_handler const handler(SIGUSR1, &ignore_signal);
    background_select wait(*selector);
    signal_storm const storm(wait.thread().native_handle(), SIGUSR1);
    std::this_thread::sleep_for(moment);
    BOOST_TEST(!wait.ended());
    send(pair.second, "x");
    BOOST_TEST(wait.ends());
    BOOST_TEST(!wait.error());
    BOOST_TEST(events_of(wait.list(), pair.first) == event::read);
}

inline void signals_do_not_hide_events(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    signal_handler const handler(SIGUSR1, &ignore_signal);
    signal_storm const storm(::pthread_self(), SIGUSR1);
    for (int i = 0; i < 50; ++i) {
        send(pair.second, "x");
        BOOST_TEST(events_of(selector->select(deadline), pair.first) == event::read);
        drain(pair.first);
        BOOST_TEST(selector->select(1ms).empty());
    }
}

inline void a_signal_handler_that_calls_wakeup_ends_the_wait(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    selector_to_wake = selector.get();
    {
        signal_handler const handler(SIGUSR1, &wake_selector);
        signal_storm const storm(::pthread_self(), SIGUSR1);
        for (int i = 0; i < 5; ++i)
            BOOST_TEST(woken(*selector));
    }
    selector_to_wake = nullptr;
}

inline void a_signal_handler_may_wake_the_wait_of_another_thread(selector_factory const& make) {
    auto const selector = make();
    selector_to_wake = selector.get();
    {
        signal_handler const handler(SIGUSR1, &wake_selector);
        background_select wait(*selector);
        BOOST_TEST(!wait.ended());
        ::raise(SIGUSR1);
        BOOST_TEST(wait.ends());
        BOOST_TEST(wait.list().empty());
        BOOST_TEST(!wait.error());
    }
    selector_to_wake = nullptr;
}

inline void add_signal_tests(test_list& tests) {
    tests.begin("signals");
    BOOST_SELECTORS_TEST(tests, signals_do_not_change_the_length_of_a_wait);
    BOOST_SELECTORS_TEST(tests, signals_do_not_end_a_wait_without_a_timeout);
    BOOST_SELECTORS_TEST(tests, signals_do_not_hide_events);
    BOOST_SELECTORS_TEST(tests, a_signal_handler_that_calls_wakeup_ends_the_wait);
    BOOST_SELECTORS_TEST(tests, a_signal_handler_may_wake_the_wait_of_another_thread);
}

} // namespace boost_selectors::test::conformance

#endif
