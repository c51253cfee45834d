// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The main() of tests that define none. It is a separate member of boost_test.cpp's library, so the
// linker takes it only if needed.

#include <boost/test/unit_test.hpp>

bool init_unit_test(); // BOOST_TEST_MODULE defines it.

int main(int argc, char* argv[]) {
    return boost::unit_test::unit_test_main(&init_unit_test, argc, argv);
}
