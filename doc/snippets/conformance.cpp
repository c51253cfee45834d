// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#define BOOST_TEST_ALTERNATIVE_INIT_API
#include "my_backend.hpp"
#include "recording_backend.hpp"
#include <boost/test/included/unit_test.hpp>
#include <boost_selectors/selectors.hpp>
#include <boost_selectors/test/conformance.hpp>
#include <sstream>

using namespace boost_selectors;

bool init_unit_test() {
    auto& all = boost::unit_test::framework::master_test_suite();
    all.add(test::conformance_suite("mine", [] { return std::make_unique<my_backend>(); }));
    for (std::string const& name : available_selectors())
        all.add(test::conformance_suite("recording_" + name, [name] {
            static std::ostringstream log;
            log.str(""); // Of this test alone.
            return std::make_unique<recording_backend>(make_backend(name), log);
        }));
    return true;
}
