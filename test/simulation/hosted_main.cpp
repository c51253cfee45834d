// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A test program within a host: its main() is called program_main() here.

#include <boost_selectors/simulation.hpp>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>

int program_main(int argc, char* argv[]);

int main(int argc, char* argv[]) {
    using boost_selectors::simulation;
    using namespace std::chrono_literals;
    char const* const seed = std::getenv("BOOST_SELECTORS_SEED");
    simulation world{{.seed = seed ? std::strtoull(seed, nullptr, 10) : 1}};
    int result = EXIT_FAILURE;
    world.link("program", "program").latency(0s); // As the real system has it.
    world.host("program").run([&] { result = program_main(argc, argv); });
    try {
        world.run();
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return EXIT_FAILURE;
    }
    return result;
}
