// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What epoll_selector promises, beyond the common contract, when it has to replace its epoll set.

#define BOOST_TEST_MODULE epoll
#include "seccomp.hpp"
#include <boost/test/unit_test.hpp>
#include <boost_selectors/epoll_selector.hpp>
#include <boost_selectors/test/descriptor_limit.hpp>
#include <boost_selectors/test/posix_support.hpp>
#include <ctime>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <vector>

namespace {

using namespace boost_selectors;
using namespace boost_selectors::test;

/// Leaves a file in the epoll set that cannot be removed: its descriptor is closed, but a duplicate
/// keeps the file open.
class leftover {
public:
    explicit leftover(base_selector& selector)
        : twin_(duplicate(pair_.first)) {
        native_handle_type const number = pair_.first.native_handle();
        selector.register_handle(number, event::read);
        pair_.first.close();
        selector.unregister(number);
        send(pair_.second, "x");
    }

private:
    stream_pair pair_ = make_stream_pair();
    unique_handle twin_;
};

/// Calls select() until the selector has detected a leftover.
void find_leftover(base_selector& selector) {
    auto const before = selector.get_statistics().stale_events;
    while (selector.get_statistics().stale_events == before)
        selector.select(1ms);
}

/// Uses up all descriptors of this process.
class no_descriptors {
public:
    no_descriptors()
        : limit_(64) {
        for (int fd = ::dup(0); fd != -1; fd = ::dup(0))
            taken_.emplace_back(fd);
    }

private:
    descriptor_limit limit_;
    std::vector<unique_handle> taken_;
};

/// Whether seccomp filters work. QEMU refuses PR_SET_SECCOMP.
bool can_filter() {
    child_process child([] {
        forbid(SYS_swapoff, EPERM);
        return true;
    });
    return child.succeeds();
}

boost::test_tools::assertion_result may_filter(boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result result(can_filter());
    result.message() << "seccomp filters do not work here";
    return result;
}

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
    find_leftover(selector);
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
    find_leftover(selector);
    send(other.second, "x");
    BOOST_TEST(events_of(selector.select(deadline), other.first) == event::read);
}

BOOST_AUTO_TEST_CASE(a_leftover_takes_nobodys_place) {
    epoll_selector selector;
    std::vector<leftover> left;
    left.reserve(3);
    for (int i = 0; i < 3; ++i)
        left.emplace_back(selector);
    auto const pair = make_stream_pair();
    selector.register_handle(pair.first, event::write);
    BOOST_TEST(selector.select(0ms).size() == 1u);
}

/// ENOSPC is the limit on all epoll sets of a user; ENOMEM means that the machine has no memory
/// left.
BOOST_AUTO_TEST_CASE(a_new_set_that_cannot_take_a_handle_does_not_replace_the_old_one,
    *boost::unit_test::precondition(may_filter)) {
    for (int const reason : {ENOSPC, ENOMEM}) {
        child_process child([reason] {
            epoll_selector selector;
            auto const pairs = make_stream_pairs(3);
            for (auto const& pair : pairs)
                selector.register_handle(pair.first, event::read);
            leftover const left(selector);
            forbid(SYS_epoll_ctl, EPOLL_CTL_ADD, reason);
            find_leftover(selector);
            for (int i = 0; i < 3; ++i)
                if (!selector.select(5ms).empty())
                    return false;
            for (auto const& pair : pairs) {
                send(pair.second, "x");
                if (events_of(selector.select(deadline), pair.first) != event::read)
                    return false;
                drain(pair.first);
            }
            return true;
        });
        BOOST_TEST(child.succeeds(), "errno " << reason);
    }
}

BOOST_AUTO_TEST_CASE(without_a_descriptor_for_a_new_set_it_does_not_spin) {
    epoll_selector selector;
    auto const pair = make_stream_pair();
    selector.register_handle(pair.first, event::read);
    leftover const left(selector);
    {
        no_descriptors const none;
        auto const before = selector.get_statistics().stale_events;
        std::clock_t const start = std::clock();
        BOOST_TEST(selector.select(300ms).empty());
        BOOST_TEST(std::clock() - start < CLOCKS_PER_SEC * 100 / 1000);
        BOOST_TEST(selector.get_statistics().stale_events - before < 300u);

        send(pair.second, "x"); // Ready handles are still found,
        BOOST_TEST(selector.select(deadline).size() == 1u);
        drain(pair.first);
        for (int i = 0; i < 20; ++i) { // and no wake-up is lost.
            std::thread waker([&] { selector.wakeup(); });
            stopwatch const time;
            BOOST_TEST(selector.select(deadline).empty());
            BOOST_TEST(time.no_time());
            waker.join();
        }
    }
    auto const attempts = [&] {
        auto const before = selector.get_statistics().stale_events;
        selector.select(5ms);
        return selector.get_statistics().stale_events - before;
    };
    BOOST_TEST(eventually([&] { return attempts() == 0; })); // It has a new set.
    send(pair.second, "x");
    BOOST_TEST(selector.select(deadline).size() == 1u);
}
