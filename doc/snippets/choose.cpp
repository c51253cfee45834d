// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost/asio.hpp>
#include <boost_selectors/asio.hpp>
#include <iostream>

using namespace boost_selectors;

void work_on(boost::asio::io_context& context) { // Any code that knows nothing of selectors.
    boost::asio::steady_timer timer(context, std::chrono::milliseconds(10));
    timer.async_wait([](boost::system::error_code ec) { std::cout << ec.message() << '\n'; });
    context.run();
}

int main() {
    selector_context by_type{std::in_place_type<poll_selector>};
    selector_context by_name{make_selector("select")};
    for (selector_context* context : {&by_type, &by_name}) {
        std::cout << context->selector().name() << ": ";
        work_on(*context);
    }
}
