// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The small types of the core: events, interests, keys, handles and errors.

#define BOOST_TEST_MODULE core
#include <boost/test/unit_test.hpp>
#include <boost_selectors/selectors.hpp>
#include <iterator>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <type_traits>

namespace {

using namespace boost_selectors;

static_assert((event::read | event::write) == static_cast<event>(3));
static_assert((all_events & event::priority) == event::priority);
static_assert(~event::read == (event::write | event::priority));
static_assert(~all_events == event::none);
static_assert(~event::none == all_events);
static_assert(has(all_events, event::write));
static_assert(has(event::read, event::read | event::write));
static_assert(!has(event::read, event::write));
static_assert(!has(event::none, all_events));
static_assert(!has(all_events, event::none));

static_assert(std::is_convertible_v<event, interest>);
static_assert(interest(event::read).mode == trigger::level);
static_assert(interest(event::read) == interest(event::read, trigger::level));
static_assert(interest(event::read) != interest(event::read, trigger::edge));
static_assert(interest(event::read) != interest(event::write));

static_assert(std::is_trivially_copyable_v<selector_key>);
static_assert(std::is_trivially_copyable_v<ready_event>);
static_assert(std::is_aggregate_v<selector_key>);
static_assert(std::is_aggregate_v<ready_event>);

static_assert(!std::is_copy_constructible_v<base_selector>);
static_assert(!std::is_move_constructible_v<base_selector>);
static_assert(std::has_virtual_destructor_v<base_selector>);
static_assert(std::is_base_of_v<base_selector, default_selector>);

static_assert(std::is_convertible_v<ready_list, std::span<ready_event const>>);
static_assert(std::is_trivially_copyable_v<ready_list>);

static_assert(!is_valid(invalid_native_handle));
static_assert(is_valid(native_handle_type{0}));

struct const_socket {
    native_handle_type native_handle() const { return 7; }
};
struct asio_like_socket {
    native_handle_type native_handle() { return 8; }
};
struct no_socket {
    int handle() const { return 9; }
};

static_assert(has_native_handle<const_socket>);
static_assert(has_native_handle<const_socket const&>);
static_assert(has_native_handle<asio_like_socket&>);
static_assert(!has_native_handle<asio_like_socket const&>);
static_assert(!has_native_handle<no_socket>);
static_assert(!has_native_handle<int>);
static_assert(std::is_convertible_v<asio_like_socket&, handle_argument>);
static_assert(!std::is_convertible_v<no_socket&, handle_argument>);

constexpr error all_errors[] = {error::already_registered, error::not_registered,
    error::invalid_events, error::invalid_handle, error::closed, error::unsupported_trigger,
    error::unsupported_event, error::limit_reached, error::already_selecting,
    error::unknown_backend, error::forked};

} // namespace

BOOST_AUTO_TEST_CASE(events_combine_in_place) {
    event e = event::none;
    e |= event::read;
    e |= event::priority;
    BOOST_TEST((e == (event::read | event::priority)));
    e &= ~event::read;
    BOOST_TEST((e == event::priority));
}

BOOST_AUTO_TEST_CASE(keys_are_equal_by_value) {
    int data = 0;
    selector_key const key{3, event::read, &data};
    BOOST_TEST((key == selector_key{3, event::read, &data}));
    BOOST_TEST((key != selector_key{4, event::read, &data}));
    BOOST_TEST((key != selector_key{3, event::write, &data}));
    BOOST_TEST((key != selector_key{3, {event::read, trigger::edge}, &data}));
    BOOST_TEST((key != selector_key{3, event::read, nullptr}));
}

BOOST_AUTO_TEST_CASE(a_ready_event_tells_what_for) {
    ready_event ready{{3, all_events, nullptr}, event::read, false, false};
    BOOST_TEST((ready.readable() && !ready.writable() && !ready.urgent()));
    ready.events = event::write | event::priority;
    BOOST_TEST((!ready.readable() && ready.writable() && ready.urgent()));
}

BOOST_AUTO_TEST_CASE(a_handle_argument_takes_handles_and_their_owners) {
    asio_like_socket socket;
    BOOST_TEST(handle_argument(5).get() == 5);
    BOOST_TEST(handle_argument(const_socket()).get() == 7);
    BOOST_TEST(handle_argument(socket).get() == 8);
    handle_argument const copied = handle_argument(socket);
    BOOST_TEST(handle_argument(copied).get() == 8);
}

BOOST_AUTO_TEST_CASE(each_error_has_a_message_of_its_own) {
    std::set<std::string> messages;
    for (error const e : all_errors)
        messages.insert(make_error_code(e).message());
    BOOST_TEST(messages.size() == std::size(all_errors));
    BOOST_TEST(messages.count("") == 0u);
    std::string const unknown = selectors_category().message(9999);
    BOOST_TEST(!unknown.empty());
    BOOST_TEST(messages.count(unknown) == 0u);
}

BOOST_AUTO_TEST_CASE(errors_are_error_codes) {
    std::error_code const ec = error::closed;
    BOOST_TEST((ec == error::closed));
    BOOST_TEST((ec != error::not_registered));
    BOOST_TEST((ec.category() == selectors_category()));
    BOOST_TEST(ec.category().name() == std::string("boost_selectors"));
    for (error const e : all_errors)
        BOOST_TEST(bool(make_error_code(e))); // None of them is "no error".
}

BOOST_AUTO_TEST_CASE(level_triggering_is_what_every_selector_has) {
    capabilities const can;
    BOOST_TEST(!can.edge);
    BOOST_TEST(!can.oneshot);
    BOOST_TEST(!can.live_updates);
    BOOST_TEST((can.resolution == std::chrono::milliseconds(1)));
}

BOOST_AUTO_TEST_CASE(events_triggers_and_interests_can_be_printed) {
    auto const printed = [](auto value) {
        std::ostringstream out;
        out << value;
        return out.str();
    };
    BOOST_TEST(printed(event::none) == "none");
    BOOST_TEST(printed(event::write) == "write");
    BOOST_TEST(printed(all_events) == "read|write|priority");
    BOOST_TEST(printed(trigger::level) == "level");
    BOOST_TEST(printed(trigger::edge) == "edge");
    BOOST_TEST(printed(trigger::oneshot) == "oneshot");
    BOOST_TEST(printed(static_cast<trigger>(9)) == "trigger(9)");
    BOOST_TEST(printed(interest(event::read)) == "read");
    BOOST_TEST(printed(interest(event::read, trigger::edge)) == "read (edge)");
}

BOOST_AUTO_TEST_CASE(a_ready_list_is_a_view) {
    ready_event const events[] = {{{3, event::read, nullptr}, event::read, false, false},
        {{4, event::write, nullptr}, event::write, false, true}};
    ready_list const list(events, 2);
    BOOST_TEST(list.size() == 2u);
    BOOST_TEST(!list.empty());
    BOOST_TEST(list[1].error);
    BOOST_TEST(std::distance(list.begin(), list.end()) == 2);
    std::span<ready_event const> const span = list;
    BOOST_TEST(span.data() == list.data());
    BOOST_TEST(ready_list().empty());
}

BOOST_AUTO_TEST_CASE(a_token_has_an_index) {
    token const id = detail::make_token(5, 77);
    BOOST_TEST(index_of(id) == 77u);
    BOOST_TEST(detail::generation_of(id) == 5u);
}
