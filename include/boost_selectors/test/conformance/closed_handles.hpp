// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_CONFORMANCE_CLOSED_HANDLES_HPP
#define BOOST_SELECTORS_TEST_CONFORMANCE_CLOSED_HANDLES_HPP

#include <boost_selectors/test/support.hpp>
#include <boost_selectors/test/test_list.hpp>

/// @file
/// Handles that are closed before they are unregistered.

namespace boost_selectors::test::conformance {

inline void a_handle_closed_while_registered_is_reported_once(selector_factory const& make) {
    for (event const wanted : {event::read, event::write, event::read | event::write}) {
        auto const selector = make();
        auto pair = make_stream_pair();
        selector_key const key = selector->register_handle(pair.first, wanted);
        pair.first.close();
        auto const list = selector->select(deadline);
        BOOST_REQUIRE(list.size() == 1u);
        BOOST_TEST(list[0].key == key);
        BOOST_TEST(list[0].events == wanted);
        BOOST_TEST(silent_and_asleep(*selector));
        BOOST_TEST(selector->unregister(key.handle) == key);
    }
}

inline void a_handle_closed_while_registered_falls_silent(selector_factory const& make) {
    auto const selector = make();
    auto pair = make_stream_pair();
    selector_key const key = selector->register_handle(pair.first, event::read | event::write);
    pair.first.close();
    BOOST_TEST(silent_and_asleep(*selector));
    BOOST_TEST(selector->unregister(key.handle) == key);
}

inline void a_handle_closed_while_registered_spoils_no_others(selector_factory const& make) {
    auto const selector = make();
    auto pairs = make_stream_pairs(5);
    for (auto const& pair : pairs)
        selector->register_handle(pair.first, event::read);
    native_handle_type const first_number = pairs[1].first.native_handle();
    native_handle_type const second_number = pairs[3].first.native_handle();
    pairs[1].first.close();
    pairs[3].first.close();
    for (std::size_t const i : {0u, 2u, 4u})
        send(pairs[i].second, "x");
    for (int round = 0; round < 3; ++round) {
        auto const list = selector->select(deadline);
        for (std::size_t const i : {0u, 2u, 4u})
            BOOST_TEST(events_of(list, pairs[i].first) == event::read);
    }
    BOOST_TEST(selector->select(deadline).size() == 3u);
    for (std::size_t const i : {0u, 2u, 4u})
        drain(pairs[i].first);
    BOOST_TEST(silent_and_asleep(*selector));
    selector->unregister(first_number);
    selector->unregister(second_number);
    BOOST_TEST(selector->get_map().size() == 3u);
}

inline void a_handle_closed_during_a_wait_does_not_fail_it(selector_factory const& make) {
    auto const selector = make();
    auto pair = make_stream_pair();
    auto const other = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    selector->register_handle(other.first, event::read);
    background_select wait(*selector);
    pair.first.close();
    send(other.second, "x");
    BOOST_TEST(wait.ends());
    BOOST_TEST(!wait.error(), wait.error().message());
    BOOST_TEST(events_of(selector->select(deadline), other.first) == event::read);
}

inline void a_closed_handle_cannot_be_modified(selector_factory const& make) {
    auto const selector = make();
    auto pair = make_stream_pair();
    selector_key const key = selector->register_handle(pair.first, event::read | event::write);
    pair.first.close();
    for (event const wanted : {event::read, event::write}) {
        std::error_code ec;
        selector->modify(key.handle, wanted, ec);
        BOOST_TEST((is_not_open(ec) || ec == error::not_registered), ec.message());
    }
}

/// When a handle is closed, its peer sees the end of the stream at once, even if the registration
/// was modified before, or the selector was closed.
inline void nothing_keeps_a_file_open_after_its_close(selector_factory const& make) {
    auto selector = make();
    for (bool const by_unregister : {true, false}) {
        auto pair = make_stream_pair();
        selector->register_handle(pair.first, event::read);
        BOOST_TEST(selector->select(0ms).empty());
        selector->modify(pair.first, event::read | event::write);
        selector->modify(pair.first, event::read);
        BOOST_TEST(selector->select(0ms).empty());
        selector->modify(pair.first, event::read | event::write);
        if (by_unregister)
            selector->unregister(pair.first);
        else
            selector->close();
        pair.first.close();
        BOOST_TEST(eventually([&] { return at_end(pair.second); }));
    }
}

inline void add_closed_handle_tests(test_list& tests) {
    tests.begin("closed_handles");
    BOOST_SELECTORS_TEST(
        tests, a_handle_closed_while_registered_is_reported_once, needs::closed_handles);
    BOOST_SELECTORS_TEST(
        tests, a_handle_closed_while_registered_falls_silent, needs::no_closed_handles);
    BOOST_SELECTORS_TEST(tests, a_handle_closed_while_registered_spoils_no_others);
    BOOST_SELECTORS_TEST(tests, a_handle_closed_during_a_wait_does_not_fail_it);
    BOOST_SELECTORS_TEST(tests, a_closed_handle_cannot_be_modified);
    BOOST_SELECTORS_TEST(tests, nothing_keeps_a_file_open_after_its_close);
}

} // namespace boost_selectors::test::conformance

#endif
