// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Prints the names of the selectors that work on this machine, the default one first.

#include <boost_selectors/selectors.hpp>
#include <iostream>

int main() {
    for (std::string const& name : boost_selectors::available_selectors())
        std::cout << name << '\n';
}
