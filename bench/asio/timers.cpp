// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// 100,000 timers are set; a tenth of them expires, the others are cancelled.
// Counts timers.

#include "slices.hpp"
#include <boost/asio.hpp>
#include <deque>
#include <random>

namespace asio = boost::asio;
using namespace std::chrono_literals;

int main() {
    asio::io_context context;
    constexpr std::size_t n = 100'000;
    std::deque<asio::steady_timer> timers;
    for (std::size_t i = 0; i < n; ++i)
        timers.emplace_back(context);
    std::mt19937 random(1);
    run_slices([&](std::chrono::steady_clock::time_point stop) {
        std::size_t count = 0;
        do {
            auto const now = std::chrono::steady_clock::now();
            for (std::size_t i = 0; i < n; ++i) {
                bool const expires = i % 10 == 0;
                timers[i].expires_at(
                    now + (expires ? 0s : 60s) + std::chrono::microseconds(random() % 1000));
                timers[i].async_wait([&count](boost::system::error_code) { ++count; });
            }
            for (std::size_t i = 0; i < n; ++i)
                if (i % 10 != 0)
                    timers[i].cancel();
            context.restart();
            context.run();
        } while (std::chrono::steady_clock::now() < stop);
        return count;
    });
}
