// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// explore() finds each mistake within 1,000 seeds, and finds nothing in the same program without it.
//
//   planted_test [-- SEEDS_WITHOUT]

#define BOOST_TEST_MODULE simulation_planted
#include "planted_programs.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/simulation.hpp>
#include <cstdlib>

namespace {

using namespace boost_selectors;

struct simulated_world : simulation {
    using simulation::simulation;

    static std::string address_of(std::string host) { return host; }
};

using program = planted::program<simulated_world>;

BOOST_DATA_TEST_CASE(a_planted_mistake_is_found,
    boost::unit_test::data::make(planted::programs<simulated_world>), p) {
    auto const run = [&](std::uint64_t seeds, bool mended, unsigned jobs) {
        explore_options options;
        options.jobs = jobs;
        options.most_failures = 1;
        return explore(
            seeds,
            [&](std::uint64_t seed) {
                simulated_world world{{.seed = seed}};
                p.run(world, mended);
                world.run();
            },
            options);
    };
    auto const start = planted::now();
    auto const found = run(1'000, false, 1);
    std::chrono::duration<double, std::milli> const time = planted::now() - start;
    BOOST_TEST(found.failed.size() == 1u);
    BOOST_TEST(found.unrepeatable.empty());
    BOOST_TEST_MESSAGE(std::string("found: ") + p.name + ' ' + std::to_string(found.seeds) + ' ' +
                       std::to_string(time.count()));
    auto const& suite = boost::unit_test::framework::master_test_suite();
    std::uint64_t const without = suite.argc > 1 ? std::strtoull(suite.argv[1], nullptr, 10) : 200;
    BOOST_TEST(run(without, true, 0).failed.empty());
}

} // namespace
