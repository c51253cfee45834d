// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_CONFORMANCE_READINESS_HPP
#define BOOST_SELECTORS_TEST_CONFORMANCE_READINESS_HPP

#include <boost_selectors/test/descriptor_limit.hpp>
#include <boost_selectors/test/support.hpp>
#include <boost_selectors/test/test_list.hpp>
#include <set>

/// @file
/// What counts as being ready, and what the list of ready handles holds.

namespace boost_selectors::test::conformance {

inline void data_makes_a_handle_readable(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    int data = 0;
    selector_key const key = selector->register_handle(pair.first, event::read, &data);
    BOOST_TEST(selector->select(0ms).empty());
    send(pair.second, "hello");
    auto const ready = selector->select(deadline);
    BOOST_REQUIRE(ready.size() == 1u);
    BOOST_TEST(ready[0].key == key);
    BOOST_TEST(ready[0].events == event::read);
    BOOST_TEST(ready[0].readable());
    BOOST_TEST(!ready[0].writable());
    BOOST_TEST(!ready[0].hang_up);
    BOOST_TEST(!ready[0].error);
}

inline void room_to_send_makes_a_handle_writable(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::write);
    BOOST_TEST(events_of(selector->select(deadline), pair.first) == event::write);
    fill(pair.first);
    BOOST_TEST(selector->select(0ms).empty());
    drain(pair.second);
    BOOST_TEST(events_of(selector->select(deadline), pair.first) == event::write);
}

inline void readable_and_writable_at_once_is_one_entry(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read | event::write);
    send(pair.second, "x");
    auto const ready = selector->select(deadline);
    BOOST_REQUIRE(ready.size() == 1u);
    BOOST_TEST(ready[0].events == (event::read | event::write));
}

inline void only_what_was_wanted_is_reported(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    send(pair.second, "x");
    selector->register_handle(pair.first, event::write);
    BOOST_TEST(events_of(selector->select(deadline), pair.first) == event::write);
    selector->modify(pair.first, event::read);
    BOOST_TEST(events_of(selector->select(deadline), pair.first) == event::read);
    drain(pair.first);
    BOOST_TEST(selector->select(0ms).empty());
}

inline void each_ready_handle_is_listed_once(selector_factory const& make) {
    auto const selector = make();
    auto const pairs = make_stream_pairs(20);
    for (auto const& pair : pairs) {
        selector->register_handle(pair.first, event::read | event::write);
        send(pair.second, "x");
    }
    auto const ready = selector->select(deadline);
    BOOST_TEST(ready.size() == pairs.size());
    for (auto const& pair : pairs)
        BOOST_TEST(events_of(ready, pair.first) == (event::read | event::write));
}

inline void a_pending_connection_makes_a_listener_readable(selector_factory const& make) {
    auto const selector = make();
    auto const listener = make_listener();
    selector->register_handle(listener, event::read);
    BOOST_TEST(selector->select(0ms).empty());
    auto const client = begin_connect(listener);
    BOOST_TEST(events_of(selector->select(deadline), listener) == event::read);
    auto const server = accept(listener);
    BOOST_TEST(selector->select(0ms).empty());
}

inline void a_connect_that_ended_makes_a_handle_writable(selector_factory const& make) {
    auto const selector = make();
    auto const listener = make_listener();
    auto const client = begin_connect(listener);
    selector->register_handle(client, event::write);
    BOOST_TEST(events_of(selector->select(deadline), client) == event::write);
    BOOST_TEST(!connect_error(client));
}

inline void a_refused_connect_makes_a_handle_writable(selector_factory const& make) {
    auto const selector = make();
    auto const nobody = make_bound_socket(); // Does not listen.
    auto const client = begin_connect(nobody);
    selector->register_handle(client, event::write);
    BOOST_TEST(events_of(selector->select(deadline), client) == event::write);
    BOOST_TEST(bool(connect_error(client)));
}

inline void check_peer_close_reaches_a_reader(selector_factory const& make, stream_pair pair) {
    auto const selector = make();
    selector->register_handle(pair.first, event::read);
    send(pair.second, "last words");
    pair.second.close();
    BOOST_TEST(events_of(selector->select(deadline), pair.first) == event::read);
    BOOST_TEST(receive(pair.first).value() == "last words");
    BOOST_TEST(events_of(selector->select(deadline), pair.first) == event::read);
    BOOST_TEST(at_end(pair.first));
}

inline void a_peers_close_reaches_a_reader(selector_factory const& make) {
    check_peer_close_reaches_a_reader(make, make_stream_pair());
    check_peer_close_reaches_a_reader(make, make_tcp_pair());
}

inline void a_half_close_reaches_a_reader(selector_factory const& make) {
    for (bool const tcp : {false, true}) {
        auto const selector = make();
        auto const pair = tcp ? make_tcp_pair() : make_stream_pair();
        selector->register_handle(pair.first, event::read);
        end_writing(pair.second);
        BOOST_TEST(events_of(selector->select(deadline), pair.first) == event::read);
        BOOST_TEST(at_end(pair.first));
        selector->modify(pair.first, event::read | event::write);
        BOOST_TEST(
            events_of(selector->select(deadline), pair.first) == (event::read | event::write));
    }
}

inline void a_peers_close_reaches_a_writer(selector_factory const& make) {
    auto const selector = make();
    auto pair = make_stream_pair();
    fill(pair.first);
    selector->register_handle(pair.first, event::write);
    BOOST_TEST(selector->select(0ms).empty());
    pair.second.close();
    BOOST_TEST(events_of(selector->select(deadline), pair.first) == event::write);
}

inline void a_reset_reaches_readers_and_writers(selector_factory const& make) {
    for (event const wanted : {event::read, event::write, event::read | event::write}) {
        auto const selector = make();
        auto pair = make_tcp_pair();
        reset_connection(pair.second);
        BOOST_TEST(ready_by_system(pair.first.native_handle(), event::read));
        selector->register_handle(pair.first, wanted);
        BOOST_TEST(events_of(selector->select(deadline), pair.first) == wanted);
    }
}

inline void a_hang_up_counts_as_all_that_was_wanted(selector_factory const& make) {
    for (event const wanted :
        {event::read, event::write, event::read | event::write, event::priority, all_events}) {
        auto const selector = make();
        if (has(wanted, event::priority) && !selector->get_capabilities().priority)
            continue;
        auto pair = make_stream_pair();
        selector->register_handle(pair.first, wanted);
        pair.second.close();
        auto const list = selector->select(deadline);
        BOOST_REQUIRE(list.size() == 1u);
        BOOST_TEST(list[0].events == wanted);
        BOOST_TEST(list[0].hang_up);
    }
}

inline void an_error_counts_as_all_that_was_wanted(selector_factory const& make) {
    for (event const wanted :
        {event::read, event::write, event::read | event::write, event::priority, all_events}) {
        auto const selector = make();
        if (has(wanted, event::priority) && !selector->get_capabilities().priority)
            continue;
        auto pair = make_tcp_pair();
        reset_connection(pair.second);
        BOOST_TEST(ready_by_system(pair.first.native_handle(), event::read));
        selector->register_handle(pair.first, wanted);
        auto const list = selector->select(deadline);
        BOOST_REQUIRE(list.size() == 1u);
        BOOST_TEST(list[0].events == wanted);
        BOOST_TEST((list[0].error || list[0].hang_up));
    }
}

inline void urgent_data_counts_as_priority_alone(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_tcp_pair();
    selector->register_handle(pair.first, event::read | event::priority);
    send_urgent(pair.second);
    auto const list = selector->select(deadline);
    BOOST_REQUIRE(list.size() == 1u);
    BOOST_TEST(list[0].events == event::priority);
    BOOST_TEST(list[0].urgent());
    receive_urgent(pair.first);
    BOOST_TEST(selector->select(0ms).empty());
}

inline void ordinary_data_is_not_urgent(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_tcp_pair();
    selector->register_handle(pair.first, event::priority);
    send(pair.second, "x");
    BOOST_TEST(ready_by_system(pair.first.native_handle(), event::read));
    BOOST_TEST(silent(*selector));
    selector->modify(pair.first, event::read | event::priority);
    BOOST_TEST(events_of(selector->select(deadline), pair.first) == event::read);
}

inline void urgent_data_ends_a_wait_that_ordinary_data_does_not(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_tcp_pair();
    selector->register_handle(pair.first, event::priority);
    background_select wait(*selector);
    send(pair.second, "x");
    std::this_thread::sleep_for(moment);
    BOOST_TEST(!wait.ended());
    send_urgent(pair.second);
    BOOST_TEST(wait.ends());
    BOOST_TEST(events_of(wait.list(), pair.first) == event::priority);
}

inline void an_entry_is_cleared_when_its_handle_is_unregistered(selector_factory const& make) {
    auto const selector = make();
    auto const pairs = make_stream_pairs(3);
    for (auto const& pair : pairs)
        selector->register_handle(pair.first, event::write);
    auto const list = selector->select(deadline);
    BOOST_REQUIRE(list.size() == 3u);
    selector->unregister(pairs[1].first);
    BOOST_TEST(events_of(list, pairs[0].first) == event::write);
    BOOST_TEST(events_of(list, pairs[1].first) == event::none);
    BOOST_TEST(events_of(list, pairs[2].first) == event::write);
    // An old list does not refer to a new registration.
    selector->register_handle(pairs[1].first, event::write);
    BOOST_TEST(events_of(list, pairs[1].first) == event::none);
    selector->modify(pairs[1].first, event::write | event::read);
    BOOST_TEST(events_of(list, pairs[1].first) == event::none);
    BOOST_TEST(selector->select(deadline).size() == 3u);
}

inline void an_entry_is_cut_when_its_handle_is_modified(selector_factory const& make) {
    auto const selector = make();
    auto const pairs = make_stream_pairs(3);
    for (auto const& pair : pairs) {
        selector->register_handle(pair.first, event::read | event::write);
        send(pair.second, "x");
    }
    auto const list = selector->select(deadline);
    BOOST_REQUIRE(list.size() == 3u);
    selector->modify(pairs[0].first, event::write);
    selector->modify(pairs[2].first, event::read);
    BOOST_TEST(events_of(list, pairs[0].first) == event::write);
    BOOST_TEST(events_of(list, pairs[1].first) == (event::read | event::write));
    BOOST_TEST(events_of(list, pairs[2].first) == event::read);
    selector->modify(pairs[0].first, event::read);
    BOOST_TEST(events_of(list, pairs[0].first) == event::none);
}

/// Python's test of a complete selector: 12 servers echo what 12 clients send.
inline void twelve_pairs_echo(selector_factory const& make) {
    constexpr std::size_t n = 12;
    auto const selector = make();
    auto const pairs = make_stream_pairs(n);
    std::string const message = "This is a test.";
    for (auto const& pair : pairs)
        selector->register_handle(
            pair.first, event::read | event::write, const_cast<stream_pair*>(&pair));

    std::set<stream_pair*> to_send;
    std::set<stream_pair*> to_receive;
    for (auto const& pair : pairs)
        to_send.insert(const_cast<stream_pair*>(&pair));
    stopwatch const watch;
    while ((!to_send.empty() || !to_receive.empty()) && watch.elapsed() < deadline) {
        for (ready_event const& ready : selector->select(deadline)) {
            auto* const pair = static_cast<stream_pair*>(ready.key.data);
            if (ready.writable() && to_send.erase(pair) != 0) {
                send(pair->first, message);
                send(pair->second, receive(pair->second).value());
                to_receive.insert(pair);
            } else if (ready.readable() && to_receive.erase(pair) != 0) {
                BOOST_TEST(receive(pair->first).value() == message);
                selector->unregister(pair->first);
            }
        }
    }
    BOOST_TEST(to_send.empty());
    BOOST_TEST(to_receive.empty());
    BOOST_TEST(selector->get_map().empty());
}

inline void thousands_of_handles_are_returned_at_once(selector_factory const& make) {
    descriptor_limit const limit(20'000);
    auto const selector = make();
    auto const pairs = make_stream_pairs(std::min<std::size_t>(1000, (limit.value() - 100) / 2));
    for (auto const& pair : pairs) {
        selector->register_handle(pair.first, event::read);
        selector->register_handle(pair.second, event::read);
    }
    std::size_t const n = 2 * pairs.size();
    BOOST_TEST(selector->get_map().size() == n);
    BOOST_TEST(selector->select(0ms).empty());
    for (auto const& pair : pairs) {
        send(pair.first, "x");
        send(pair.second, "x");
        ready_by_system(pair.first.native_handle(), event::read);
        ready_by_system(pair.second.native_handle(), event::read);
    }
    auto const list = selector->select(deadline);
    BOOST_TEST(list.size() == n);
    std::set<native_handle_type> handles;
    for (ready_event const& ready : list)
        handles.insert(ready.key.handle);
    BOOST_TEST(handles.size() == list.size());
    for (auto const& pair : pairs) {
        selector->unregister(pair.first);
        selector->unregister(pair.second);
    }
    BOOST_TEST(selector->select(0ms).empty());
}

inline void add_readiness_tests(test_list& tests) {
    tests.begin("readiness");
    BOOST_SELECTORS_TEST(tests, data_makes_a_handle_readable);
    BOOST_SELECTORS_TEST(tests, room_to_send_makes_a_handle_writable);
    BOOST_SELECTORS_TEST(tests, readable_and_writable_at_once_is_one_entry);
    BOOST_SELECTORS_TEST(tests, only_what_was_wanted_is_reported);
    BOOST_SELECTORS_TEST(tests, each_ready_handle_is_listed_once);
    BOOST_SELECTORS_TEST(tests, a_pending_connection_makes_a_listener_readable);
    BOOST_SELECTORS_TEST(tests, a_connect_that_ended_makes_a_handle_writable);
    BOOST_SELECTORS_TEST(tests, a_refused_connect_makes_a_handle_writable);
    BOOST_SELECTORS_TEST(tests, a_peers_close_reaches_a_reader);
    BOOST_SELECTORS_TEST(tests, a_half_close_reaches_a_reader);
    BOOST_SELECTORS_TEST(tests, a_peers_close_reaches_a_writer);
    BOOST_SELECTORS_TEST(tests, a_reset_reaches_readers_and_writers);
    BOOST_SELECTORS_TEST(tests, a_hang_up_counts_as_all_that_was_wanted, needs::flags);
    BOOST_SELECTORS_TEST(tests, an_error_counts_as_all_that_was_wanted, needs::flags);
    BOOST_SELECTORS_TEST(tests, urgent_data_counts_as_priority_alone, needs::priority);
    BOOST_SELECTORS_TEST(tests, ordinary_data_is_not_urgent, needs::priority);
    BOOST_SELECTORS_TEST(
        tests, urgent_data_ends_a_wait_that_ordinary_data_does_not, needs::priority);
    BOOST_SELECTORS_TEST(tests, an_entry_is_cleared_when_its_handle_is_unregistered);
    BOOST_SELECTORS_TEST(tests, an_entry_is_cut_when_its_handle_is_modified);
    BOOST_SELECTORS_TEST(tests, twelve_pairs_echo);
    BOOST_SELECTORS_TEST(tests, thousands_of_handles_are_returned_at_once, needs::all_at_once,
        needs::many_descriptors);
}

} // namespace boost_selectors::test::conformance

#endif
