// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost_selectors/selectors.hpp>
#include <iostream>

int main() {
    try {
        boost_selectors::default_selector selector;
        selector.wakeup();
        selector.select();
        std::cout << selector.name() << '\n';
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
