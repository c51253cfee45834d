// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The main() of tests that have none. In the library of boost_test.cpp, but a member of its own.

#include <boost/test/unit_test.hpp>

bool init_unit_test(); // BOOST_TEST_MODULE defines it.

int main(int argc, char* argv[]) {
    return boost::unit_test::unit_test_main(&init_unit_test, argc, argv);
}
