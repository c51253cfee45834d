// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_CONFORMANCE_REGISTRATION_HPP
#define BOOST_SELECTORS_TEST_CONFORMANCE_REGISTRATION_HPP

#include <algorithm>
#include <boost_selectors/test/support.hpp>
#include <boost_selectors/test/test_list.hpp>
#include <iterator>
#include <ranges>
#include <set>

/// @file
/// Registering, modifying, unregistering and looking up; closing the selector.

namespace boost_selectors::test::conformance {

static_assert(std::input_iterator<map_view::iterator>);
static_assert(std::ranges::input_range<map_view>);

constexpr event unknown_event = static_cast<event>(0x80);
constexpr trigger unknown_trigger = static_cast<trigger>(9);

/// Returns interests that no registration may have.
inline std::vector<interest> invalid_interests() {
    return {event::none, unknown_event, event::read | unknown_event,
        static_cast<event>(static_cast<unsigned>(event::read) | 0x40),
        {event::read, unknown_trigger}, {event::none, trigger::oneshot}};
}

inline void check_unknown(base_selector& selector, native_handle_type handle) {
    BOOST_TEST(!selector.find(handle));
    BOOST_TEST(!selector.get_map().contains(handle));
    check_fails(error::not_registered, [&](auto&... ec) { selector.get_key(handle, ec...); });
}

inline void a_selector_tells_its_name(selector_factory const& make) {
    auto const selector = make();
    BOOST_TEST(!selector->name().empty());
    BOOST_TEST(selector->is_open());
    BOOST_TEST((selector->get_capabilities().resolution > 0ns));
}

inline void register_gives_the_key_that_was_asked_for(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    int data = 0;
    native_handle_type const handle = pair.first.native_handle();
    selector_key const wanted{handle, event::read | event::write, &data};
    BOOST_TEST(selector->register_handle(handle, wanted.wanted, &data) == wanted);
    BOOST_TEST(selector->get_key(handle) == wanted);
    BOOST_TEST(selector->find(handle).value() == wanted);
}

inline void objects_with_a_native_handle_stand_for_it(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    BOOST_TEST(selector->get_key(pair.first).handle == pair.first.native_handle());
    selector->modify(pair.first, event::write);
    BOOST_TEST(selector->get_map().contains(pair.first));
    BOOST_TEST(selector->get_map()[pair.first].handle == pair.first.native_handle());
    BOOST_TEST(selector->find(pair.first).has_value());
    selector->unregister(pair.first);
    BOOST_TEST(!selector->find(pair.first));
}

inline void the_error_code_forms_clear_the_error(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    check_clears_error(
        [&](auto& ec) { selector->register_handle(pair.first, event::read, nullptr, ec); });
    check_clears_error([&](auto& ec) { selector->modify(pair.first, event::write, ec); });
    check_clears_error([&](auto& ec) { selector->modify(pair.first, event::read, nullptr, ec); });
    check_clears_error([&](auto& ec) { selector->get_key(pair.first, ec); });
    check_clears_error([&](auto& ec) { selector->select(0ms, ec); });
    check_clears_error([&](auto& ec) { selector->select(0ms, 1, ec); });
    selector->modify(pair.first, event::write);
    check_clears_error([&](auto& ec) { selector->select(ec); });
    check_clears_error([&](auto& ec) { selector->unregister(pair.first, ec); });
}

inline void registering_twice_fails_and_leaves_the_first(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    int first = 0;
    int second = 0;
    selector_key const key = selector->register_handle(pair.first, event::read, &first);
    check_fails(error::already_registered,
        [&](auto&... ec) { selector->register_handle(pair.first, event::write, &second, ec...); });
    BOOST_TEST(selector->get_key(pair.first) == key);
    BOOST_TEST(selector->get_map().size() == 1u);
    BOOST_TEST(selector->select(0ms).empty());
    send(pair.second, "x");
    auto const ready = selector->select(deadline);
    BOOST_REQUIRE(ready.size() == 1u);
    BOOST_TEST(ready[0].key == key);
}

inline void registering_invalid_events_fails(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    for (interest const wanted : invalid_interests())
        check_fails(error::invalid_events,
            [&](auto&... ec) { selector->register_handle(pair.first, wanted, nullptr, ec...); });
    check_unknown(*selector, pair.first.native_handle());
    BOOST_TEST(selector->get_map().empty());
    send(pair.second, "x");
    BOOST_TEST(selector->select(0ms).empty());
}

inline void modifying_to_invalid_events_fails_and_leaves_the_key(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    int data = 0;
    int other = 0;
    selector_key const key = selector->register_handle(pair.first, event::read, &data);
    for (interest const wanted : invalid_interests()) {
        check_fails(error::invalid_events,
            [&](auto&... ec) { selector->modify(pair.first, wanted, ec...); });
        check_fails(error::invalid_events,
            [&](auto&... ec) { selector->modify(pair.first, wanted, &other, ec...); });
    }
    BOOST_TEST(selector->get_key(pair.first) == key);
    send(pair.second, "x");
    auto const ready = selector->select(deadline);
    BOOST_REQUIRE(ready.size() == 1u);
    BOOST_TEST(ready[0].key == key);
    BOOST_TEST(ready[0].events == event::read);
}

inline void an_invalid_handle_is_refused(selector_factory const& make) {
    auto const selector = make();
    unique_handle const nothing;
    for (handle_argument const handle :
        {handle_argument(nothing), handle_argument(invalid_native_handle)}) {
        check_fails(error::invalid_handle,
            [&](auto&... ec) { selector->register_handle(handle, event::read, nullptr, ec...); });
        check_fails(error::invalid_handle,
            [&](auto&... ec) { selector->modify(handle, event::read, ec...); });
        check_fails(error::invalid_handle,
            [&](auto&... ec) { selector->modify(handle, event::read, nullptr, ec...); });
        check_fails(
            error::invalid_handle, [&](auto&... ec) { selector->unregister(handle, ec...); });
        check_fails(error::invalid_handle, [&](auto&... ec) { selector->get_key(handle, ec...); });
        BOOST_TEST(!selector->find(handle));
        BOOST_TEST(!selector->get_map().contains(handle));
    }
    BOOST_TEST(selector->get_map().empty());
}

inline void an_unknown_handle_is_not_registered(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.second, event::read);
    check_fails(error::not_registered,
        [&](auto&... ec) { selector->modify(pair.first, event::read, ec...); });
    check_fails(error::not_registered,
        [&](auto&... ec) { selector->modify(pair.first, event::read, nullptr, ec...); });
    check_fails(
        error::not_registered, [&](auto&... ec) { selector->unregister(pair.first, ec...); });
    check_unknown(*selector, pair.first.native_handle());
    BOOST_CHECK_EXCEPTION(selector->get_map()[pair.first], std::system_error,
        [](auto const& e) { return e.code() == error::not_registered; });
    BOOST_TEST(selector->get_map().size() == 1u);
}

inline void unregister_gives_the_key_and_ends_the_events(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    int data = 0;
    selector_key const key = selector->register_handle(pair.first, event::read, &data);
    send(pair.second, "x");
    BOOST_TEST(selector->select(deadline).size() == 1u);
    BOOST_TEST(selector->unregister(pair.first) == key);
    check_unknown(*selector, key.handle);
    BOOST_TEST(selector->get_map().empty());
    BOOST_TEST(silent(*selector));
    check_fails(
        error::not_registered, [&](auto&... ec) { selector->unregister(pair.first, ec...); });
}

inline void an_unregistered_handle_can_be_registered_again(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    send(pair.second, "x");
    for (int i = 0; i < 5; ++i) {
        selector_key const key = selector->register_handle(pair.first, event::read, &i);
        auto const ready = selector->select(deadline);
        BOOST_REQUIRE(ready.size() == 1u);
        BOOST_TEST(ready[0].key == key);
        BOOST_TEST(selector->unregister(pair.first) == key);
    }
}

inline void selectors_do_not_share_registrations(selector_factory const& make) {
    auto const one = make();
    auto const other = make();
    auto const pair = make_stream_pair();
    one->register_handle(pair.first, event::read);
    check_unknown(*other, pair.first.native_handle());
    other->register_handle(pair.first, event::write);
    BOOST_TEST(events_of(other->select(deadline), pair.first) == event::write);
    BOOST_TEST(one->select(0ms).empty());
    other->unregister(pair.first);
    send(pair.second, "x");
    BOOST_TEST(events_of(one->select(deadline), pair.first) == event::read);
}

inline void unregister_works_after_the_handle_was_closed(selector_factory const& make) {
    auto const selector = make();
    auto pair = make_stream_pair();
    selector_key const first = selector->register_handle(pair.first, event::read);
    selector_key const second = selector->register_handle(pair.second, event::read);
    pair.first.close();
    pair.second.close();
    BOOST_TEST(selector->unregister(first.handle) == first);
    BOOST_TEST(selector->unregister(second.handle) == second);
    BOOST_TEST(selector->get_map().empty());
    BOOST_TEST(silent(*selector));
}

inline void registering_a_closed_handle_fails(selector_factory const& make) {
    auto const selector = make();
    native_handle_type const handle = closed_handle();
    std::error_code ec;
    selector->register_handle(handle, event::read, nullptr, ec);
    BOOST_TEST(is_not_open(ec));
    BOOST_CHECK_EXCEPTION(selector->register_handle(handle, event::read), std::system_error,
        [](auto const& e) { return is_not_open(e.code()); });
    check_unknown(*selector, handle);
    BOOST_TEST(silent(*selector));
}

inline void modify_changes_what_is_wanted_and_keeps_the_data(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    int data = 0;
    selector->register_handle(pair.first, event::read, &data);
    BOOST_TEST(selector->select(0ms).empty());
    selector_key const key{pair.first.native_handle(), event::write, &data};
    BOOST_TEST(selector->modify(pair.first, event::write) == key);
    BOOST_TEST(selector->get_key(pair.first) == key);
    auto const ready = selector->select(deadline);
    BOOST_REQUIRE(ready.size() == 1u);
    BOOST_TEST(ready[0].key == key);
    selector->modify(pair.first, event::read);
    BOOST_TEST(selector->select(0ms).empty());
}

inline void modify_can_change_data_alone_or_both(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    int data[3] = {};
    native_handle_type const handle = pair.first.native_handle();
    selector->register_handle(handle, event::read, &data[0]);
    send(pair.second, "x");

    selector_key const second{handle, event::read, &data[1]};
    BOOST_TEST(selector->modify(handle, event::read, &data[1]) == second);
    BOOST_TEST(selector->get_key(handle) == second);
    auto ready = selector->select(deadline);
    BOOST_REQUIRE(ready.size() == 1u);
    BOOST_TEST(ready[0].key == second);

    selector_key const third{handle, event::write, &data[2]};
    BOOST_TEST(selector->modify(handle, event::write, &data[2]) == third);
    ready = selector->select(deadline);
    BOOST_REQUIRE(ready.size() == 1u);
    BOOST_TEST(ready[0].key == third);

    BOOST_TEST(selector->modify(handle, event::write, nullptr).data == nullptr);
    BOOST_TEST(selector->get_key(handle).data == nullptr);
}

inline void a_modify_that_the_system_refuses_leaves_a_clear_state(selector_factory const& make) {
    auto const selector = make();
    auto pair = make_stream_pair();
    selector_key const key = selector->register_handle(pair.first, event::read);
    pair.first.close();
    std::error_code ec;
    selector->modify(key.handle, event::read | event::write, ec);
    if (ec)
        BOOST_TEST(is_not_open(ec));
    auto const left = selector->find(key.handle);
    BOOST_TEST(selector->get_map().size() == (left ? 1u : 0u));
    if (left) {
        BOOST_TEST((ec ? *left == key : left->wanted.events == (event::read | event::write)));
        BOOST_TEST(selector->unregister(key.handle) == *left);
    } else {
        BOOST_TEST(bool(ec));
        check_fails(
            error::not_registered, [&](auto&... e) { selector->unregister(key.handle, e...); });
    }
    BOOST_TEST(silent(*selector));
}

inline void get_map_is_a_live_view(selector_factory const& make) {
    auto const selector = make();
    map_view const map = selector->get_map();
    BOOST_TEST(map.empty());
    BOOST_TEST(map.size() == 0u);
    auto const pair = make_stream_pair();
    selector_key key = selector->register_handle(pair.first, event::read);
    BOOST_TEST(map.size() == 1u);
    BOOST_TEST(map.contains(pair.first));
    BOOST_TEST(!map.contains(pair.second));
    BOOST_TEST(map[pair.first] == key);
    key = selector->modify(pair.first, event::write);
    BOOST_TEST(map[pair.first] == key);
    selector->unregister(pair.first);
    BOOST_TEST(map.empty());
    BOOST_TEST(!map.contains(pair.first));
}

inline void get_map_walks_each_registration_once(selector_factory const& make) {
    auto const selector = make();
    auto const pairs = make_stream_pairs(20);
    std::set<native_handle_type> expected;
    for (auto const& pair : pairs) {
        expected.insert(selector->register_handle(pair.first, event::read).handle);
        selector->register_handle(pair.second, event::read);
    }
    for (auto const& pair : pairs)
        selector->unregister(pair.second);
    std::set<native_handle_type> seen;
    std::size_t steps = 0;
    for (selector_key const& key : selector->get_map()) {
        seen.insert(key.handle);
        ++steps;
    }
    BOOST_TEST((seen == expected));
    BOOST_TEST(steps == pairs.size());
}

inline void get_map_can_be_walked_while_registrations_end(selector_factory const& make) {
    auto const selector = make();
    auto const pairs = make_stream_pairs(10);
    for (auto const& pair : pairs)
        selector->register_handle(pair.first, event::read);
    for (selector_key const& key : selector->get_map())
        selector->unregister(key.handle);
    BOOST_TEST(selector->get_map().empty());
}

inline void an_unsupported_trigger_is_refused(selector_factory const& make) {
    auto const selector = make();
    capabilities const can = selector->get_capabilities();
    auto const pair = make_stream_pair();
    for (trigger const mode : {trigger::edge, trigger::oneshot}) {
        if (mode == trigger::edge ? can.edge : can.oneshot)
            continue;
        interest const wanted{event::read, mode};
        check_fails(error::unsupported_trigger,
            [&](auto&... ec) { selector->register_handle(pair.first, wanted, nullptr, ec...); });
        check_unknown(*selector, pair.first.native_handle());
        selector_key const key = selector->register_handle(pair.first, event::read);
        check_fails(error::unsupported_trigger,
            [&](auto&... ec) { selector->modify(pair.first, wanted, ec...); });
        BOOST_TEST(selector->get_key(pair.first) == key);
        selector->unregister(pair.first);
    }
}

inline void an_unsupported_event_is_refused(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    interest const wanted = event::read | event::priority;
    check_fails(error::unsupported_event,
        [&](auto&... ec) { selector->register_handle(pair.first, wanted, nullptr, ec...); });
    check_unknown(*selector, pair.first.native_handle());
    selector_key const key = selector->register_handle(pair.first, event::read);
    check_fails(error::unsupported_event,
        [&](auto&... ec) { selector->modify(pair.first, wanted, ec...); });
    BOOST_TEST(selector->get_key(pair.first) == key);
}

inline void close_forgets_all_and_can_be_repeated(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    map_view const map = selector->get_map();
    selector->close();
    BOOST_TEST(!selector->is_open());
    BOOST_TEST(!selector->find(pair.first));
    BOOST_TEST(map.empty());
    BOOST_TEST(!map.contains(pair.first));
    BOOST_TEST((map.begin() == map.end()));
    selector->close();
    BOOST_TEST(!selector->is_open());
    BOOST_TEST(!selector->name().empty());
    auto const other = make();
    other->register_handle(pair.first, event::write);
    BOOST_TEST(events_of(other->select(deadline), pair.first) == event::write);
}

inline void after_close_every_call_says_closed(selector_factory const& make) {
    auto const selector = make();
    base_selector& s = *selector;
    auto const pair = make_stream_pair();
    auto const& handle = pair.first;
    s.register_handle(handle, event::read);
    map_view const map = s.get_map();
    s.close();
    constexpr error closed = error::closed;
    check_fails(
        closed, [&](auto&... ec) { s.register_handle(pair.second, event::read, nullptr, ec...); });
    check_fails(closed, [&](auto&... ec) { s.modify(handle, event::read, ec...); });
    check_fails(closed, [&](auto&... ec) { s.modify(handle, event::read, nullptr, ec...); });
    check_fails(closed, [&](auto&... ec) { s.unregister(handle, ec...); });
    check_fails(closed, [&](auto&... ec) { s.get_key(handle, ec...); });
    check_fails(closed, [&](auto&... ec) { s.select(ec...); });
    check_fails(closed, [&](auto&... ec) { s.select(0ms, ec...); });
    check_fails(closed, [&](auto&... ec) { s.select(1h, 3, ec...); });
    check_fails(closed, [&](auto&... ec) { s.native_handle(ec...); });
    check_fails(closed, [&](auto&... ec) { s.notify_fork(fork_event::child, ec...); });
    auto const says_closed = [](std::system_error const& e) { return e.code() == closed; };
    BOOST_CHECK_EXCEPTION(s.get_map(), std::system_error, says_closed);
    BOOST_CHECK_EXCEPTION(map[handle], std::system_error, says_closed);
    BOOST_TEST(!s.find(handle));
    s.wakeup();
}

inline void add_registration_tests(test_list& tests) {
    tests.begin("registration");
    BOOST_SELECTORS_TEST(tests, a_selector_tells_its_name);
    BOOST_SELECTORS_TEST(tests, register_gives_the_key_that_was_asked_for);
    BOOST_SELECTORS_TEST(tests, objects_with_a_native_handle_stand_for_it);
    BOOST_SELECTORS_TEST(tests, the_error_code_forms_clear_the_error);
    BOOST_SELECTORS_TEST(tests, registering_twice_fails_and_leaves_the_first);
    BOOST_SELECTORS_TEST(tests, registering_invalid_events_fails);
    BOOST_SELECTORS_TEST(tests, modifying_to_invalid_events_fails_and_leaves_the_key);
    BOOST_SELECTORS_TEST(tests, an_invalid_handle_is_refused);
    BOOST_SELECTORS_TEST(tests, an_unknown_handle_is_not_registered);
    BOOST_SELECTORS_TEST(tests, unregister_gives_the_key_and_ends_the_events);
    BOOST_SELECTORS_TEST(tests, an_unregistered_handle_can_be_registered_again);
    BOOST_SELECTORS_TEST(tests, selectors_do_not_share_registrations);
    BOOST_SELECTORS_TEST(tests, unregister_works_after_the_handle_was_closed);
    BOOST_SELECTORS_TEST(tests, registering_a_closed_handle_fails);
    BOOST_SELECTORS_TEST(tests, modify_changes_what_is_wanted_and_keeps_the_data);
    BOOST_SELECTORS_TEST(tests, modify_can_change_data_alone_or_both);
    BOOST_SELECTORS_TEST(tests, a_modify_that_the_system_refuses_leaves_a_clear_state);
    BOOST_SELECTORS_TEST(tests, get_map_is_a_live_view);
    BOOST_SELECTORS_TEST(tests, get_map_walks_each_registration_once);
    BOOST_SELECTORS_TEST(tests, get_map_can_be_walked_while_registrations_end);
    BOOST_SELECTORS_TEST(tests, an_unsupported_trigger_is_refused, needs::no_edge_or_no_oneshot);
    BOOST_SELECTORS_TEST(tests, an_unsupported_event_is_refused, needs::no_priority);
    BOOST_SELECTORS_TEST(tests, close_forgets_all_and_can_be_repeated);
    BOOST_SELECTORS_TEST(tests, after_close_every_call_says_closed);
}

} // namespace boost_selectors::test::conformance

#endif
