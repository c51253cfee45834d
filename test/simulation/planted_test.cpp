// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// explore() finds each mistake within 1,000 seeds, and finds nothing in the same program without it. The first
// failure must be the mistake.
//
//   planted_test [-- SEEDS_WITHOUT]

#define BOOST_TEST_MODULE simulation_planted
#include "planted_programs.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/simulation.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <sys/mman.h>

namespace {

using namespace boost_selectors;

struct simulated_world : simulation {
    using simulation::simulation;

    static std::string address_of(std::string host) { return host; }
};

using program = planted::program<simulated_world>;

/// What a child process has thrown at last.
constexpr std::size_t failure_size = 10'000;
char* const failure = static_cast<char*>(
    ::mmap(nullptr, failure_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));

void note_exception() {
    std::exception_ptr const thrown = std::current_exception();
    if (!thrown)
        return;
    try {
        std::rethrow_exception(thrown);
    } catch (std::exception const& e) {
        std::snprintf(failure, failure_size, "%s", e.what());
    } catch (...) {
        std::snprintf(failure, failure_size, "an unknown exception");
    }
}

BOOST_DATA_TEST_CASE(a_planted_mistake_is_found,
    boost::unit_test::data::make(planted::programs<simulated_world>), p) {
    auto const run = [&](std::uint64_t seeds, bool mended, unsigned jobs) {
        explore_options options;
        options.jobs = jobs;
        options.most_failures = 1;
        return explore(
            seeds,
            [&](std::uint64_t seed) {
                std::set_terminate([] {
                    note_exception();
                    std::abort();
                });
                try {
                    simulated_world world{{.seed = seed}};
                    p.run(world, mended);
                    world.run();
                } catch (...) {
                    note_exception();
                    throw;
                }
            },
            options);
    };
    *failure = '\0';
    auto const start = planted::now();
    auto const found = run(1'000, false, 1);
    std::chrono::duration<double, std::milli> const time = planted::now() - start;
    BOOST_TEST_REQUIRE(found.failed.size() == 1u);
    BOOST_TEST(found.unrepeatable.empty());
    BOOST_TEST_REQUIRE(std::strstr(failure, p.failure), "it has failed otherwise: " << failure);
    BOOST_TEST_MESSAGE(std::string("found: ") + p.name + ' ' + std::to_string(found.seeds) + ' ' +
                       std::to_string(time.count()));
    auto const& suite = boost::unit_test::framework::master_test_suite();
    std::uint64_t const without = suite.argc > 1 ? std::strtoull(suite.argv[1], nullptr, 10) : 200;
    BOOST_TEST(run(without, true, 0).failed.empty());
}

} // namespace
