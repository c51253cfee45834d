// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost_selectors/selectors.hpp>
#include <iostream>

using namespace boost_selectors;
using namespace std::chrono_literals;

int main() {
    default_selector selector;
    auto const start = std::chrono::steady_clock::now();
    auto const looked = selector.select(0s).size();     // Looks, and does not wait.
    auto const waited = selector.select(2500us).size(); // Any unit; rounded up, never down.
    bool const in_time = std::chrono::steady_clock::now() - start >= 2500us;
    std::cout << looked << ' ' << waited << (in_time ? " not too early\n" : " too early\n");
}
