// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The part of the program that uses Boost.Asio.

#include "standalone_asio_boost.hpp"
#include <boost/asio/steady_timer.hpp>
#include <boost_selectors/asio.hpp>
#include <chrono>

void run_boost() {
    boost_selectors::selector_context context(boost_selectors::make_selector("poll"));
    boost::asio::steady_timer timer(context, std::chrono::milliseconds(1));
    bool fired = false;
    timer.async_wait([&](boost::system::error_code ec) { fired = !ec; });
    context.run_for(patience);
    check(fired, "a timer of Boost.Asio");
}
