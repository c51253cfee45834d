// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_EXPLORE_HPP
#define BOOST_SELECTORS_EXPLORE_HPP

#include <boost_selectors/config.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace boost_selectors {

/// What explore() can be told.
///
/// Test frameworks note some failures without throwing. A function for `failed` tells of them; a failure
/// that was noted before explore() counts, too. For Boost.Test:
/// @code
/// #include <boost/test/results_collector.hpp>
/// [] {
///     using namespace boost::unit_test;
///     return !results_collector.results(framework::current_test_case().p_id).passed();
/// }
/// @endcode
/// For GoogleTest, whose `ASSERT_` macros return, and do not throw:
/// @code
/// [] { return ::testing::Test::HasFailure(); }
/// @endcode
/// For Catch2, which has no such function:
/// @code
/// bool check_failed = false;
/// struct failure_listener : Catch::EventListenerBase {
///     using EventListenerBase::EventListenerBase;
///     void testCaseStarting(Catch::TestCaseInfo const&) override { check_failed = false; }
///     void assertionEnded(Catch::AssertionStats const& stats) override {
///         if (!stats.assertionResult.isOk())
///             check_failed = true;
///     }
/// };
/// CATCH_REGISTER_LISTENER(failure_listener)
/// [] { return check_failed; }
/// @endcode
/// In Catch2's version 2 the base is `Catch::TestEventListenerBase`, and `assertionEnded()` returns
/// false.
struct explore_options {
    /// How many seeds are run at a time; 0: as many as there are processors.
    unsigned jobs = 0;
    /// How long a seed may take, in real time. One that takes longer has failed.
    std::chrono::seconds limit{60};
    /// The number of failures after which explore() starts no more seeds.
    std::uint64_t most_failures = 10;
    /// Called after the test in its process: whether the test framework has noted a failure. If it is
    /// empty, only exceptions count.
    std::function<bool()> failed;
};

/// What explore() has found.
struct exploration {
    std::uint64_t seeds = 0;           ///< How many were run.
    std::vector<std::uint64_t> failed; ///< Those that failed, in ascending order.
    std::vector<std::uint64_t>
        unrepeatable; ///< Of these, those that ran differently when repeated.
    std::chrono::nanoseconds virtual_time{0}; ///< Of all simulations together.
};

/// Runs a test with many seeds, each in a process of its own, and prints which of them fail and why.
///
/// The test has failed if it throws an exception, if options::failed says so, or if its process ends
/// otherwise. What the test prints is shown if it failed. A seed that fails is run twice more: if the
/// traces differ, the test depends on something besides its seed, and the first difference is printed.
///
/// If the environment variable BOOST_SELECTORS_SEED is set, that seed alone is run, in the calling
/// process, where a debugger can see it. What the test throws then comes out of explore().
///
/// @par Example
/// @code
/// BOOST_TEST(explore(1'000, [](std::uint64_t seed) {
///     simulation world{{.seed = seed}};
///     // ...
///     world.run();
/// }).failed.empty());
/// @endcode
///
/// @param count runs the seeds 1 to @p count.
/// @param test makes a simulation with the seed. Called in a child process, so what it changes in
///     memory is lost.
/// @throws std::system_error if the system can't make a process. simulation_error if it is called
///     within a simulation.
BOOST_SELECTORS_DECL exploration explore(std::uint64_t count,
    std::function<void(std::uint64_t seed)> const& test, explore_options const& options = {});

} // namespace boost_selectors

#endif
