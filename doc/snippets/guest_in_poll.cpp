// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "guest.hpp"
#include <boost/asio.hpp>
#include <cerrno>
#include <future>
#include <iostream>
#include <poll.h>
#include <thread>

int main() {
    // One that has a descriptor, whatever the default is.
    boost_selectors::selector_context context{boost_selectors::make_selector("epoll")};
    guest asio(context);
    std::promise<void> timer_came;
    bool done = false;

    boost::asio::steady_timer timer(context, std::chrono::milliseconds(20));
    timer.async_wait([&](boost::system::error_code) {
        std::cout << "a timer of Asio's" << std::endl;
        timer_came.set_value();
    });
    std::jthread other([&] {
        timer_came.get_future().wait();
        boost::asio::post(context, [&] {
            std::cout << "a post of another thread" << std::endl;
            done = true;
        });
        context.wakeup(); // Or the loop would go on sleeping.
    });

    ::pollfd entry{asio.descriptor(), POLLIN, 0};
    for (;;) {
        int const timeout = asio.before_wait();
        if (done)
            return 0;
        if (::poll(&entry, 1, timeout) == -1 && errno != EINTR) // And what else the loop waits for.
            return 1;
    }
}
