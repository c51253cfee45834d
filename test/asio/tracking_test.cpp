// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The reactor makes the same handler tracking calls as Asio's own. Tracking also makes a race
// testable, because it is called between an event and the reactor's reaction.

#define BOOST_ASIO_CUSTOM_HANDLER_TRACKING "tracking.hpp"
#define BOOST_TEST_MODULE asio_tracking
#include "support.hpp"

#include <boost_selectors/asio.hpp>

using namespace asio_test;
using tracking::entry;

namespace {

/// @return the index of the first matching entry from @p start on, or the log's size.
template <class Predicate>
std::size_t find(std::size_t start, Predicate predicate) {
    auto const begin = tracking::log.begin();
    return static_cast<std::size_t>(
        std::find_if(begin + static_cast<std::ptrdiff_t>(start), tracking::log.end(), predicate) -
        begin);
}

/// The identity of a handle's last registration.
std::uintmax_t identity_of(std::uintmax_t handle) {
    std::uintmax_t id = 0;
    for (entry const& e : tracking::log)
        if (e.kind == entry::what::registration && e.value == handle)
            id = e.id;
    return id;
}

} // namespace

BOOST_AUTO_TEST_CASE(registration_events_operations_and_deregistration_are_told) {
    asio::io_context context;
    auto pair = connect_tcp(context);
    auto const handle = static_cast<std::uintmax_t>(pair.first.native_handle());
    std::size_t const start = find(0,
        [&](entry const& e) { return e.kind == entry::what::registration && e.value == handle; });
    BOOST_REQUIRE(start < tracking::log.size());
    std::uintmax_t const id = tracking::log[start].id;

    outcome read;
    char data[4];
    pair.first.async_read_some(asio::buffer(data), into(read));
    poll_often(context);
    send(pair.second, "data");
    run(context);
    BOOST_TEST(read.succeeded());
    pair.first.close();

    std::size_t const ready = find(start, [&](entry const& e) {
        return e.kind == entry::what::events && e.id == id &&
               (e.value & BOOST_ASIO_HANDLER_REACTOR_READ_EVENT) != 0;
    });
    std::size_t const performed = find(ready, [](entry const& e) {
        return e.kind == entry::what::operation && e.operation == "non_blocking_recv";
    });
    std::size_t const ended = find(performed, [&](entry const& e) {
        return e.kind == entry::what::deregistration && e.id == id && e.value == handle;
    });
    BOOST_REQUIRE(ended < tracking::log.size());
    BOOST_TEST(tracking::log[performed].bytes == 4u);
}

BOOST_AUTO_TEST_CASE(an_event_that_comes_late_is_not_taken_for_one_of_a_new_descriptor) {
    constexpr int generations = 4096; // An identity of 32 bits distinguishes these.
    asio::io_context context;
    auto old = connect_tcp(context);
    tcp::socket fresh(context);
    asio::io_context elsewhere;
    auto spare = connect_tcp(elsewhere);
    auto const id = identity_of(static_cast<std::uintmax_t>(old.first.native_handle()));
    outcome before, after;
    old.first.async_wait(tcp::socket::wait_read, into(before));
    send(old.second, "x");
    bool seen = false;
    tracking::on_events = [&](std::uintmax_t event_id) {
        if (event_id != id || std::exchange(seen, true))
            return;
        std::thread other([&] {
            old.first.close();
            for (int i = 1; i < generations; ++i) {
                fresh.open(tcp::v4());
                fresh.close();
            }
            fresh.assign(tcp::v4(), spare.first.release());
            fresh.async_wait(tcp::socket::wait_read, into(after));
        });
        other.join();
    };
    poll_often(context);
    tracking::on_events = nullptr;
    BOOST_TEST(seen);
    BOOST_TEST(before.aborted());
    BOOST_TEST(after.calls == 0);
}
