// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Compiled with the overlay; mixed_foreign.cpp is not.

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <iostream>
#include <string_view>

void foreign();

int main(int argc, char**) {
    if (argc > 10) // Linked in, never called.
        foreign();
    try {
        boost::asio::io_context context;
        boost::asio::steady_timer timer(context);
    } catch (std::logic_error const& e) {
        // What was wanted: said clearly, at the first context.
        bool const clear = std::string_view(e.what()).find("own reactor") != std::string_view::npos;
        std::cout << e.what() << '\n';
        return clear ? 0 : 2;
    }
    std::cerr << "the mixture was not noticed\n";
    return 1;
}
