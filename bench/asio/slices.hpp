// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_BENCH_ASIO_SLICES_HPP
#define BOOST_SELECTORS_BENCH_ASIO_SLICES_HPP

#include <chrono>
#include <ctime>
#include <iostream>

/// Reads the lengths of slices in seconds, one per line. For each it prints the count that @p run
/// returns, the elapsed seconds, and the seconds of processor time.
/// @param run called with the time at which to stop; returns a count.
template <class Run>
void run_slices(Run run) {
    using clock = std::chrono::steady_clock;
    auto const processor_time = [] {
        timespec t;
        ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
    };
    std::cout << "ready" << std::endl;
    for (double seconds; std::cin >> seconds;) {
        auto const start = clock::now();
        double const before = processor_time();
        auto const count = run(start + std::chrono::duration_cast<clock::duration>(
                                           std::chrono::duration<double>(seconds)));
        double const used = processor_time() - before;
        std::chrono::duration<double> const took = clock::now() - start;
        std::cout << count << ' ' << took.count() << ' ' << used << std::endl;
    }
}

#endif
