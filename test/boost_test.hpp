// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_BOOST_TEST_HPP
#define BOOST_SELECTORS_TEST_BOOST_TEST_HPP

// Boost.Test, linked if the build says so, else header-only.

#if defined(BOOST_TEST_DYN_LINK)
#    include <boost/test/unit_test.hpp>
#else
#    include <boost/test/included/unit_test.hpp>
#endif

#endif
