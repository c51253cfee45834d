// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Compiled with the overlay; mixed_foreign.cpp is not.

#include "mixed_work.hpp"
#include <iostream>
#include <stdexcept>

[[gnu::visibility("default")]] bool foreign();

int main() {
    try {
        // In turn, so that each part runs after the other.
        for (int i = 0; i < 3; ++i)
            if (!work() || !foreign()) {
                std::cerr << "a part does not work\n";
                return 2;
            }
        return 0;
    } catch (std::exception const& e) { // Thrown if the selector is unknown.
        std::cerr << e.what() << '\n';
        return 1;
    }
}
