// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Compiled with the overlay; mixed_foreign.cpp is not. ISOLATED is defined where that is a shared
// library which can't see this program's Asio.

#include "mixed_work.hpp"
#include <iostream>
#include <stdexcept>
#include <string_view>

[[gnu::visibility("default")]] bool foreign();

namespace {

#if defined(ISOLATED)
constexpr bool isolated = true;
#else
constexpr bool isolated = false;
#endif

} // namespace

int main() {
    try {
        // In turns: each finds what the other one left.
        for (int i = 0; i < 3; ++i)
            if (!work() || !foreign()) {
                std::cerr << "a part does not work\n";
                return 1;
            }
    } catch (std::logic_error const& e) {
        std::cout << e.what() << '\n';
        bool const clear = std::string_view(e.what()).find("own reactor") != std::string_view::npos;
        return clear && !isolated ? 0 : 2;
    }
    if (!isolated)
        std::cerr << "the mixture was not noticed\n";
    return isolated ? 0 : 1;
}
