// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_ASIO_EXAMPLES_CHECKS_HPP
#define BOOST_SELECTORS_TEST_ASIO_EXAMPLES_CHECKS_HPP

#include "stage.hpp"
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace asio_examples {

/// A check of some examples.
struct check {
    std::vector<std::string> examples;
    std::string about; ///< For the table.
    /// Runs the example of that name, and others, and checks what they do.
    std::function<void(stage& s, std::string const& example)> play;
    std::uint64_t seeds = 5;
    /// How long a thread may calculate without a call, in real time.
    std::chrono::seconds stall_limit{20};
};

std::vector<check> const& checks();

/// Those that can't run, and why.
std::map<std::string, std::string> const& not_run();

} // namespace asio_examples

#endif
