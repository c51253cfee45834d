// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "recording_backend.hpp"
#include <boost/asio.hpp>
#include <boost_selectors/asio.hpp>
#include <iostream>
#include <sstream>

using namespace boost_selectors;

int main() {
    std::ostringstream log;
    {
        selector_context context{std::in_place_type<recording_backend>, make_backend(), log};
        boost::asio::local::stream_protocol::socket left(context);
        boost::asio::local::stream_protocol::socket right(context);
        boost::asio::local::connect_pair(left, right);
        right.async_wait(right.wait_read,
            [](boost::system::error_code ec) { std::cout << "waited: " << ec.message() << '\n'; });
        boost::asio::post(context, [&] { boost::asio::write(left, boost::asio::buffer("x", 1)); });
        context.run();
    }
    bool const complete = log.str().find("is ready") != std::string::npos;
    std::cout << (complete ? "and it was written down\n" : "but nothing was written down\n");
}
