// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Compiled with _FORTIFY_SOURCE, calls are to other functions of the C library.

#define BOOST_TEST_MODULE simulation_fortified
#include <boost/test/unit_test.hpp>
#include <boost_selectors/simulation.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

/// The compiler must not know the size.
std::size_t volatile wanted = 5;

BOOST_AUTO_TEST_CASE(fortified_calls_are_simulated) {
    boost_selectors::simulation world;
    world.host("one").run([] {
        int fds[2];
        BOOST_TEST(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
        BOOST_TEST(::write(fds[0], "hellohellohello", 15) == 15);
        char text[10];
        pollfd handle[1] = {{fds[1], POLLIN, 0}};
        BOOST_TEST(::poll(handle, wanted - 4, 1000) == 1);
        BOOST_TEST(::read(fds[1], text, wanted) == 5);
        BOOST_TEST(::recv(fds[1], text, wanted, 0) == 5);
        BOOST_TEST(::recvfrom(fds[1], text, wanted, 0, nullptr, nullptr) == 5);
        BOOST_TEST(::gethostname(text, wanted) == 0);
        BOOST_TEST(text == "one");
        ::close(fds[0]);
        ::close(fds[1]);
    });
    world.run();
}

} // namespace
