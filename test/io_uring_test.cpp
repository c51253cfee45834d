// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Cases that only io_uring has: a kernel or a sandbox may forbid it, and its ring may overflow.

#define BOOST_TEST_MODULE io_uring
#include "seccomp.hpp"
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/selectors.hpp>
#include <boost_selectors/test/posix_support.hpp>
#include <string>
#include <sys/eventfd.h>
#include <sys/syscall.h>

namespace {

using namespace boost_selectors;
using namespace boost_selectors::test;

bool is_available(std::string const& name) {
    auto const names = available_selectors();
    return std::ranges::find(names, name) != names.end();
}

boost::test_tools::assertion_result is_allowed(boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result result(is_available("io_uring"));
    result.message() << "io_uring is not allowed here";
    return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(forbidden, *boost::unit_test::precondition(is_allowed))

BOOST_AUTO_TEST_CASE(making_one_fails_with_the_systems_error_and_a_sentence) {
    for (int const reason : {ENOSYS, EPERM, ENOMEM}) {
        child_process child([reason] {
            forbid(SYS_io_uring_setup, reason);
            try {
                (void)make_selector("io_uring");
                return false;
            } catch (std::system_error const& e) {
                return e.code().value() == reason &&
                       e.code().category() == std::system_category() &&
                       std::string(e.what()).find("io_uring") != std::string::npos;
            }
        });
        BOOST_TEST(child.succeeds(), "errno " << reason);
    }
}

BOOST_AUTO_TEST_CASE(the_default_is_untouched) {
    std::string const before(make_selector()->name());
    child_process child([&before] {
        forbid(SYS_io_uring_setup, ENOSYS);
        return !is_available("io_uring") && make_selector()->name() == before;
    });
    BOOST_TEST(child.succeeds());
}

BOOST_AUTO_TEST_CASE(asked_for_by_the_environment_it_is_not_silently_replaced) {
    child_process child([] {
        forbid(SYS_io_uring_setup, EPERM);
        ::setenv("BOOST_SELECTORS_BACKEND", "io_uring", 1);
        try {
            (void)make_selector();
            return false;
        } catch (std::system_error const& e) {
            return e.code() == std::errc::operation_not_permitted;
        }
    });
    BOOST_TEST(child.succeeds());
}

BOOST_AUTO_TEST_CASE(one_that_is_in_use_fails_and_keeps_what_is_registered) {
    child_process child([] {
        auto const selector = make_selector("io_uring");
        auto const pair = make_stream_pair();
        selector->register_handle(pair.first, event::read);
        forbid(SYS_io_uring_enter, EPERM);
        std::error_code ec;
        return selector->select(deadline, ec).empty() && ec == std::errc::operation_not_permitted &&
               selector->find(pair.first) && selector->unregister(pair.first).wanted == event::read;
    });
    BOOST_TEST(child.succeeds());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(overflow)

BOOST_AUTO_TEST_CASE(more_than_the_ring_holds_is_returned_at_once_and_only_while_ready) {
    descriptor_limit const limit(20'000);
    auto const selector = make_selector("io_uring");
    std::vector<unique_handle> handles;
    for (int i = 0; i < 6000; ++i)
        handles.push_back(make_nonblocking(::eventfd(0, 0), "eventfd"));
    for (unique_handle const& handle : handles)
        selector->register_handle(handle, {event::read, trigger::oneshot});
    BOOST_TEST(selector->select(0ms).empty());
    for (unique_handle const& handle : handles)
        checked(::eventfd_write(handle.native_handle(), 1), "eventfd_write");
    BOOST_TEST(selector->select(deadline).size() == handles.size());
    for (unique_handle const& handle : handles)
        drain(handle);
    BOOST_TEST(selector->select(0ms).empty());
    for (unique_handle const& handle : handles)
        selector->modify(handle, {event::read, trigger::oneshot});
    BOOST_TEST(silent_and_asleep(*selector));
    // Cancellations by another thread overflow the ring, too.
    std::thread([&] {
        for (unique_handle const& handle : handles)
            selector->unregister(handle);
    }).join();
    BOOST_TEST(silent_and_asleep(*selector));
}

BOOST_AUTO_TEST_SUITE_END()
