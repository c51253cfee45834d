// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "network.hpp"
#include <iostream>

int main() {
    boost::asio::io_context context;
    after(context, std::chrono::milliseconds(10), [] { std::cout << "10 ms later\n"; });
    context.run();
}
