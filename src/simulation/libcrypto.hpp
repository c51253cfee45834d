// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)
#ifndef BOOST_SELECTORS_SRC_SIMULATION_LIBCRYPTO_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_LIBCRYPTO_HPP

namespace boost_selectors::simulated {

/// If the process has OpenSSL's library: its random numbers follow from the seed on hosts, and from the
/// system elsewhere. Once for the process.
void seed_libcrypto();

} // namespace boost_selectors::simulated

#endif
