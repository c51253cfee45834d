// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost/asio.hpp>
#include <iostream>

using boost::asio::local::stream_protocol;
using boost::system::error_code;

int main() {
    boost::asio::io_context context;
    stream_protocol::socket left(context);
    stream_protocol::socket right(context);
    boost::asio::local::connect_pair(left, right);

    char text[6] = {};
    boost::asio::async_read(right, boost::asio::buffer(text, 5),
        [&](error_code ec, std::size_t) { std::cout << text << ": " << ec.message() << '\n'; });

    boost::asio::steady_timer timer(context, std::chrono::milliseconds(10));
    timer.async_wait(
        [&](error_code) { boost::asio::write(left, boost::asio::buffer("hello", 5)); });

    context.run();
}
