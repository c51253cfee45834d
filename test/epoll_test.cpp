// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What epoll_selector promises beyond what all do, when it has to make its epoll set anew.

#define BOOST_TEST_MODULE epoll
#include "boost_test.hpp"
#include <boost_selectors/epoll_selector.hpp>
#include <boost_selectors/test/posix_support.hpp>

namespace {

using namespace boost_selectors;
using namespace boost_selectors::test;

/// Leaves a file in the epoll set that can't be taken out, and has the selector notice it.
class leftover {
public:
    explicit leftover(base_selector& selector)
        : twin_(duplicate(pair_.first)) {
        native_handle_type const number = pair_.first.native_handle();
        selector.register_handle(number, event::read);
        pair_.first.close();
        selector.unregister(number);
        send(pair_.second, "x");
        auto const before = selector.get_statistics().stale_events;
        while (selector.get_statistics().stale_events == before)
            selector.select(1ms);
    }

private:
    stream_pair pair_ = make_stream_pair();
    unique_handle twin_;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_new_set_does_not_watch_the_new_owner_of_a_closed_handles_number) {
    epoll_selector selector;
    auto pair = make_stream_pair();
    selector.register_handle(pair.first, event::read);
    native_handle_type const number = pair.first.native_handle();
    pair.first.close();
    auto const fresh = make_stream_pair();
    unique_handle const reused = fresh.first.native_handle() == number
                                     ? duplicate(fresh.first)
                                     : duplicate_as(number, fresh.first);
    send(fresh.second, "x");
    BOOST_TEST(selector.select(moment).empty());
    leftover const left(selector);
    BOOST_TEST(selector.select(moment).empty());
    BOOST_TEST(selector.unregister(number).handle == number);
}

BOOST_AUTO_TEST_CASE(a_new_set_is_no_problem_if_a_number_stands_for_a_regular_file) {
    epoll_selector selector;
    auto pair = make_stream_pair();
    auto const other = make_stream_pair();
    selector.register_handle(pair.first, event::read);
    selector.register_handle(other.first, event::read);
    native_handle_type const number = pair.first.native_handle();
    pair.first.close();
    auto const file = make_regular_file();
    unique_handle const reused =
        file.native_handle() == number ? duplicate(file) : duplicate_as(number, file);
    leftover const left(selector);
    send(other.second, "x");
    BOOST_TEST(events_of(selector.select(deadline), other.first) == event::read);
}
