// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_CONFORMANCE_NATIVE_HANDLE_HPP
#define BOOST_SELECTORS_TEST_CONFORMANCE_NATIVE_HANDLE_HPP

#include <boost_selectors/test/support.hpp>
#include <boost_selectors/test/test_list.hpp>

/// @file
/// The descriptor with which a selector can be registered with another one.

namespace boost_selectors::test::conformance {

inline bool signalled(native_handle_type handle, std::chrono::milliseconds timeout = deadline) {
    return ready_by_system(handle, event::read, timeout);
}

inline void without_a_descriptor_native_handle_fails(selector_factory const& make) {
    auto const selector = make();
    check_fails(
        std::errc::operation_not_supported, [&](auto&... ec) { selector->native_handle(ec...); });
}

inline void the_native_handle_tells_readiness(selector_factory const& make) {
    auto const selector = make();
    auto const before = make_stream_pair();
    selector->register_handle(before.first, event::read);
    native_handle_type const handle = selector->native_handle();
    BOOST_TEST(is_valid(handle));
    BOOST_TEST(selector->native_handle() == handle);
    check_clears_error([&](auto& ec) { selector->native_handle(ec); });
    auto const after = make_stream_pair();
    selector->register_handle(after.first, event::read);
    BOOST_TEST(!signalled(handle, 0ms));
    for (stream_pair const* pair : {&before, &after}) {
        send(pair->second, "x");
        BOOST_TEST(signalled(handle));
        BOOST_TEST(events_of(selector->select(0ms), pair->first) == event::read);
        BOOST_TEST(signalled(handle));
        drain(pair->first);
        BOOST_TEST(selector->select(0ms).empty());
        BOOST_TEST(!signalled(handle, 0ms));
    }
}

inline void the_native_handle_tells_a_wakeup(selector_factory const& make) {
    auto const selector = make();
    native_handle_type const handle = selector->native_handle();
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(!signalled(handle, 0ms));
        selector->wakeup();
        selector->wakeup();
        BOOST_TEST(signalled(handle));
        BOOST_TEST(woken(*selector));
        BOOST_TEST(!signalled(handle, 0ms));
    }
}

inline void the_native_handle_tells_a_wakeup_that_came_before(selector_factory const& make) {
    auto const selector = make();
    selector->wakeup();
    native_handle_type const handle = selector->native_handle();
    BOOST_TEST(signalled(handle, moment));
    BOOST_TEST(woken(*selector));
    BOOST_TEST(!signalled(handle, 0ms));
}

inline void the_native_handle_tells_what_was_left_out(selector_factory const& make) {
    for (trigger const mode : {trigger::level, trigger::edge, trigger::oneshot}) {
        auto const selector = make();
        capabilities const can = selector->get_capabilities();
        if ((mode == trigger::edge && !can.edge) || (mode == trigger::oneshot && !can.oneshot))
            continue;
        native_handle_type const handle = selector->native_handle();
        auto const pairs = make_stream_pairs(3);
        for (auto const& pair : pairs) {
            selector->register_handle(pair.first, {event::read, mode});
            send(pair.second, "x");
        }
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            BOOST_TEST(signalled(handle, moment), "trigger " << static_cast<int>(mode));
            BOOST_TEST(selector->select(0ms, 1).size() == 1u);
        }
        for (auto const& pair : pairs)
            drain(pair.first);
        selector->select(0ms);
        BOOST_TEST(!signalled(handle, 0ms));
    }
}

inline void a_selector_can_watch_another_one(selector_factory const& make) {
    auto const inner = make();
    auto const outer = make();
    auto const pair = make_stream_pair();
    inner->register_handle(pair.first, event::read);
    outer->register_handle(inner->native_handle(), event::read, inner.get());
    BOOST_TEST(outer->select(0ms).empty());
    background_select wait(*outer);
    send(pair.second, "x");
    BOOST_TEST(wait.ends());
    BOOST_REQUIRE(wait.list().size() == 1u);
    BOOST_TEST(wait.list()[0].key.data == inner.get());
    BOOST_TEST(events_of(inner->select(0ms), pair.first) == event::read);
    drain(pair.first);
    BOOST_TEST(inner->select(0ms).empty());
    BOOST_TEST(outer->select(0ms).empty());
    inner->wakeup();
    BOOST_TEST(outer->select(deadline).size() == 1u);
    outer->unregister(inner->native_handle());
}

inline void add_native_handle_tests(test_list& tests) {
    tests.begin("native_handle");
    BOOST_SELECTORS_TEST(tests, without_a_descriptor_native_handle_fails, needs::no_pollable);
    BOOST_SELECTORS_TEST(tests, the_native_handle_tells_readiness, needs::pollable);
    BOOST_SELECTORS_TEST(tests, the_native_handle_tells_a_wakeup, needs::pollable);
    BOOST_SELECTORS_TEST(tests, the_native_handle_tells_a_wakeup_that_came_before, needs::pollable);
    BOOST_SELECTORS_TEST(tests, the_native_handle_tells_what_was_left_out, needs::pollable);
    BOOST_SELECTORS_TEST(tests, a_selector_can_watch_another_one, needs::pollable);
}

} // namespace boost_selectors::test::conformance

#endif
