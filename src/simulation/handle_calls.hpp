// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_HANDLE_CALLS_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_HANDLE_CALLS_HPP

#include "calls.hpp"
#include "network.hpp"
#include <poll.h>

namespace boost_selectors::simulated {

/// Waits for a handle of the real system, before a call on it that may wait.
void await_real(int fd, short events);

/// poll(2) on handles of both kinds.
int poll_until(pollfd* handles, nfds_t count, instant until);

} // namespace boost_selectors::simulated

#endif
