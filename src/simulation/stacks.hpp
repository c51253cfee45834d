// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_STACKS_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_STACKS_HPP

#include <cstddef>
#include <pthread.h>
#include <string>

namespace boost_selectors::simulated {

/// The functions that a thread is in, a line each; empty if it does not answer.
std::string describe_stack(pthread_t of);

/// Whether this process has more than @p known threads.
bool other_threads_exist(std::size_t known);

} // namespace boost_selectors::simulated

#endif
