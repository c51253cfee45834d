// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost/asio.hpp>
#include <boost_selectors/asio.hpp>
#include <iostream>

using namespace boost_selectors;

int main() {
    selector_context a;                        // the default selector
    selector_context b{1};                     // with a concurrency hint
    selector_context c{make_selector("poll")}; // an object
    selector_context d{1, make_selector("poll")};
    selector_context e{std::in_place_type<poll_selector>}; // a type, and its arguments
    selector_context f{1, std::in_place_type<select_selector>};

    boost::asio::thread_pool pool(2); // any other context
    install_selector(pool, make_selector("poll"));
    boost::asio::steady_timer timer(pool, std::chrono::milliseconds(1));
    timer.async_wait([](boost::system::error_code ec) { std::cout << ec.message() << '\n'; });
    pool.join();

    boost::asio::io_context& as_ever = e;
    std::cout << e.selector().name() << ' ' << as_ever.run() << '\n';
}
