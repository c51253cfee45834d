// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_LINKAGE_STANDALONE_ASIO_BOOST_HPP
#define BOOST_SELECTORS_TEST_LINKAGE_STANDALONE_ASIO_BOOST_HPP

#include <chrono>

constexpr std::chrono::seconds patience(20);

/// Ends the program with an error if @p good is false.
void check(bool good, char const* what);

/// Waits for a timer of Boost.Asio.
void run_boost();

#endif
