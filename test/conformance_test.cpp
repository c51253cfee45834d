// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The conformance suite, run on each backend and on a selector that a user might write. Each
// suite has its backend's name: --run_test=epoll

#define BOOST_TEST_NO_MAIN
#define BOOST_TEST_ALTERNATIVE_INIT_API
#include "boost_test.hpp"
#include <boost_selectors/selectors.hpp>
#include <boost_selectors/test/conformance.hpp>
#if !defined(_WIN32)
#    include "user_selector.hpp"
#endif

namespace {

using namespace boost_selectors;

template <class Selector>
void add_suite(char const* name) {
    boost::unit_test::framework::master_test_suite().add(test::conformance_suite(
        name, []() -> std::unique_ptr<base_selector> { return std::make_unique<Selector>(); }));
}

bool add_suites() {
#if defined(BOOST_SELECTORS_HAS_SELECT)
    add_suite<select_selector>("select");
#endif
#if defined(BOOST_SELECTORS_HAS_POLL)
    add_suite<poll_selector>("poll");
#endif
#if defined(BOOST_SELECTORS_HAS_EPOLL)
    add_suite<epoll_selector>("epoll");
#endif
#if defined(BOOST_SELECTORS_HAS_IO_URING)
    add_suite<io_uring_selector>("io_uring");
#endif
#if defined(BOOST_SELECTORS_HAS_KQUEUE)
    add_suite<kqueue_selector>("kqueue");
#endif
#if defined(BOOST_SELECTORS_HAS_WSAPOLL)
    add_suite<wsapoll_selector>("wsapoll");
#endif
#if defined(BOOST_SELECTORS_HAS_IOCP)
    add_suite<iocp_selector>("iocp");
#endif
    add_suite<default_selector>("default");
#if !defined(_WIN32)
    add_suite<test::user_selector>("user");
#endif
    return true;
}

} // namespace

int main(int argc, char* argv[]) {
    return boost::unit_test::unit_test_main(&add_suites, argc, argv);
}
