// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_CONFORMANCE_HPP
#define BOOST_SELECTORS_TEST_CONFORMANCE_HPP

#if defined(_MSVC_LANG) ? _MSVC_LANG < 202002L : __cplusplus < 202002L
#    error "boost_selectors: the conformance suite needs C++20: compile with -std=c++20."
#endif

#include <boost_selectors/test/conformance/closed_handles.hpp>
#include <boost_selectors/test/conformance/native_handle.hpp>
#include <boost_selectors/test/conformance/readiness.hpp>
#include <boost_selectors/test/conformance/registration.hpp>
#include <boost_selectors/test/conformance/threads.hpp>
#include <boost_selectors/test/conformance/triggers.hpp>
#include <boost_selectors/test/conformance/waiting.hpp>
#include <boost_selectors/test/test_list.hpp>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#if !defined(_WIN32)
#    include <boost_selectors/test/conformance/descriptors.hpp>
#    include <boost_selectors/test/conformance/fork.hpp>
#    include <boost_selectors/test/conformance/signals.hpp>
#endif

namespace boost_selectors::test {

/// Returns the suite of tests that every selector must pass: the built-in ones, and those that you
/// write.
///
/// It is a suite of Boost.Test that contains one suite for each theme. A test that needs a feature
/// that the selector's capabilities exclude is reported as skipped.
///
/// @par Example
/// @code
/// #include <boost/test/included/unit_test.hpp> // Boost.Test without a library to link.
/// #include <boost_selectors/test/conformance.hpp>
///
/// boost::unit_test::test_suite* init_unit_test_suite(int, char**) {
///     boost::unit_test::framework::master_test_suite().add(
///         boost_selectors::test::conformance_suite(
///             "mine", [] { return std::make_unique<my_backend>(); }));
///     return nullptr;
/// }
/// @endcode
///
/// @param name the name of the suite. `--run_test=<name>` runs only this suite.
/// @param factory makes the selectors to be tested, or their backends. It is called without
///     arguments, and returns a `std::unique_ptr` to a selector or a backend. A selector must be
///     open and have nothing registered.
/// @param exempt the features that need not work, for an emulation of a system's interface: its
///     members are in `<boost_selectors/test/test_list.hpp>`, all false by default.
/// @return the suite. The caller must add it to another suite, which then owns it.
template <class Factory>
[[nodiscard]] boost::unit_test::test_suite* conformance_suite(
    std::string name, Factory factory, exemptions exempt = {}) {
    selector_factory const make = [factory =
                                          std::move(factory)]() -> std::unique_ptr<base_selector> {
        auto made = factory();
        if constexpr (std::is_base_of_v<selector_backend, typename decltype(made)::element_type>)
            return std::make_unique<base_selector>(std::move(made));
        else
            return made;
    };
    test_list tests(name, make, exempt);
    conformance::add_registration_tests(tests);
    conformance::add_readiness_tests(tests);
    conformance::add_trigger_tests(tests);
    conformance::add_waiting_tests(tests);
    conformance::add_thread_tests(tests);
    conformance::add_native_handle_tests(tests);
    conformance::add_closed_handle_tests(tests);
#if !defined(_WIN32)
    conformance::add_descriptor_tests(tests);
    conformance::add_signal_tests(tests);
    conformance::add_fork_tests(tests);
#endif
    return tests.get();
}

} // namespace boost_selectors::test

#endif
