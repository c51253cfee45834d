// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The conformance suite, run on each backend that works here, on the selector types, and on a
// backend that a user might write. Each suite has its backend's name: --run_test=epoll

#define BOOST_TEST_NO_MAIN
#include <boost/test/unit_test.hpp>
#include <boost_selectors/selectors.hpp>
#include <boost_selectors/test/conformance.hpp>
#if !defined(_WIN32)
#    include "../example/my_backend.hpp"
#endif

namespace {

using namespace boost_selectors;

template <class Factory>
void add_suite(std::string const& name, Factory factory) {
    test::exemptions exempt;
#if defined(BOOST_SELECTORS_LIBKQUEUE)
    exempt.late_unregister = exempt.all_at_once = exempt.spare_fork = name == "kqueue";
#endif
    boost::unit_test::framework::master_test_suite().add(
        test::conformance_suite(name, std::move(factory), exempt));
}

bool add_suites() {
    for (std::string const& name : available_selectors())
        add_suite(name, [name] { return make_backend(name); });
    add_suite("default", [] { return std::make_unique<default_selector>(); });
#if !defined(_WIN32)
    add_suite("user", [] { return std::make_unique<my_backend>(); });
#endif
    return true;
}

} // namespace

int main(int argc, char* argv[]) {
    return boost::unit_test::unit_test_main(&add_suites, argc, argv);
}
