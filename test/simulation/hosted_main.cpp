// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A test program within a host, by many seeds: its main() is called program_main() here. The environment
// variable SEEDS says how many; BOOST_SELECTORS_SEED runs one alone, with all that it prints.

#include <boost_selectors/explore.hpp>
#include <boost_selectors/simulation.hpp>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <string>

int program_main(int argc, char* argv[]);

int main(int argc, char* argv[]) {
    using namespace boost_selectors;
    using namespace std::chrono_literals;
    char const* const wanted = std::getenv("SEEDS");
    auto const test = [&](std::uint64_t seed) {
        simulation world{{.seed = seed}};
        int status = EXIT_FAILURE;
        world.link("program", "program").latency(0s); // As the real system has it.
        world.host("program").run([&] { status = program_main(argc, argv); });
        world.run();
        if (status != EXIT_SUCCESS)
            throw std::runtime_error("the program returned " + std::to_string(status));
    };
    explore_options options;
    options.failed = [] { return false; }; // What a seed that passes prints is not shown.
    auto const found = explore(wanted ? std::strtoull(wanted, nullptr, 10) : 1, test, options);
    return found.failed.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}
