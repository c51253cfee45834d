// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "recording_backend.hpp"
#include <boost/asio.hpp>
#include <boost_selectors/asio.hpp>
#include <iostream>

using namespace boost_selectors;

std::unique_ptr<selector_backend> make_recorder() {
    // Not itself again: the next best.
    return std::make_unique<recording_backend>(make_backend(), std::clog);
}

int main() {
    register_selector("recording", make_recorder, 400); // epoll has 300.

    boost::asio::thread_pool pool(2); // Code that knows nothing of selectors.
    boost::asio::steady_timer timer(pool, std::chrono::milliseconds(1));
    timer.async_wait([](boost::system::error_code) {});
    pool.join();

    auto& service = boost::asio::use_service<selector_service>(pool);
    std::cout << "the pool ran on: " << service.selector().name() << '\n';
}
