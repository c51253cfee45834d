// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How late single timers are.
//
//   lateness MICROSECONDS...
//
// Sets a timer of each length, one after the other, and prints how many microseconds late it was.

#include <boost/asio.hpp>
#include <cstdlib>
#include <iostream>

int main(int argc, char** argv) {
    boost::asio::io_context context;
    boost::asio::steady_timer timer(context);
    for (int i = 1; i < argc; ++i) {
        timer.expires_after(std::chrono::microseconds(std::atol(argv[i])));
        timer.async_wait([&](boost::system::error_code) {
            std::chrono::duration<double, std::micro> const late =
                std::chrono::steady_clock::now() - timer.expiry();
            std::cout << late.count() << std::endl;
        });
        context.restart();
        context.run();
    }
}
