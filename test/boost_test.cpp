// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Boost.Test from its headers, compiled once for all tests, where its library is not available.

#define BOOST_TEST_NO_MAIN
#include <boost/test/included/unit_test.hpp>
