// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Does not refer to boost_selectors.

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <iostream>

#if defined(INCLUDE_OURS)
#    include <boost_selectors/asio.hpp>
#endif

int main() {
    try {
        boost::asio::io_context context;
        boost::asio::steady_timer timer(context, std::chrono::milliseconds(1));
        timer.async_wait([](boost::system::error_code ec) { std::cout << ec.message() << '\n'; });
        context.run();
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
