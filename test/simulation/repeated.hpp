// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_SIMULATION_REPEATED_HPP
#define BOOST_SELECTORS_TEST_SIMULATION_REPEATED_HPP

#include <boost/test/results_collector.hpp>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/explore.hpp>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <sys/mman.h>
#include <system_error>

/// Numbers that child processes write.
class shared_numbers {
public:
    explicit shared_numbers(std::size_t count)
        : size_(count * sizeof(std::uint64_t))
        , numbers_(
              ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
        if (numbers_ == MAP_FAILED)
            throw std::system_error(errno, std::generic_category());
    }

    shared_numbers(shared_numbers const&) = delete;
    shared_numbers& operator=(shared_numbers const&) = delete;
    ~shared_numbers() { ::munmap(numbers_, size_); }

    std::uint64_t& operator[](std::size_t n) { return static_cast<std::uint64_t*>(numbers_)[n]; }

private:
    std::size_t size_;
    void* numbers_;
};

/// Runs some seeds, twice each, in processes of their own: two runs of a seed are the same, and
/// most seeds have one of their own.
/// @param test returns the hash of its trace.
inline void check_seeds(
    std::uint64_t seeds, std::function<std::uint64_t(std::uint64_t seed)> const& test) {
    boost_selectors::explore_options options;
    options.failed = [] {
        using namespace boost::unit_test;
        return !results_collector.results(framework::current_test_case().p_id).passed();
    };
    shared_numbers first(seeds + 1), second(seeds + 1);
    for (shared_numbers* const hashes : {&first, &second}) {
        auto const found = boost_selectors::explore(
            seeds, [&](std::uint64_t seed) { (*hashes)[seed] = test(seed); }, options);
        BOOST_TEST_REQUIRE(found.failed.empty());
    }
    std::set<std::uint64_t> different;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        BOOST_TEST(first[seed] == second[seed]);
        different.insert(first[seed]);
    }
    BOOST_TEST(2 * different.size() > seeds);
}

#endif
