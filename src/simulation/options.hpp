// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_OPTIONS_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_OPTIONS_HPP

#include "socket.hpp"

namespace boost_selectors::simulated {

/// setsockopt(2). Options are kept, though not all of them have an effect.
outcome set_option(any_socket& s, int level, int name, void const* value, socklen_t size);

/// getsockopt(2).
outcome get_option(any_socket& s, int level, int name, void* value, socklen_t* size);

} // namespace boost_selectors::simulated

#endif
