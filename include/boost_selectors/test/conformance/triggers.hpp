// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_CONFORMANCE_TRIGGERS_HPP
#define BOOST_SELECTORS_TEST_CONFORMANCE_TRIGGERS_HPP

#include <boost_selectors/test/support.hpp>
#include <boost_selectors/test/test_list.hpp>
#include <map>

/// @file
/// Level, edge and oneshot triggering.

namespace boost_selectors::test::conformance {

inline constexpr interest read_edge{event::read, trigger::edge};
inline constexpr interest read_once{event::read, trigger::oneshot};

/// Returns whether the next select() reports only @p handle, with the events @p expected.
inline bool next_is(base_selector& selector, handle_argument const& handle, event expected) {
    auto const list = selector.select(deadline);
    return list.size() == 1 && events_of(list, handle) == expected;
}

inline void level_reports_as_long_as_it_is_ready(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    send(pair.second, "ab");
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(next_is(*selector, pair.first, event::read));
    BOOST_TEST(receive(pair.first, 1).value() == "a");
    BOOST_TEST(next_is(*selector, pair.first, event::read));
    drain(pair.first);
    BOOST_TEST(silent(*selector));
}

inline void edge_reports_each_new_data_once(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, read_edge);
    BOOST_TEST(selector->select(0ms).empty());
    for (int i = 0; i < 3; ++i) {
        send(pair.second, "x"); // The data is never read.
        BOOST_TEST(next_is(*selector, pair.first, event::read));
        BOOST_TEST(silent(*selector));
    }
}

inline void edge_reports_what_was_ready_before(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    send(pair.second, "x");
    selector->register_handle(pair.first, read_edge);
    BOOST_TEST(next_is(*selector, pair.first, event::read));
    BOOST_TEST(silent(*selector));
}

inline void edge_is_armed_again_by_modify(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    int data = 0;
    selector->register_handle(pair.first, read_edge);
    send(pair.second, "x");
    BOOST_TEST(next_is(*selector, pair.first, event::read));
    selector->modify(pair.first, read_edge);
    BOOST_TEST(next_is(*selector, pair.first, event::read));
    selector->modify(pair.first, read_edge, &data);
    BOOST_TEST(next_is(*selector, pair.first, event::read));
    BOOST_TEST(silent(*selector));
}

inline void edge_reports_room_to_send_once(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, {event::write, trigger::edge});
    BOOST_TEST(next_is(*selector, pair.first, event::write));
    BOOST_TEST(silent(*selector));
    fill(pair.first);
    drain(pair.second);
    BOOST_TEST(next_is(*selector, pair.first, event::write));
}

inline void edge_reports_a_peers_close(selector_factory const& make) {
    auto const selector = make();
    auto pair = make_stream_pair();
    selector->register_handle(pair.first, read_edge);
    BOOST_TEST(selector->select(0ms).empty());
    pair.second.close();
    BOOST_TEST(next_is(*selector, pair.first, event::read));
    BOOST_TEST(at_end(pair.first));
    BOOST_TEST(silent(*selector));
}

inline void oneshot_reports_once_until_modify(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector_key const key = selector->register_handle(pair.first, read_once);
    BOOST_TEST(selector->select(0ms).empty());
    for (int i = 0; i < 3; ++i) {
        send(pair.second, "x");
        BOOST_TEST(next_is(*selector, pair.first, event::read));
        send(pair.second, "x");
        BOOST_TEST(silent(*selector));
        BOOST_TEST(selector->get_key(pair.first) == key);
        selector->modify(pair.first, read_once);
    }
    BOOST_TEST(next_is(*selector, pair.first, event::read));
    BOOST_TEST(selector->unregister(pair.first) == key);
}

inline void oneshot_is_armed_again_by_changing_only_the_data(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    int data = 0;
    selector->register_handle(pair.first, read_once);
    send(pair.second, "x");
    BOOST_TEST(next_is(*selector, pair.first, event::read));
    selector->modify(pair.first, read_once, &data);
    auto const list = selector->select(deadline);
    BOOST_REQUIRE(list.size() == 1u);
    BOOST_TEST(list[0].key.data == &data);
    BOOST_TEST(silent(*selector));
}

inline void oneshot_disarms_all_that_was_wanted(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    interest const both{event::read | event::write, trigger::oneshot};
    fill(pair.first);
    selector->register_handle(pair.first, both);
    send(pair.second, "x");
    BOOST_TEST(next_is(*selector, pair.first, event::read));
    drain(pair.second);
    BOOST_TEST(silent(*selector));
    selector->modify(pair.first, both);
    BOOST_TEST(next_is(*selector, pair.first, event::read | event::write));
    BOOST_TEST(silent(*selector));
}

inline void oneshot_that_has_fired_is_silent_about_a_close(selector_factory const& make) {
    auto const selector = make();
    auto pair = make_stream_pair();
    selector->register_handle(pair.first, read_once);
    send(pair.second, "x");
    BOOST_TEST(next_is(*selector, pair.first, event::read));
    pair.second.close();
    BOOST_TEST(silent(*selector));
    selector->modify(pair.first, read_once);
    BOOST_TEST(next_is(*selector, pair.first, event::read));
    BOOST_TEST(silent(*selector));
}

inline void oneshot_is_armed_again_during_a_wait(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, read_once);
    send(pair.second, "x");
    BOOST_TEST(next_is(*selector, pair.first, event::read));
    background_select wait(*selector);
    BOOST_TEST(!wait.ended());
    selector->modify(pair.first, read_once);
    BOOST_TEST(wait.ends());
    BOOST_TEST(events_of(wait.list(), pair.first) == event::read);
}

/// Checks that each event is reported once, whatever `max_events` is.
inline void check_nothing_is_lost(selector_factory const& make, interest wanted) {
    for (std::size_t const max : {1u, 3u}) {
        auto const selector = make();
        auto const pairs = make_stream_pairs(10);
        for (auto const& pair : pairs) {
            selector->register_handle(pair.first, wanted);
            send(pair.second, "x");
        }
        std::map<native_handle_type, int> times;
        for (std::size_t i = 0; i < (pairs.size() + max - 1) / max; ++i)
            for (ready_event const& ready : selector->select(deadline, max))
                ++times[ready.key.handle];
        BOOST_TEST(times.size() == pairs.size());
        for (auto const& [handle, n] : times)
            BOOST_TEST(n == 1);
        BOOST_TEST(silent(*selector));
    }
}

inline void edges_are_not_lost_when_few_are_returned(selector_factory const& make) {
    check_nothing_is_lost(make, read_edge);
}

inline void oneshots_are_not_lost_when_few_are_returned(selector_factory const& make) {
    check_nothing_is_lost(make, read_once);
}

inline void events_left_out_end_with_their_registration(selector_factory const& make) {
    auto const selector = make();
    auto const pairs = make_stream_pairs(6);
    for (auto const& pair : pairs) {
        selector->register_handle(pair.first, read_once);
        send(pair.second, "x");
    }
    BOOST_TEST(selector->select(deadline, 1).size() == 1u);
    for (auto const& pair : pairs)
        selector->unregister(pair.first);
    BOOST_TEST(silent(*selector));
}

inline void the_trigger_can_be_modified(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, read_once);
    send(pair.second, "x");
    BOOST_TEST(next_is(*selector, pair.first, event::read));
    selector->modify(pair.first, event::read);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(next_is(*selector, pair.first, event::read));
    selector->modify(pair.first, read_once);
    BOOST_TEST(next_is(*selector, pair.first, event::read));
    BOOST_TEST(silent(*selector));
    BOOST_TEST((selector->get_key(pair.first).wanted == read_once));
}

inline void a_new_registration_is_armed(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    send(pair.second, "x");
    for (int i = 0; i < 3; ++i) {
        selector->register_handle(pair.first, read_once);
        BOOST_TEST(next_is(*selector, pair.first, event::read));
        selector->unregister(pair.first);
    }
}

inline void add_trigger_tests(test_list& tests) {
    tests.begin("triggers");
    BOOST_SELECTORS_TEST(tests, level_reports_as_long_as_it_is_ready);
    BOOST_SELECTORS_TEST(tests, edge_reports_each_new_data_once, needs::edge);
    BOOST_SELECTORS_TEST(tests, edge_reports_what_was_ready_before, needs::edge);
    BOOST_SELECTORS_TEST(tests, edge_is_armed_again_by_modify, needs::edge);
    BOOST_SELECTORS_TEST(tests, edge_reports_room_to_send_once, needs::edge);
    BOOST_SELECTORS_TEST(tests, edge_reports_a_peers_close, needs::edge);
    BOOST_SELECTORS_TEST(tests, edges_are_not_lost_when_few_are_returned, needs::edge);
    BOOST_SELECTORS_TEST(tests, oneshot_reports_once_until_modify, needs::oneshot);
    BOOST_SELECTORS_TEST(tests, oneshot_is_armed_again_by_changing_only_the_data, needs::oneshot);
    BOOST_SELECTORS_TEST(tests, oneshot_disarms_all_that_was_wanted, needs::oneshot);
    BOOST_SELECTORS_TEST(tests, oneshot_that_has_fired_is_silent_about_a_close, needs::oneshot);
    BOOST_SELECTORS_TEST(tests, oneshot_is_armed_again_during_a_wait, needs::oneshot);
    BOOST_SELECTORS_TEST(tests, oneshots_are_not_lost_when_few_are_returned, needs::oneshot);
    BOOST_SELECTORS_TEST(tests, events_left_out_end_with_their_registration, needs::oneshot);
    BOOST_SELECTORS_TEST(tests, the_trigger_can_be_modified, needs::oneshot);
    BOOST_SELECTORS_TEST(tests, a_new_registration_is_armed, needs::oneshot);
}

} // namespace boost_selectors::test::conformance

#endif
