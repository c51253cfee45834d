// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_SELECTOR_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_SELECTOR_HPP

#include <boost_selectors/selector_backend.hpp>
#include <memory>

namespace boost_selectors::simulated {

/// Makes the backend of a simulated host's programs.
/// @throws std::system_error not_supported, if the thread that calls is not one of a host.
std::unique_ptr<selector_backend> make_backend();

} // namespace boost_selectors::simulated

#endif
