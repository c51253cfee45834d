// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_TEST_LIST_HPP
#define BOOST_SELECTORS_TEST_TEST_LIST_HPP

#include <boost/assert/source_location.hpp>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/base_selector.hpp>
#include <boost_selectors/make_selector.hpp>
#include <initializer_list>
#include <string>
#include <utility>

namespace boost_selectors::test {

/// Features that every system supports, but that may be missing in an emulation of a system's
/// interface (such as libkqueue), or in a selector inside another event loop. The tests of a
/// feature that is set here are skipped.
struct exemptions {
    /// Unregistering a closed handle whose file a duplicate keeps open.
    bool late_unregister = false;
    /// Returning more ready handles at once than some fixed number.
    bool all_at_once = false;
    /// Using the selector in a child process that gets no more descriptors than its parent had.
    bool spare_fork = false;
    /// Reporting what poll(2) reports only once for some files, such as files in /proc/sys.
    bool told_once = false;
};

/// A condition that a test needs. If it is not met, the test is reported as skipped, with the
/// reason.
struct requirement {
    bool (*met)(base_selector&);
    char const* reason;
    bool exemptions::*exemption = nullptr; ///< If this is set, the condition is not met.
};

template <bool capabilities::*Member, bool Value = true>
bool can(base_selector& selector) {
    return selector.get_capabilities().*Member == Value;
}

namespace needs {

inline constexpr requirement edge{&can<&capabilities::edge>, "it has no edge triggering"};
inline constexpr requirement oneshot{&can<&capabilities::oneshot>, "it has no oneshot triggering"};
inline constexpr requirement no_edge_or_no_oneshot{
    [](base_selector& selector) {
        return can<&capabilities::edge, false>(selector) ||
               can<&capabilities::oneshot, false>(selector);
    },
    "it has every trigger"};
inline constexpr requirement priority{
    &can<&capabilities::priority>, "it does not report urgent data"};
inline constexpr requirement no_priority{
    &can<&capabilities::priority, false>, "it has every event"};
inline constexpr requirement flags{
    &can<&capabilities::flags>, "it does not report hang-ups and errors"};
inline constexpr requirement regular_files{
    &can<&capabilities::regular_files>, "it takes no regular files"};
inline constexpr requirement no_regular_files{
    &can<&capabilities::regular_files, false>, "it takes regular files"};
inline constexpr requirement closed_handles{
    &can<&capabilities::closed_handles>, "it does not report closed handles"};
inline constexpr requirement no_closed_handles{
    &can<&capabilities::closed_handles, false>, "it reports closed handles"};
inline constexpr requirement late_unregister{[](base_selector&) { return true; },
    "it can't unregister a closed handle that has a duplicate", &exemptions::late_unregister};
inline constexpr requirement all_at_once{[](base_selector&) { return true; },
    "it returns only a fixed number of handles at once", &exemptions::all_at_once};
inline constexpr requirement spare_fork{[](base_selector&) { return true; },
    "it needs more descriptors in a child process", &exemptions::spare_fork};
inline constexpr requirement told_once{[](base_selector&) { return true; },
    "another loop asks first, and forgets the answer", &exemptions::told_once};
inline constexpr requirement pollable{
    &can<&capabilities::pollable>, "it has no descriptor to be polled"};
inline constexpr requirement no_pollable{
    &can<&capabilities::pollable, false>, "it has a descriptor to be polled"};

} // namespace needs

/// Builds the test suite of one selector: a suite for each theme, each with its tests.
class test_list {
public:
    using function = void (*)(selector_factory const&);

    test_list(std::string const& name, selector_factory factory, exemptions exempt)
        : suite_(new suite(name, __FILE__, __LINE__))
        , factory_(std::move(factory))
        , exempt_(exempt) {}

    /// Starts a suite for @p theme. The tests that are added from now on belong to it.
    void begin(char const* theme) {
        theme_ = new suite(theme, __FILE__, __LINE__);
        suite_->add(theme_);
    }

    void add(char const* promise, function check, std::initializer_list<requirement> needed = {},
        boost::source_location where = BOOST_CURRENT_LOCATION) {
        auto* const test = boost::unit_test::make_test_case(
            [check, make = factory_] { check(make); }, promise, where.file_name(), where.line());
        for (requirement const& r : needed)
            test->add_precondition(
                [r, make = factory_, exempt = exempt_](
                    boost::unit_test::test_unit_id) { return met(r, make, exempt); });
        theme_->add(test);
    }

    /// Returns the suite. The caller must add it to another suite.
    boost::unit_test::test_suite* get() const noexcept { return suite_; }

private:
    using suite = boost::unit_test::test_suite;

    static boost::test_tools::assertion_result met(
        requirement const& r, selector_factory const& make, exemptions const& exempt) {
        boost::test_tools::assertion_result result(true);
        try {
            result = boost::test_tools::assertion_result(
                !(r.exemption && exempt.*r.exemption) && r.met(*make()));
            result.message() << r.reason;
        } catch (...) { // The test itself will fail for the same reason.
        }
        return result;
    }

    // Boost.Test owns all suites: each suite owns those that were added to it.
    suite* suite_;
    suite* theme_ = nullptr;
    selector_factory factory_;
    exemptions exempt_;
};

} // namespace boost_selectors::test

/// Adds the test function @p promise to @p list, under its own name. The other arguments are the
/// conditions that the test needs.
#define BOOST_SELECTORS_TEST(list, promise, ...)                                                   \
    (list).add(#promise, promise __VA_OPT__(, {__VA_ARGS__}))

#endif
