// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <atomic>
#include <boost_selectors/selectors.hpp>
#include <iostream>
#include <thread>

using namespace boost_selectors;
using namespace std::chrono_literals;

int main() {
    default_selector selector;
    std::atomic<bool> stop = false;

    std::jthread other([&] {
        std::this_thread::sleep_for(50ms);
        stop = true;
        selector.wakeup();
    });

    int timeouts = 0;
    while (!stop) {
        auto const list = selector.select(10ms);
        if (list.empty() && !stop)
            ++timeouts;
    }
    std::cout << (timeouts > 0 ? "timeouts came, then the wake-up\n" : "the wake-up came first\n");
}
