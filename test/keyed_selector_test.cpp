// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// keyed_selector: a selector that owns a value for each handle.

#define BOOST_TEST_MODULE keyed_selector
#include <boost/test/unit_test.hpp>
#include <boost_selectors/keyed_selector.hpp>
#include <boost_selectors/selectors.hpp>
#include <boost_selectors/test/support.hpp>
#include <functional>
#include <memory>
#include <string>

namespace {

using namespace boost_selectors;
using namespace boost_selectors::test;

using string_selector = keyed_selector<std::string>;

auto fails_with(std::error_code expected) {
    return [expected](std::system_error const& e) { return e.code() == expected; };
}

template <class T>
std::size_t count_ready(keyed_selector<T>& selector) {
    std::size_t n = 0;
    for ([[maybe_unused]] auto const& entry : selector.select(0ms))
        ++n;
    return n;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_ready_handle_comes_with_its_value) {
    string_selector selector;
    auto const pair = make_stream_pair();
    std::string& kept = selector.register_handle(pair.first, event::read, "mine");
    BOOST_TEST(kept == "mine");
    BOOST_TEST(count_ready(selector) == 0u);
    send(pair.second, "x");
    int times = 0;
    for (auto [ready, value] : selector.select(deadline)) {
        BOOST_TEST(ready.key.handle == pair.first.native_handle());
        BOOST_TEST(ready.readable());
        BOOST_TEST(&value == &kept);
        value += "!";
        ++times;
    }
    BOOST_TEST(times == 1);
    BOOST_TEST(*selector.find(pair.first) == "mine!");
}

BOOST_AUTO_TEST_CASE(callbacks_can_be_values) {
    keyed_selector<std::function<void(ready_event const&)>> selector;
    auto const pair = make_stream_pair();
    std::string received;
    selector.register_handle(pair.first, event::read,
        [&](ready_event const&) { received += receive(pair.first).value(); });
    send(pair.second, "hello");
    for (auto [ready, callback] : selector.select())
        callback(ready);
    BOOST_TEST(received == "hello");
}

BOOST_AUTO_TEST_CASE(values_need_not_be_copyable) {
    keyed_selector<std::unique_ptr<int>> selector(make_selector("select"));
    auto const pair = make_stream_pair();
    selector.register_handle(pair.first, event::write, std::make_unique<int>(5));
    for (auto [ready, value] : selector.select(deadline))
        ++*value;
    BOOST_TEST(*selector.extract(pair.first) == 6);
}

BOOST_AUTO_TEST_CASE(size_counts_the_handles) {
    string_selector selector;
    BOOST_TEST(selector.empty());
    auto const pair = make_stream_pair();
    selector.register_handle(pair.first, event::read, "a");
    selector.register_handle(pair.second, event::read, "b");
    BOOST_TEST(selector.size() == 2u);
    BOOST_TEST(selector.selector().get_map().size() == 2u);
    BOOST_TEST(selector.extract(pair.first) == "a");
    BOOST_TEST(selector.size() == 1u);
    BOOST_TEST(selector.find(pair.first) == nullptr);
    BOOST_TEST(*std::as_const(selector).find(pair.second) == "b");
}

BOOST_AUTO_TEST_CASE(a_failed_registration_keeps_the_old_value) {
    string_selector selector;
    auto const pair = make_stream_pair();
    selector.register_handle(pair.first, event::read, "first");
    BOOST_CHECK_EXCEPTION(selector.register_handle(pair.first, event::write, "second"),
        std::system_error, fails_with(error::already_registered));
    BOOST_TEST(*selector.find(pair.first) == "first");
    BOOST_CHECK_EXCEPTION(selector.register_handle(pair.second, event::none, "none"),
        std::system_error, fails_with(error::invalid_events));
    BOOST_TEST(selector.find(pair.second) == nullptr);
    BOOST_TEST(selector.size() == 1u);
}

BOOST_AUTO_TEST_CASE(modify_keeps_the_value) {
    string_selector selector;
    auto const pair = make_stream_pair();
    std::string const& kept = selector.register_handle(pair.first, event::read, "mine");
    selector.modify(pair.first, event::write);
    for (auto [ready, value] : selector.select(deadline)) {
        BOOST_TEST(ready.events == event::write);
        BOOST_TEST(&value == &kept);
    }
    BOOST_CHECK_EXCEPTION(selector.modify(pair.first, event::none), std::system_error,
        fails_with(error::invalid_events));
    BOOST_TEST(*selector.find(pair.first) == "mine");
}

BOOST_AUTO_TEST_CASE(an_unknown_handle_is_not_registered) {
    string_selector selector;
    auto const pair = make_stream_pair();
    auto const unknown = fails_with(error::not_registered);
    BOOST_CHECK_EXCEPTION(selector.modify(pair.first, event::read), std::system_error, unknown);
    BOOST_CHECK_EXCEPTION(selector.unregister(pair.first), std::system_error, unknown);
    BOOST_TEST(selector.find(pair.first) == nullptr);
    BOOST_TEST(selector.find(invalid_native_handle) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_handle_can_be_unregistered_after_its_close) {
    string_selector selector;
    auto pair = make_stream_pair();
    native_handle_type const handle = pair.first.native_handle();
    selector.register_handle(pair.first, event::read, "mine");
    pair.first.close();
    BOOST_TEST(selector.extract(handle) == "mine");
    BOOST_TEST(selector.empty());
}

BOOST_AUTO_TEST_CASE(a_callback_may_unregister_itself) {
    keyed_selector<std::function<void()>> selector(make_selector("select"));
    auto const pair = make_stream_pair();
    auto const witness = std::make_shared<int>(0);
    selector.register_handle(pair.first, event::write, [&selector, &pair, witness] {
        selector.unregister(pair.first);
        ++*witness; // Captured by the callback, which is still alive.
    });
    for (auto [ready, callback] : selector.select(deadline))
        callback();
    BOOST_TEST(*witness == 1);
    BOOST_TEST(selector.empty());
    (void)selector.select(0ms);
    BOOST_TEST(witness.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(a_value_may_unregister_others_when_it_is_destroyed) {
    keyed_selector<std::shared_ptr<void>> selector(make_selector("select"));
    auto const pair = make_stream_pair();
    selector.register_handle(pair.second, event::read, nullptr);
    selector.register_handle(pair.first, event::read,
        std::shared_ptr<void>(&selector, [&](void*) { selector.unregister(pair.second); }));
    selector.unregister(pair.first);
    BOOST_TEST(selector.size() == 1u);
    (void)selector.select(0ms);
    BOOST_TEST(selector.empty());
}

BOOST_AUTO_TEST_CASE(what_is_unregistered_while_the_list_is_walked_is_left_out) {
    string_selector selector;
    auto const pairs = make_stream_pairs(4);
    for (auto const& pair : pairs)
        selector.register_handle(pair.first, event::write, "x");
    int times = 0;
    for (auto [ready, value] : selector.select(deadline)) {
        for (auto const& pair : pairs)
            if (selector.find(pair.first))
                selector.unregister(pair.first);
        value += "still there until the next select()";
        ++times;
    }
    BOOST_TEST(times == 1);
    BOOST_TEST(selector.empty());
    BOOST_TEST(count_ready(selector) == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_registered_again_while_the_list_is_walked_is_left_out) {
    string_selector selector;
    auto const pairs = make_stream_pairs(2);
    for (auto const& pair : pairs)
        selector.register_handle(pair.first, event::write, "old");
    int times = 0;
    for ([[maybe_unused]] auto const& item : selector.select(deadline)) {
        for (auto const& pair : pairs) {
            selector.unregister(pair.first);
            selector.register_handle(pair.first, event::write, "new");
        }
        ++times;
    }
    BOOST_TEST(times == 1);
    for (auto [ready, value] : selector.select(deadline))
        BOOST_TEST(value == "new");
    BOOST_TEST(count_ready(selector) == 2u);
}

BOOST_AUTO_TEST_CASE(max_events_and_wakeup_work_as_below) {
    string_selector selector;
    auto const pairs = make_stream_pairs(3);
    for (auto const& pair : pairs)
        selector.register_handle(pair.first, event::write, "x");
    std::size_t n = 0;
    for ([[maybe_unused]] auto const& entry : selector.select(deadline, 2))
        ++n;
    BOOST_TEST(n == 2u);
    for (auto const& pair : pairs)
        selector.unregister(pair.first);
    selector.wakeup();
    for ([[maybe_unused]] auto const& entry : selector.select())
        BOOST_ERROR("nothing is registered");
}

BOOST_AUTO_TEST_CASE(a_selector_is_needed) {
    BOOST_CHECK_EXCEPTION(string_selector(nullptr), std::system_error,
        fails_with(std::make_error_code(std::errc::invalid_argument)));
}

BOOST_AUTO_TEST_CASE(a_closed_selector_says_so) {
    string_selector selector;
    auto const pair = make_stream_pair();
    selector.register_handle(pair.first, event::read, "mine");
    selector.selector().close();
    auto const closed = fails_with(error::closed);
    BOOST_CHECK_EXCEPTION(selector.select(0ms), std::system_error, closed);
    BOOST_CHECK_EXCEPTION(
        selector.register_handle(pair.second, event::read, "new"), std::system_error, closed);
    BOOST_CHECK_EXCEPTION(selector.modify(pair.first, event::read), std::system_error, closed);
    BOOST_CHECK_EXCEPTION(selector.unregister(pair.second), std::system_error, closed);
}

BOOST_AUTO_TEST_CASE(the_error_code_forms_tell_what_the_others_throw) {
    string_selector selector;
    auto const pair = make_stream_pair();
    std::error_code ec = error::closed;
    std::string* const kept = selector.register_handle(pair.first, event::read, "mine", ec);
    BOOST_TEST(!ec);
    BOOST_REQUIRE(kept);
    BOOST_TEST(selector.register_handle(pair.first, event::read, "again", ec) == nullptr);
    BOOST_TEST((ec == error::already_registered));
    BOOST_TEST(*selector.find(pair.first) == "mine");
    selector.modify(pair.first, event::write, ec);
    BOOST_TEST(!ec);
    BOOST_TEST(!selector.select(0ms, ec).empty());
    selector.modify(pair.second, event::write, ec);
    BOOST_TEST((ec == error::not_registered));
    BOOST_TEST(selector.extract(pair.first, ec).value() == "mine");
    BOOST_TEST(!ec);
    BOOST_TEST(!selector.extract(pair.first, ec));
    BOOST_TEST((ec == error::not_registered));
    selector.unregister(pair.first, ec);
    BOOST_TEST((ec == error::not_registered));
    BOOST_TEST(selector.empty());
    selector.register_handle(closed_handle(), event::read, "closed", ec);
    BOOST_TEST(is_not_open(ec));
    BOOST_TEST(selector.empty());
}

BOOST_AUTO_TEST_CASE(a_keyed_selector_can_be_made_from_a_backend) {
    string_selector selector(make_backend("select"));
    BOOST_TEST(selector.selector().name() == "select");
}
