// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_CONFORMANCE_FORK_HPP
#define BOOST_SELECTORS_TEST_CONFORMANCE_FORK_HPP

#include <boost_selectors/test/posix_support.hpp>
#include <boost_selectors/test/support.hpp>
#include <boost_selectors/test/test_list.hpp>

/// @file
/// Child processes: an inherited selector does no harm, and notify_fork() makes it usable in the
/// child. (Only the parent uses Boost.Test; the child reports by its exit status.)

namespace boost_selectors::test::conformance {

/// A child process that only keeps the inherited descriptors open, until this object is destroyed.
class holding_child {
public:
    holding_child()
        : child_([this] {
            release_.second.close();
            ready_by_system(release_.first.native_handle(), event::read);
            return true;
        }) {}

    bool ends() {
        release_.second.close();
        return child_.succeeds();
    }

private:
    stream_pair release_ = make_pipe();
    child_process child_;
};

inline void what_a_child_process_keeps_alive_is_silent(selector_factory const& make) {
    auto const selector = make();
    auto const other = make_stream_pair();
    auto pair = make_stream_pair();
    move_out_of_the_way(pair.first);
    selector->register_handle(pair.first, event::read | event::write);
    selector->register_handle(other.first, event::read);
    holding_child child;
    native_handle_type const number = pair.first.native_handle();
    pair.first.close();
    selector->unregister(number);
    send(pair.second, "x");
    BOOST_TEST(silent_and_asleep(*selector));
    auto const fresh = make_stream_pair();
    auto const reused = duplicate_as(number, fresh.first);
    selector->register_handle(reused, event::read);
    BOOST_TEST(silent_and_asleep(*selector));
    send(fresh.second, "x");
    send(other.second, "x");
    auto const list = selector->select(deadline);
    BOOST_TEST(list.size() == 2u);
    BOOST_TEST(events_of(list, reused) == event::read);
    BOOST_TEST(events_of(list, other.first) == event::read);
    BOOST_TEST(child.ends());
}

inline void a_child_process_can_go_on_with_the_selector(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    int data = 0;
    selector_key const key = selector->register_handle(pair.first, event::read, &data);
    child_process child([&] {
        selector->notify_fork(fork_event::child);
        if (selector->get_key(pair.first) != key || !selector->select(0ms).empty())
            return false;
        send(pair.second, "x");
        auto const list = selector->select(deadline);
        if (list.size() != 1 || list[0].key != key)
            return false;
        auto const fresh = make_stream_pair();
        selector->register_handle(fresh.first, event::write);
        if (events_of(selector->select(deadline), fresh.first) != event::write)
            return false;
        selector->unregister(fresh.first);
        drain(pair.first);
        selector->wakeup();
        return woken(*selector) && selector->select(moment).empty();
    });
    BOOST_TEST(child.succeeds());
}

inline void what_a_child_process_changes_the_parent_does_not_see(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    auto const other = make_stream_pair();
    selector_key const key = selector->register_handle(pair.first, event::read);
    child_process child([&] {
        selector->notify_fork(fork_event::child);
        selector->unregister(pair.first);
        selector->register_handle(other.first, event::write);
        selector->wakeup();
        selector->select(deadline);
        selector->wakeup();
        selector->close();
        return true;
    });
    BOOST_TEST(child.succeeds());
    BOOST_TEST(selector->get_map().size() == 1u);
    BOOST_TEST(silent_and_asleep(*selector));
    send(pair.second, "x");
    auto const list = selector->select(deadline);
    BOOST_REQUIRE(list.size() == 1u);
    BOOST_TEST(list[0].key == key);
}

inline void what_the_parent_changes_a_child_process_does_not_see(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    auto start = make_pipe();
    selector->register_handle(pair.first, event::read);
    child_process child([&] {
        selector->notify_fork(fork_event::child);
        ready_by_system(start.first.native_handle(), event::read);
        return selector->get_map().size() == 1 && selector->select(moment).empty() &&
               (send(pair.second, "x"), selector->select(deadline).size() == 1);
    });
    selector->unregister(pair.first);
    selector->wakeup();
    selector->select(deadline);
    selector->wakeup();
    send(start.second, "x");
    BOOST_TEST(child.succeeds());
    selector->select(deadline);
    BOOST_TEST(silent_and_asleep(*selector));
}

inline void a_child_process_leaves_out_what_it_has_closed(selector_factory const& make) {
    auto const selector = make();
    auto pair = make_stream_pair();
    auto const other = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    selector->register_handle(other.first, event::write);
    child_process child([&] {
        pair.first.close();
        std::error_code ec = error::closed;
        selector->notify_fork(fork_event::child, ec);
        if (ec || selector->select(deadline).size() != 1)
            return false;
        return events_of(selector->select(deadline), other.first) == event::write;
    });
    BOOST_TEST(child.succeeds());
}

inline void a_child_process_keeps_the_triggers(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    interest const once{event::read, trigger::oneshot};
    selector->register_handle(pair.first, once);
    send(pair.second, "x");
    BOOST_TEST(selector->select(deadline).size() == 1u);
    child_process child([&] {
        selector->notify_fork(fork_event::child);
        if (!selector->select(moment).empty()) // The oneshot has fired.
            return false;
        selector->modify(pair.first, once);
        return selector->select(deadline).size() == 1 && selector->select(moment).empty();
    });
    BOOST_TEST(child.succeeds());
}

inline void a_selector_may_be_destroyed_in_a_child_process(selector_factory const& make) {
    auto selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    child_process child([&] {
        selector.reset(); // Without notify_fork().
        return true;
    });
    BOOST_TEST(child.succeeds());
    send(pair.second, "x");
    BOOST_TEST(events_of(selector->select(deadline), pair.first) == event::read);
    selector->wakeup();
    drain(pair.first);
    BOOST_TEST(woken(*selector));
}

inline void the_native_handle_of_a_child_process_is_its_own(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    native_handle_type const handle = selector->native_handle();
    child_process child([&] {
        selector->notify_fork(fork_event::child);
        native_handle_type const own = selector->native_handle();
        selector->wakeup();
        return ready_by_system(own, event::read) && woken(*selector) &&
               !ready_by_system(own, event::read, 0ms);
    });
    BOOST_TEST(child.succeeds());
    BOOST_TEST(!ready_by_system(handle, event::read, 0ms));
    send(pair.second, "x");
    BOOST_TEST(ready_by_system(handle, event::read));
}

inline void a_child_process_that_was_not_told_takes_nothing_from_its_parent(
    selector_factory const& make) {
    auto const selector = make();
    auto pair = make_stream_pair();
    auto const other = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    selector->register_handle(other.first, event::read);
    BOOST_TEST(silent(*selector));
    child_process child([&] {
        selector->unregister(pair.first);
        pair.first.close();
        selector->close();
        return true;
    });
    BOOST_TEST(child.succeeds());
    send(pair.second, "x");
    send(other.second, "x");
    auto const list = selector->select(deadline);
    BOOST_TEST(list.size() == 2u);
    BOOST_TEST(events_of(list, pair.first) == event::read);
}

inline void what_a_child_process_keeps_alive_leaves_the_native_handle_alone(
    selector_factory const& make) {
    auto const selector = make();
    native_handle_type const own = selector->native_handle();
    auto pair = make_stream_pair();
    selector->register_handle(pair.first, event::write);
    holding_child child;
    native_handle_type const number = pair.first.native_handle();
    pair.first.close();
    selector->unregister(number);
    for (int i = 0; i < 3; ++i) // The selector finds and drops stale events.
        BOOST_TEST(selector->select(1ms).empty());
    BOOST_TEST(!ready_by_system(own, event::read, 0ms));
    selector->wakeup();
    BOOST_TEST(ready_by_system(own, event::read, 0ms));
    BOOST_TEST(child.ends());
}

inline void a_child_process_waits_for_no_thread_of_its_parent(selector_factory const& make) {
    auto selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    background_select wait(*selector);
    child_process unregistering([&] {
        selector->unregister(pair.first);
        return !selector->find(pair.first);
    });
    child_process closing([&] {
        selector->close();
        return !selector->is_open();
    });
    child_process destroying([&] {
        selector.reset();
        return true;
    });
    child_process asking([&] {
        std::error_code ec;
        selector->wakeup();
        selector->register_handle(pair.second, event::read, ec);
        bool const refused = ec == error::forked;
        selector->select(deadline, ec);
        return refused && ec == error::forked && selector->find(pair.first);
    });
    for (child_process* const child : {&unregistering, &closing, &destroying, &asking})
        BOOST_TEST(child->succeeds());
    BOOST_TEST(!wait.ended());
    send(pair.second, "x");
    BOOST_TEST(wait.ends());
    BOOST_TEST(events_of(wait.list(), pair.first) == event::read);
}

inline void a_thread_that_waits_rests_during_a_fork(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    auto const other = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    background_select wait(*selector);
    selector->notify_fork(fork_event::prepare);
    child_process child([&] {
        selector->notify_fork(fork_event::child);
        selector->register_handle(other.first, event::write);
        return events_of(selector->select(deadline), other.first) == event::write;
    });
    selector->notify_fork(fork_event::parent);
    BOOST_TEST(child.succeeds());
    BOOST_TEST(!wait.ended());
    send(pair.second, "x");
    BOOST_TEST(wait.ends());
    BOOST_TEST(events_of(wait.list(), pair.first) == event::read);
}

inline void who_forks_may_use_the_selector_meanwhile(selector_factory const& make) {
    auto selector = make();
    auto const pair = make_stream_pair();
    selector->notify_fork(fork_event::prepare);
    selector->register_handle(pair.first, event::write);
    BOOST_TEST(events_of(selector->select(deadline), pair.first) == event::write);
    selector->notify_fork(fork_event::prepare); // Again.
    selector->unregister(pair.first);
    selector->notify_fork(fork_event::parent);
    selector->notify_fork(fork_event::parent);
    BOOST_TEST(silent_and_asleep(*selector));
    selector->notify_fork(fork_event::prepare);
    selector.reset(); // As when the parent of a daemon exits.
}

inline void a_child_process_needs_no_more_descriptors_than_its_parent(
    selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::write);
    child_process child([&] {
        descriptor_limit const limit(200);
        auto const taken = take_all_descriptors(pair.first);
        selector->notify_fork(fork_event::child);
        return events_of(selector->select(deadline), pair.first) == event::write;
    });
    BOOST_TEST(child.succeeds());
}

inline void a_child_process_that_got_no_descriptors_is_harmless_and_may_try_again(
    selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    auto const other = make_stream_pair();
    auto const fresh = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    selector->register_handle(other.first, event::read);
    child_process child([&] {
        std::error_code failed, refused;
        {
            descriptor_limit const limit(0);
            selector->notify_fork(fork_event::child, failed);
        }
        selector->register_handle(fresh.first, event::write, refused);
        selector->unregister(other.first);
        selector->wakeup();
        if (!failed || refused != error::forked)
            return false;
        selector->notify_fork(fork_event::child);
        selector->register_handle(fresh.first, event::write);
        return selector->get_map().size() == 2 &&
               events_of(selector->select(deadline), fresh.first) == event::write;
    });
    BOOST_TEST(child.succeeds());
    BOOST_TEST(silent_and_asleep(*selector));
    send(pair.second, "x");
    send(other.second, "x");
    BOOST_TEST(selector->select(deadline).size() == 2u);
    selector->wakeup();
    drain(pair.first);
    drain(other.first);
    BOOST_TEST(woken(*selector));
}

inline void what_a_child_process_opens_is_not_closed_for_it(selector_factory const& make) {
    auto selector = make();
    auto const pair = make_stream_pair();
    auto const other = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    selector->register_handle(other.first, event::write);
    descriptor_limit const limit(200);
    auto const all_are_open = [](std::vector<unique_handle> const& handles) {
        return std::all_of(handles.begin(), handles.end(), [](unique_handle const& handle) {
            return ::fcntl(handle.native_handle(), F_GETFD) != -1;
        });
    };
    child_process ending([&] {
        selector->close();
        auto const own = take_all_descriptors(pair.first);
        selector.reset();
        return all_are_open(own);
    });
    BOOST_TEST(ending.succeeds());
    child_process going_on([&] {
        selector->unregister(pair.first);
        auto own = take_all_descriptors(pair.first);
        std::error_code ec;
        selector->notify_fork(fork_event::child, ec); // No descriptor is free for it.
        if (ec == std::errc::operation_not_supported)
            return all_are_open(own);
        if (!ec || !all_are_open(own))
            return false;
        own.erase(own.end() - 10, own.end());
        selector->notify_fork(fork_event::child);
        return all_are_open(own) &&
               events_of(selector->select(deadline), other.first) == event::write;
    });
    BOOST_TEST(going_on.succeeds());
}

inline void add_fork_tests(test_list& tests) {
    tests.begin("fork");
    BOOST_SELECTORS_TEST(tests, what_a_child_process_keeps_alive_is_silent, needs::late_unregister);
    BOOST_SELECTORS_TEST(tests, a_child_process_can_go_on_with_the_selector, needs::fork);
    BOOST_SELECTORS_TEST(tests, what_a_child_process_changes_the_parent_does_not_see, needs::fork);
    BOOST_SELECTORS_TEST(tests, what_the_parent_changes_a_child_process_does_not_see, needs::fork);
    BOOST_SELECTORS_TEST(tests, a_child_process_leaves_out_what_it_has_closed, needs::fork);
    BOOST_SELECTORS_TEST(tests, a_child_process_keeps_the_triggers, needs::fork, needs::oneshot);
    BOOST_SELECTORS_TEST(tests, a_selector_may_be_destroyed_in_a_child_process);
    BOOST_SELECTORS_TEST(tests, a_child_process_waits_for_no_thread_of_its_parent);
    BOOST_SELECTORS_TEST(tests, what_a_child_process_opens_is_not_closed_for_it);
    BOOST_SELECTORS_TEST(tests, a_thread_that_waits_rests_during_a_fork, needs::fork);
    BOOST_SELECTORS_TEST(tests, who_forks_may_use_the_selector_meanwhile);
    BOOST_SELECTORS_TEST(tests, a_child_process_needs_no_more_descriptors_than_its_parent,
        needs::fork, needs::spare_fork);
    BOOST_SELECTORS_TEST(
        tests, a_child_process_that_got_no_descriptors_is_harmless_and_may_try_again, needs::fork);
    BOOST_SELECTORS_TEST(tests, a_child_process_that_was_not_told_takes_nothing_from_its_parent);
    BOOST_SELECTORS_TEST(tests, what_a_child_process_keeps_alive_leaves_the_native_handle_alone,
        needs::late_unregister, needs::pollable);
    BOOST_SELECTORS_TEST(
        tests, the_native_handle_of_a_child_process_is_its_own, needs::fork, needs::pollable);
}

} // namespace boost_selectors::test::conformance

#endif
