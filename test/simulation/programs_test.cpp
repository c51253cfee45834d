// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Programs that know nothing of the simulation: the same run for a seed, another for another seed.

#define BOOST_TEST_MODULE simulation_programs
#include <boost/test/unit_test.hpp>
#include <boost_selectors/simulation.hpp>
#include <set>

/// The program that this test is linked with.
int run(int size);
/// Of what the program has seen.
extern unsigned long app_hash;

namespace {

using boost_selectors::simulation;

struct outcome {
    int result;
    unsigned long program;
    std::uint64_t trace;

    bool operator==(outcome const&) const = default;
};

outcome run(std::uint64_t seed, int size) {
    app_hash = 1469598103934665603ul;
    int result = 0;
    simulation world{{.seed = seed}};
    world.host("one").run([&] { result = ::run(size); });
    world.run();
    return {result, app_hash, world.trace_hash()};
}

BOOST_AUTO_TEST_CASE(a_seed_gives_the_same_run) {
    std::set<std::uint64_t> traces;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        outcome const first = run(seed, 5);
        BOOST_TEST(first.result > 0);
        traces.insert(first.trace);
        for (int again = 0; again < 10; ++again)
            BOOST_TEST_REQUIRE((run(seed, 5) == first));
    }
    BOOST_TEST(traces.size() == 10u);
}

} // namespace
