// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_SIMULATION_EMPTY_NETWORK_HPP
#define BOOST_SELECTORS_TEST_SIMULATION_EMPTY_NETWORK_HPP

#include <cstring>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace simulation_test {

/// Gives the process a loopback interface of its own, without what other programs have left there.
/// @return false: it has no right to.
inline bool enter_empty_network() {
    if (::unshare(CLONE_NEWNET) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return false;
    int const s = ::socket(AF_INET, SOCK_DGRAM, 0);
    ifreq loopback{};
    std::strcpy(loopback.ifr_name, "lo");
    loopback.ifr_flags = IFF_UP | IFF_RUNNING;
    bool const up = ::ioctl(s, SIOCSIFFLAGS, &loopback) == 0;
    ::close(s);
    return up;
}

} // namespace simulation_test

#endif
