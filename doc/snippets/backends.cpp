// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost_selectors/selectors.hpp>
#include <iostream>

using namespace boost_selectors;

int main() {
    for (std::string const& name : available_selectors()) {
        capabilities const can = make_selector(name)->get_capabilities();
        std::cout << name << ": " << (can.edge ? "edge, " : "") << (can.oneshot ? "oneshot, " : "")
                  << (can.regular_files ? "regular files, " : "")
                  << (can.pollable ? "pollable, " : "") << can.resolution.count() << " ns\n";
    }
}
