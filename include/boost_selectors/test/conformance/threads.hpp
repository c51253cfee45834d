// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_CONFORMANCE_THREADS_HPP
#define BOOST_SELECTORS_TEST_CONFORMANCE_THREADS_HPP

#include <boost_selectors/test/support.hpp>
#include <boost_selectors/test/test_list.hpp>
#include <cerrno>
#include <exception>
#include <functional>
#include <random>

/// @file
/// One thread calls select(). Every other function may be called from any thread at any time. Only
/// the first thread uses Boost.Test; the others count their failures.

namespace boost_selectors::test::conformance {

inline void a_handle_registered_during_a_wait_ends_it(selector_factory const& make) {
    auto const selector = make();
    auto const idle = make_stream_pair();
    auto const pair = make_stream_pair();
    selector->register_handle(idle.first, event::read);
    background_select wait(*selector);
    BOOST_TEST(!wait.ended());
    selector_key const key = selector->register_handle(pair.first, event::read);
    send(pair.second, "x");
    BOOST_TEST(wait.ends());
    BOOST_REQUIRE(wait.list().size() == 1u);
    BOOST_TEST(wait.list()[0].key == key);
}

inline void a_ready_handle_registered_during_a_wait_ends_it(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    background_select wait(*selector);
    BOOST_TEST(!wait.ended());
    selector->register_handle(pair.first, event::write);
    BOOST_TEST(wait.ends());
    BOOST_TEST(events_of(wait.list(), pair.first) == event::write);
}

inline void a_handle_modified_during_a_wait_ends_it(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    background_select wait(*selector);
    BOOST_TEST(!wait.ended());
    selector_key const key = selector->modify(pair.first, event::write);
    BOOST_TEST(wait.ends());
    BOOST_REQUIRE(wait.list().size() == 1u);
    BOOST_TEST(wait.list()[0].key == key);
    BOOST_TEST(wait.list()[0].events == event::write);
}

inline void what_is_no_longer_wanted_does_not_end_a_wait(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    fill(pair.first);
    selector->register_handle(pair.first, event::read | event::write);
    background_select wait(*selector);
    selector->modify(pair.first, event::read);
    drain(pair.second);
    std::this_thread::sleep_for(moment);
    BOOST_TEST(!wait.ended());
    send(pair.second, "x");
    BOOST_TEST(wait.ends());
    BOOST_TEST(events_of(wait.list(), pair.first) == event::read);
}

inline void a_handle_unregistered_during_a_wait_is_silent(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    auto const other = make_stream_pair();
    selector_key const key = selector->register_handle(pair.first, event::read);
    selector->register_handle(other.first, event::read);
    background_select wait(*selector);
    BOOST_TEST(selector->unregister(pair.first) == key);
    send(pair.second, "x");
    std::this_thread::sleep_for(moment);
    BOOST_TEST(!wait.ended());
    send(other.second, "x");
    BOOST_TEST(wait.ends());
    BOOST_TEST(wait.list().size() == 1u);
    BOOST_TEST(events_of(wait.list(), other.first) == event::read);
}

inline void a_close_after_unregister_reaches_the_peer_during_a_wait(selector_factory const& make) {
    for (bool const tcp : {false, true}) {
        auto const selector = make();
        auto pair = tcp ? make_tcp_pair() : make_stream_pair();
        auto const other = make_stream_pair();
        selector->register_handle(pair.first, event::read);
        selector->register_handle(other.first, event::read);
        background_select wait(*selector);
        BOOST_TEST(!wait.ended());
        selector->unregister(pair.first);
        pair.first.close();
        BOOST_TEST(eventually([&] { return at_end(pair.second); }));
        BOOST_TEST(!wait.ended());
        send(other.second, "x");
        BOOST_TEST(wait.ends());
        BOOST_TEST(!wait.error());
    }
}

inline void changes_during_a_wait_do_not_change_its_length(selector_factory const& make) {
    constexpr auto timeout = 100ms;
    auto const selector = make();
    auto const pair = make_stream_pair();
    background_select wait(*selector, timeout);
    stopwatch const watch;
    while (!wait.ended() && watch.elapsed() < deadline) {
        selector->register_handle(pair.first, event::read);
        selector->unregister(pair.first);
        std::this_thread::sleep_for(500us);
    }
    BOOST_TEST(wait.ends());
    BOOST_TEST(wait.list().empty());
    BOOST_TEST(!wait.error());
    BOOST_TEST((wait.duration() >= timeout));
    BOOST_TEST((wait.duration() < deadline / 2));
}

inline void lookups_do_not_wait_for_a_wait(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector_key const key = selector->register_handle(pair.first, event::read);
    background_select wait(*selector);
    BOOST_TEST(selector->get_key(pair.first) == key);
    BOOST_TEST(selector->find(pair.first).value() == key);
    BOOST_TEST(selector->get_map().size() == 1u);
    BOOST_TEST((*selector->get_map().begin() == key));
    BOOST_TEST(selector->is_open());
    BOOST_TEST(!wait.ended());
}

inline void close_ends_the_wait_of_another_thread(selector_factory const& make) {
    for (bool const limited : {false, true}) {
        auto const selector = make();
        auto const pair = make_stream_pair();
        selector->register_handle(pair.first, event::read);
        background_select wait(*selector, limited ? 1h : std::chrono::hours::max());
        BOOST_TEST(!wait.ended());
        selector->close();
        BOOST_TEST(wait.ends());
        BOOST_TEST(wait.error() == error::closed);
        BOOST_TEST(wait.list().empty());
        check_fails(error::closed, [&](auto&... ec) { selector->select(0ms, ec...); });
        BOOST_TEST(!selector->find(pair.first));
    }
}

inline void only_one_thread_can_select(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    background_select wait(*selector);
    BOOST_TEST(eventually([&] {
        std::error_code ec;
        selector->select(0ms, ec);
        return ec == error::already_selecting;
    }));
    for (int i = 0; i < 10; ++i) {
        check_fails(error::already_selecting, [&](auto&... ec) { selector->select(0ms, ec...); });
        check_fails(error::already_selecting, [&](auto&... ec) { selector->select(ec...); });
    }
    BOOST_TEST(!wait.ended());
    send(pair.second, "x");
    BOOST_TEST(wait.ends());
    BOOST_TEST(!wait.error());
    BOOST_TEST(events_of(wait.list(), pair.first) == event::read);
    BOOST_TEST(events_of(selector->select(deadline), pair.first) == event::read);
}

inline void threads_can_take_turns_in_selecting(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    send(pair.second, "x");
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(events_of(selector->select(deadline), pair.first) == event::read);
        background_select wait(*selector);
        BOOST_TEST(wait.ends());
        BOOST_TEST(events_of(wait.list(), pair.first) == event::read);
    }
}

inline void the_list_is_not_touched_by_other_threads(selector_factory const& make) {
    auto const selector = make();
    auto const pairs = make_stream_pairs(3);
    for (auto const& pair : pairs)
        selector->register_handle(pair.first, event::write);
    auto const list = selector->select(deadline);
    crew other(1, [&](int, std::atomic<int>&) {
        selector->unregister(pairs[0].first);
        selector->modify(pairs[1].first, event::read);
    });
    for (auto const& pair : pairs)
        BOOST_TEST(events_of(list, pair.first) == event::write);
    BOOST_TEST(other.join() == 0);
    BOOST_TEST(list.size() == 3u);
    for (auto const& pair : pairs)
        BOOST_TEST(events_of(list, pair.first) == event::write);
    BOOST_TEST(selector->select(deadline).size() == 1u);
}

inline void a_wakeup_keeps_errno(selector_factory const& make) {
    auto const selector = make();
    background_select wait(*selector);
    errno = ERANGE;
    selector->wakeup(); // A thread sleeps, so it reaches the backend.
    BOOST_TEST(errno == ERANGE);
    BOOST_TEST(wait.ends());
}

/// A lost wake-up would block this test until the deadline.
inline void no_wakeup_is_lost_and_none_is_seen_twice(selector_factory const& make) {
    int const n = rounds(100'000);
    auto const selector = make();
    std::atomic<int> seen = 0;
    int message = 0; // Not atomic: wakeup() must synchronize it.
    crew other(1, [&](int, std::atomic<int>& failures) {
        for (int i = 1; i <= n; ++i) {
            message = i;
            selector->wakeup();
            while (seen.load() < i)
                std::this_thread::yield();
            if (seen != i)
                ++failures;
        }
    });
    stopwatch watch;
    for (int i = 1; i <= n; ++i) {
        bool const empty = selector->select(deadline).empty();
        bool const right = message == i && watch.no_time();
        watch = stopwatch();
        seen = i;
        if (!empty || !right) {
            seen = n; // Ends the other thread.
            BOOST_ERROR("wake-up " << i);
            return;
        }
    }
    BOOST_TEST(other.join() == 0);
    BOOST_TEST(silent(*selector));
}

inline void wakeups_may_come_from_many_threads(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    crew others(3, [&](int, std::atomic<int>&) {
        for (int i = 0; i < rounds(10'000); ++i)
            selector->wakeup();
    });
    while (others.running())
        selector->select(1ms);
    BOOST_TEST(others.join() == 0);
    selector->select(0ms); // Takes a wake-up that is still pending.
    BOOST_TEST(silent(*selector));
    selector->wakeup();
    BOOST_TEST(woken(*selector));
}

inline void wakeup_may_race_with_close(selector_factory const& make) {
    for (int i = 0; i < rounds(100); ++i) {
        auto const selector = make();
        crew others(2, [&](int, std::atomic<int>&) {
            for (int n = 0; n < 200; ++n)
                selector->wakeup();
        });
        selector->select(1ms);
        selector->close();
        BOOST_TEST(others.join() == 0);
    }
}

/// Registers, modifies and unregisters its own streams. All calls must succeed.
inline void change_registrations(
    base_selector& selector, int worker, int& data, std::atomic<int>& failures) {
    std::minstd_rand random(static_cast<unsigned>(worker) + 1);
    for (int i = 0; i < rounds(300); ++i) {
        auto pair = make_stream_pair();
        selector.register_handle(pair.first, event::read, &data);
        if (random() % 2 == 0)
            send(pair.second, "x");
        if (random() % 2 == 0)
            selector.modify(pair.first, event::read | event::write);
        if (random() % 4 == 0)
            std::this_thread::yield();
        selector_key const key = selector.unregister(pair.first);
        failures += key.data != &data || key.handle != pair.first.native_handle();
        drain(pair.first); // Otherwise the close would be a reset.
        pair.first.close();
        failures += !ready_by_system(pair.second.native_handle(), event::read);
        failures += !at_end(pair.second);
    }
}

inline void registrations_may_change_in_many_threads_during_waits(selector_factory const& make) {
    auto const selector = make();
    int data[3] = {};
    crew others(3, [&](int i, std::atomic<int>& failures) {
        change_registrations(*selector, i, data[i], failures);
        selector->wakeup();
    });
    int strangers = 0;
    std::error_code ec;
    while (others.running() && !ec)
        for (ready_event const& ready : selector->select(10ms, ec))
            strangers += ready.key.data < &data[0] || ready.key.data > &data[2];
    BOOST_TEST(!ec, ec.message());
    BOOST_TEST(others.join() == 0);
    BOOST_TEST(strangers == 0);
    BOOST_TEST(selector->get_map().empty());
    selector->select(0ms);
    BOOST_TEST(silent(*selector));
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::write);
    BOOST_TEST(events_of(selector->select(deadline), pair.first) == event::write);
}

inline void close_may_race_with_everything(selector_factory const& make) {
    for (int round = 0; round < rounds(50); ++round) {
        auto const selector = make();
        crew others(2, [&](int, std::atomic<int>& failures) {
            auto const pair = make_stream_pair();
            std::error_code ec;
            stopwatch const watch;
            while (!ec && watch.elapsed() < deadline) {
                selector->register_handle(pair.first, event::read, nullptr, ec);
                if (!ec)
                    selector->modify(pair.first, event::write, ec);
                if (!ec)
                    selector->unregister(pair.first, ec);
                selector->find(pair.first);
                selector->wakeup();
            }
            failures += ec != error::closed;
        });
        background_select wait(*selector, 1h);
        selector->close();
        BOOST_TEST(others.join() == 0);
        BOOST_TEST(wait.ends());
        // A wake-up may have ended the wait before close().
        BOOST_TEST((!wait.error() || wait.error() == error::closed));
    }
}

inline void a_zero_timeout_finds_what_is_ready_in_whichever_thread(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    int missed = 0;
    for (int i = 0; i < 50; ++i) {
        std::thread([&] { selector->select(0ms); }).join();
        send(pair.second, "x");
        ready_by_system(pair.first.native_handle(), event::read);
        missed += selector->select(0ms).size() != 1;
        drain(pair.first);
    }
    BOOST_TEST(missed == 0);
}

inline void what_a_thread_that_ended_has_waited_for_can_be_closed(selector_factory const& make) {
    auto const selector = make();
    auto pairs = make_stream_pairs(50);
    for (auto const& pair : pairs)
        selector->register_handle(pair.first, event::read);
    std::thread([&] { selector->select(1ms); }).join();
    stopwatch const watch;
    for (auto& pair : pairs) {
        selector->unregister(pair.first);
        pair.first.close();
    }
    for (auto const& pair : pairs)
        BOOST_TEST(eventually([&] { return at_end(pair.second); }));
    BOOST_TEST(watch.no_time());
}

inline void add_thread_tests(test_list& tests) {
    tests.begin("threads");
    BOOST_SELECTORS_TEST(tests, a_handle_registered_during_a_wait_ends_it);
    BOOST_SELECTORS_TEST(tests, a_ready_handle_registered_during_a_wait_ends_it);
    BOOST_SELECTORS_TEST(tests, a_handle_modified_during_a_wait_ends_it);
    BOOST_SELECTORS_TEST(tests, what_is_no_longer_wanted_does_not_end_a_wait);
    BOOST_SELECTORS_TEST(tests, a_handle_unregistered_during_a_wait_is_silent);
    BOOST_SELECTORS_TEST(tests, a_close_after_unregister_reaches_the_peer_during_a_wait);
    BOOST_SELECTORS_TEST(tests, changes_during_a_wait_do_not_change_its_length);
    BOOST_SELECTORS_TEST(tests, lookups_do_not_wait_for_a_wait);
    BOOST_SELECTORS_TEST(tests, close_ends_the_wait_of_another_thread);
    BOOST_SELECTORS_TEST(tests, only_one_thread_can_select);
    BOOST_SELECTORS_TEST(tests, threads_can_take_turns_in_selecting);
    BOOST_SELECTORS_TEST(tests, a_zero_timeout_finds_what_is_ready_in_whichever_thread);
    BOOST_SELECTORS_TEST(tests, what_a_thread_that_ended_has_waited_for_can_be_closed);
    BOOST_SELECTORS_TEST(tests, the_list_is_not_touched_by_other_threads);
    BOOST_SELECTORS_TEST(tests, a_wakeup_keeps_errno);
    BOOST_SELECTORS_TEST(tests, no_wakeup_is_lost_and_none_is_seen_twice);
    BOOST_SELECTORS_TEST(tests, wakeups_may_come_from_many_threads);
    BOOST_SELECTORS_TEST(tests, wakeup_may_race_with_close);
    BOOST_SELECTORS_TEST(tests, registrations_may_change_in_many_threads_during_waits);
    BOOST_SELECTORS_TEST(tests, close_may_race_with_everything);
}

} // namespace boost_selectors::test::conformance

#endif
