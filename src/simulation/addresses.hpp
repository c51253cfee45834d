// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)
#ifndef BOOST_SELECTORS_SRC_SIMULATION_ADDRESSES_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_ADDRESSES_HPP

namespace boost_selectors::simulated {

/// Whether objects are at other addresses in each process. Then what depends on addresses, as hash
/// tables of pointers do, depends on more than the seed.
bool addresses_are_random() noexcept;

} // namespace boost_selectors::simulated

#endif
