// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_CONFORMANCE_DESCRIPTORS_HPP
#define BOOST_SELECTORS_TEST_CONFORMANCE_DESCRIPTORS_HPP

#include <boost_selectors/test/posix_support.hpp>
#include <boost_selectors/test/support.hpp>
#include <boost_selectors/test/test_list.hpp>
#include <cstring>
#include <fcntl.h>
#include <sys/select.h>
#include <unistd.h>

/// @file
/// Descriptors of POSIX systems: closed, reused, duplicated; of any kind, value and number.

namespace boost_selectors::test::conformance {

inline void unregister_leaves_the_numbers_new_owner_alone(selector_factory const& make) {
    auto const selector = make();
    auto const other = make();
    auto pair = make_stream_pair();
    auto const fresh = make_stream_pair();
    move_out_of_the_way(pair.first);
    selector_key const old = selector->register_handle(pair.first, event::read);
    pair.first.close();
    auto const reused = duplicate_as(old.handle, fresh.first);
    int data = 0;
    selector_key const key = other->register_handle(reused, event::read, &data);
    BOOST_TEST(selector->unregister(old.handle) == old);
    send(fresh.second, "x");
    auto list = other->select(deadline);
    BOOST_REQUIRE(list.size() == 1u);
    BOOST_TEST(list[0].key == key);
    BOOST_TEST(silent(*selector));

    BOOST_TEST(selector->register_handle(reused, event::read, &data) == key);
    list = selector->select(deadline);
    BOOST_REQUIRE(list.size() == 1u);
    BOOST_TEST(list[0].key == key);
}

inline void a_number_can_be_reused_again_and_again(selector_factory const& make) {
    auto const selector = make();
    for (int i = 0; i < 100; ++i) {
        auto const pair = make_stream_pair();
        auto handle = duplicate(pair.first, 700);
        native_handle_type const number = handle.native_handle();
        BOOST_REQUIRE(number == 700);
        selector_key const key = selector->register_handle(number, event::write, &i);
        auto const list = selector->select(deadline);
        BOOST_REQUIRE(list.size() == 1u);
        BOOST_TEST(list[0].key == key);
        if (i % 2 == 0)
            handle.close();
        BOOST_TEST(selector->unregister(number) == key);
    }
    BOOST_TEST(silent_and_asleep(*selector));
}

inline void duplicates_are_registered_apart(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    auto const twin = duplicate(pair.first);
    selector->register_handle(pair.first, event::read);
    selector->register_handle(twin, event::read | event::write);
    send(pair.second, "x");
    auto const list = selector->select(deadline);
    BOOST_TEST(list.size() == 2u);
    BOOST_TEST(events_of(list, pair.first) == event::read);
    BOOST_TEST(events_of(list, twin) == (event::read | event::write));
    selector->unregister(pair.first);
    BOOST_TEST(selector->select(deadline).size() == 1u);
}

/// A registration whose descriptor was closed before it was unregistered, while a duplicate keeps
/// the file open and readable.
struct leftover {
    explicit leftover(base_selector& selector, interest wanted = event::read)
        : pair(make_stream_pair())
        , twin(duplicate(pair.first)) {
        move_out_of_the_way(pair.first);
        number = pair.first.native_handle();
        selector.register_handle(pair.first, wanted);
        pair.first.close();
        selector.unregister(number);
        send(pair.second, "x");
    }

    stream_pair pair;
    unique_handle twin;
    native_handle_type number;
};

inline void what_a_duplicate_keeps_alive_is_silent(selector_factory const& make) {
    auto const selector = make();
    leftover const one(*selector);
    BOOST_TEST(silent_and_asleep(*selector));
    leftover const two(*selector);
    leftover const three(*selector, event::write);
    BOOST_TEST(silent_and_asleep(*selector));
}

inline void what_a_duplicate_keeps_alive_does_not_end_a_wait(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    background_select wait(*selector);
    leftover const left(*selector);
    std::this_thread::sleep_for(moment);
    BOOST_TEST(!wait.ended());
    std::clock_t const before = std::clock();
    std::this_thread::sleep_for(60ms);
    BOOST_TEST(std::clock() - before < CLOCKS_PER_SEC * 30 / 1000);
    selector->register_handle(pair.first, event::write);
    BOOST_TEST(wait.ends());
    BOOST_TEST(wait.list().size() == 1u);
    BOOST_TEST(events_of(wait.list(), pair.first) == event::write);
}

inline void what_a_duplicate_keeps_alive_does_not_reach_the_numbers_new_owner(
    selector_factory const& make) {
    for (bool const wait_between : {false, true}) {
        auto const selector = make();
        leftover const left(*selector);
        if (wait_between)
            BOOST_TEST(silent(*selector));
        auto const fresh = make_stream_pair();
        auto const reused = duplicate_as(left.number, fresh.first);
        int data = 0;
        selector_key const key = selector->register_handle(reused, event::read, &data);
        BOOST_TEST(silent_and_asleep(*selector));
        send(fresh.second, "x");
        auto const list = selector->select(deadline);
        BOOST_REQUIRE(list.size() == 1u);
        BOOST_TEST(list[0].key == key);
        drain(reused);
        BOOST_TEST(silent_and_asleep(*selector));
    }
}

inline void the_same_file_can_come_back_under_its_number(selector_factory const& make) {
    for (bool const wait_between : {false, true}) {
        auto const selector = make();
        leftover const left(*selector);
        if (wait_between)
            BOOST_TEST(silent(*selector));
        auto const back = duplicate_as(left.number, left.twin);
        int data = 0;
        selector_key const key = selector->register_handle(back, event::read, &data);
        for (int i = 0; i < 3; ++i) {
            auto const list = selector->select(deadline);
            BOOST_REQUIRE(list.size() == 1u);
            BOOST_TEST(list[0].key == key);
        }
        drain(back);
        BOOST_TEST(silent_and_asleep(*selector));
        BOOST_TEST(selector->unregister(back) == key);
        send(left.pair.second, "x");
        BOOST_TEST(silent_and_asleep(*selector));
    }
}

inline void the_others_outlast_what_a_duplicate_keeps_alive(selector_factory const& make) {
    auto const selector = make();
    auto const pairs = make_stream_pairs(5);
    for (auto const& pair : pairs)
        selector->register_handle(pair.first, event::read, const_cast<stream_pair*>(&pair));
    leftover const left(*selector);
    BOOST_TEST(silent_and_asleep(*selector));
    for (auto const& pair : pairs)
        send(pair.second, "x");
    auto const list = selector->select(deadline);
    BOOST_TEST(list.size() == pairs.size());
    for (ready_event const& ready : list) {
        auto const* const pair = static_cast<stream_pair const*>(ready.key.data);
        BOOST_TEST(ready.key.handle == pair->first.native_handle());
    }
    for (auto const& pair : pairs)
        selector->unregister(pair.first);
    BOOST_TEST(silent_and_asleep(*selector));
}

inline void what_has_fired_stays_so_beside_what_a_duplicate_keeps_alive(
    selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, {event::read, trigger::oneshot});
    send(pair.second, "x");
    BOOST_TEST(selector->select(deadline).size() == 1u);
    leftover const left(*selector);
    BOOST_TEST(silent_and_asleep(*selector));
    selector->modify(pair.first, {event::read, trigger::oneshot});
    BOOST_TEST(events_of(selector->select(deadline), pair.first) == event::read);
}

inline void the_native_handle_outlasts_what_a_duplicate_keeps_alive(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    native_handle_type const handle = selector->native_handle();
    selector->register_handle(pair.first, event::read);
    leftover const left(*selector);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(selector->select(1ms).empty());
    BOOST_TEST(!ready_by_system(handle, event::read, 0ms));
    send(pair.second, "x");
    BOOST_TEST(ready_by_system(handle, event::read));
    BOOST_TEST(events_of(selector->select(0ms), pair.first) == event::read);
    drain(pair.first);
    BOOST_TEST(selector->select(0ms).empty());
    BOOST_TEST(!ready_by_system(handle, event::read, 0ms));
    selector->wakeup();
    BOOST_TEST(ready_by_system(handle, event::read));
    BOOST_TEST(selector->native_handle() == handle);
}

inline void a_regular_file_is_always_ready(selector_factory const& make) {
    auto const selector = make();
    auto const file = make_regular_file();
    selector->register_handle(file, event::read | event::write);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(events_of(selector->select(deadline), file) == (event::read | event::write));
    selector->unregister(file);
    BOOST_TEST(silent(*selector));
}

inline void a_regular_file_is_refused(selector_factory const& make) {
    auto const selector = make();
    auto const file = make_regular_file();
    check_fails(std::errc::operation_not_permitted,
        [&](auto&... ec) { selector->register_handle(file, event::read, nullptr, ec...); });
    BOOST_TEST(!selector->find(file));
    BOOST_TEST(selector->get_map().empty());
    BOOST_TEST(silent(*selector));
}

#if defined(__linux__)

/// Sets the host name to its old value, which is an event of the file /proc/sys/kernel/hostname.
inline bool renew_host_name() {
    char name[256];
    return ::gethostname(name, sizeof name) == 0 && ::sethostname(name, std::strlen(name)) == 0;
}

inline bool host_name_can_be_renewed(base_selector&) {
    return renew_host_name();
}
inline constexpr requirement a_host_name{
    &host_name_can_be_renewed, "this process may not set the host's name"};

inline void what_poll_tells_only_once_is_not_lost(selector_factory const& make) {
    auto const selector = make();
    unique_handle const file(
        checked(::open("/proc/sys/kernel/hostname", O_RDONLY | O_CLOEXEC), "open"));
    selector->register_handle(file, event::priority);
    for (bool const during_wait : {false, true}) {
        background_select wait(*selector);
        if (during_wait)
            std::this_thread::sleep_for(moment);
        BOOST_TEST(renew_host_name());
        BOOST_TEST(wait.ends());
        BOOST_TEST(has(events_of(wait.list(), file), event::priority));
    }
}

#endif

inline void handles_closed_by_others_fail_no_wait(selector_factory const& make) {
    auto const selector = make();
    auto pairs = make_stream_pairs(100);
    std::vector<native_handle_type> numbers;
    for (auto& pair : pairs) {
        move_out_of_the_way(pair.first);
        selector->register_handle(pair.first, event::read);
        numbers.push_back(pair.first.native_handle());
    }
    crew others(1, [&](int, std::atomic<int>&) {
        for (auto& pair : pairs)
            pair.first.close();
    });
    std::error_code ec;
    while (others.running() && !ec)
        selector->select(1ms, ec);
    others.join();
    for (int i = 0; i < 3 && !ec; ++i)
        selector->select(1ms, ec);
    BOOST_TEST(!ec, ec.message());
    for (native_handle_type const number : numbers)
        selector->unregister(number);
}

inline void both_ends_of_a_pipe_can_be_watched(selector_factory const& make) {
    auto const selector = make();
    auto pipe = make_pipe();
    selector->register_handle(pipe.first, event::read);
    selector->register_handle(pipe.second, event::write);
    auto list = selector->select(deadline);
    BOOST_TEST(list.size() == 1u);
    BOOST_TEST(events_of(list, pipe.second) == event::write);
    fill(pipe.second);
    list = selector->select(deadline);
    BOOST_TEST(list.size() == 1u);
    BOOST_TEST(events_of(list, pipe.first) == event::read);
}

inline void the_end_of_a_pipe_reaches_its_other_end(selector_factory const& make) {
    auto const selector = make();
    auto to_read = make_pipe();
    selector->register_handle(to_read.first, event::read);
    to_read.second.close();
    BOOST_TEST(events_of(selector->select(deadline), to_read.first) == event::read);
    selector->unregister(to_read.first);

    auto to_write = make_pipe();
    fill(to_write.second);
    selector->register_handle(to_write.second, event::write);
    BOOST_TEST(selector->select(0ms).empty());
    to_write.first.close();
    BOOST_TEST(events_of(selector->select(deadline), to_write.second) == event::write);
}

inline void the_flags_tell_a_hang_up_from_an_error(selector_factory const& make) {
    auto const selector = make();
    auto to_read = make_pipe();
    auto to_write = make_pipe();
    selector->register_handle(to_read.first, event::read | event::write);
    selector->register_handle(to_write.second, event::read | event::write);
    to_read.second.close();
    to_write.first.close();
    auto const list = selector->select(deadline);
    ready_event const* const reader = find_ready(list, to_read.first);
    ready_event const* const writer = find_ready(list, to_write.second);
    BOOST_REQUIRE((reader && writer));
    BOOST_TEST(reader->events == (event::read | event::write));
    BOOST_TEST(reader->hang_up);
    BOOST_TEST(!reader->error);
    BOOST_TEST(writer->events == (event::read | event::write));
    BOOST_TEST(writer->error);
}

/// A half-closed peer, which only reads, does not end a wait for writing.
inline void a_half_closed_peer_leaves_a_writer_waiting(selector_factory const& make) {
    for (trigger const mode : {trigger::level, trigger::edge, trigger::oneshot}) {
        auto const selector = make();
        auto const pair = make_stream_pair();
        fill(pair.first);
        end_writing(pair.second);
        std::error_code ec;
        selector->register_handle(pair.first, {event::write, mode}, nullptr, ec);
        if (ec == error::unsupported_trigger)
            continue;
        BOOST_TEST(silent_and_asleep(*selector));
        drain(pair.second);
        BOOST_TEST(events_of(selector->select(deadline), pair.first) == event::write);
        if (mode == trigger::level)
            BOOST_TEST(events_of(selector->select(deadline), pair.first) == event::write);
    }
}

inline void descriptors_above_fd_setsize_work(selector_factory const& make) {
    descriptor_limit const limit(20'000);
    auto const selector = make();
    auto const pair = make_stream_pair();
    for (int const min :
        {FD_SETSIZE - 1, FD_SETSIZE, FD_SETSIZE + 63, static_cast<int>(limit.value()) - 1}) {
        auto const high = duplicate(pair.first, min);
        BOOST_TEST(high.native_handle() >= min);
        selector->register_handle(high, event::read);
        BOOST_TEST(selector->select(0ms).empty());
        send(pair.second, "x");
        BOOST_TEST(events_of(selector->select(deadline), high) == event::read);
        selector->modify(high, event::read | event::write);
        BOOST_TEST(events_of(selector->select(deadline), high) == (event::read | event::write));
        drain(high);
        selector->unregister(high);
        BOOST_TEST(selector->select(0ms).empty());
    }
}

inline void a_selector_gives_its_descriptors_back(selector_factory const& make) {
    auto const pair = make_stream_pair();
    make(); // Makes the objects that exist once per process.
    int const before = open_descriptors();
    constexpr int n = 100;
    for (int i = 0; i < n; ++i) {
        auto const selector = make();
        selector->register_handle(pair.first, event::write);
        selector->select(deadline);
        if (selector->get_capabilities().pollable)
            selector->native_handle();
        selector->wakeup();
        if (i % 2 == 0)
            selector->close();
    }
    // The system may free the last descriptors a little later.
    BOOST_TEST(eventually([&] { return open_descriptors() - before < n / 2; }));
}

/// Returns the error of making a selector; no error if it succeeds.
inline std::error_code making_error(selector_factory const& make) {
    try {
        make();
        return {};
    } catch (std::system_error const& e) {
        return e.code();
    }
}

inline void without_descriptors_a_selector_cannot_be_made(selector_factory const& make) {
    auto const pair = make_stream_pair();
    make(); // Makes the objects that exist once per process.
    std::vector<std::error_code> errors;
    std::vector<int> lost;
    {
        // No checks in this block: Boost.Test and the sanitizers may need a descriptor, too.
        descriptor_limit const limit(static_cast<rlim_t>(pair.second.native_handle()) + 300);
        auto taken = take_all_descriptors(pair.first);
        // If a selector needs several descriptors, it must close those that it got.
        for (int free = 0; free < 3; ++free) {
            int const before = open_descriptors();
            errors.push_back(making_error(make));
            lost.push_back(open_descriptors() - before);
            taken.pop_back();
        }
    }
    for (std::error_code const& ec : errors) // No error if the selector needs no descriptor.
        BOOST_TEST((!ec || ec == std::errc::too_many_files_open), ec.message());
    for (int const n : lost) // Negative if a descriptor that was closed earlier was freed only now.
        BOOST_TEST(n <= 0);
}

inline void without_descriptors_a_selector_goes_on(selector_factory const& make) {
    auto const selector = make();
    auto const pair = make_stream_pair();
    selector->register_handle(pair.first, event::read);
    event seen[3];
    bool ended = false;
    {
        descriptor_limit const limit(static_cast<rlim_t>(pair.second.native_handle()) + 300);
        auto const taken = take_all_descriptors(pair.first);
        send(pair.second, "x");
        seen[0] = events_of(selector->select(deadline), pair.first);
        selector->modify(pair.first, event::write);
        seen[1] = events_of(selector->select(deadline), pair.first);
        selector->unregister(pair.first);
        selector->register_handle(pair.second, event::write);
        seen[2] = events_of(selector->select(deadline), pair.second);
        selector->unregister(pair.second);
        selector->wakeup();
        ended = woken(*selector);
    }
    BOOST_TEST(seen[0] == event::read);
    BOOST_TEST(seen[1] == event::write);
    BOOST_TEST(seen[2] == event::write);
    BOOST_TEST(ended);
}

inline void add_descriptor_tests(test_list& tests) {
    tests.begin("descriptors");
    BOOST_SELECTORS_TEST(tests, unregister_leaves_the_numbers_new_owner_alone);
    BOOST_SELECTORS_TEST(tests, a_number_can_be_reused_again_and_again);
    BOOST_SELECTORS_TEST(tests, duplicates_are_registered_apart);
    BOOST_SELECTORS_TEST(tests, what_a_duplicate_keeps_alive_is_silent, needs::late_unregister);
    // Backends that report closed handles may do so before the handle is unregistered.
    BOOST_SELECTORS_TEST(tests, what_a_duplicate_keeps_alive_does_not_end_a_wait,
        needs::no_closed_handles, needs::late_unregister);
    BOOST_SELECTORS_TEST(tests, what_a_duplicate_keeps_alive_does_not_reach_the_numbers_new_owner,
        needs::late_unregister);
    BOOST_SELECTORS_TEST(
        tests, the_same_file_can_come_back_under_its_number, needs::late_unregister);
    BOOST_SELECTORS_TEST(
        tests, the_others_outlast_what_a_duplicate_keeps_alive, needs::late_unregister);
    BOOST_SELECTORS_TEST(tests, what_has_fired_stays_so_beside_what_a_duplicate_keeps_alive,
        needs::late_unregister, needs::oneshot);
    BOOST_SELECTORS_TEST(
        tests, the_native_handle_outlasts_what_a_duplicate_keeps_alive, needs::pollable);
#if defined(__linux__)
    BOOST_SELECTORS_TEST(tests, what_poll_tells_only_once_is_not_lost, needs::priority,
        needs::told_once, a_host_name);
#endif
    BOOST_SELECTORS_TEST(tests, handles_closed_by_others_fail_no_wait);
    BOOST_SELECTORS_TEST(tests, a_regular_file_is_always_ready, needs::regular_files);
    BOOST_SELECTORS_TEST(tests, a_regular_file_is_refused, needs::no_regular_files);
    BOOST_SELECTORS_TEST(tests, both_ends_of_a_pipe_can_be_watched);
    BOOST_SELECTORS_TEST(tests, the_end_of_a_pipe_reaches_its_other_end);
    BOOST_SELECTORS_TEST(tests, the_flags_tell_a_hang_up_from_an_error, needs::flags);
    BOOST_SELECTORS_TEST(tests, a_half_closed_peer_leaves_a_writer_waiting);
    BOOST_SELECTORS_TEST(tests, descriptors_above_fd_setsize_work, needs::many_descriptors);
    BOOST_SELECTORS_TEST(tests, a_selector_gives_its_descriptors_back);
    BOOST_SELECTORS_TEST(tests, without_descriptors_a_selector_cannot_be_made);
    BOOST_SELECTORS_TEST(tests, without_descriptors_a_selector_goes_on);
}

} // namespace boost_selectors::test::conformance

#endif
