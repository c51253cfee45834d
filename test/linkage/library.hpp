// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_LINKAGE_LIBRARY_HPP
#define BOOST_SELECTORS_TEST_LINKAGE_LIBRARY_HPP

#include <boost_selectors/selectors.hpp>
#include <memory>
#include <system_error>

#define VISIBLE __attribute__((visibility("default")))

// The functions of each of the two libraries.

VISIBLE std::unique_ptr<boost_selectors::base_selector> make_selector_left();
VISIBLE std::unique_ptr<boost_selectors::base_selector> make_selector_right();

VISIBLE std::error_code not_registered_left(
    boost_selectors::base_selector& selector, boost_selectors::native_handle_type handle);
VISIBLE std::error_code not_registered_right(
    boost_selectors::base_selector& selector, boost_selectors::native_handle_type handle);

VISIBLE bool knows_left(std::error_code ec);
VISIBLE bool knows_right(std::error_code ec);

VISIBLE void add_left(char const* name);
VISIBLE void add_right(char const* name);

#endif
