// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Posts from another thread.
//
//   post sleeping    two contexts, each run by a thread of its own, post to one another in turn:
//                    each sleeps when its turn comes
//   post busy        to a context that another thread keeps busy; 64 are pending at a time
//
// Counts posts.

#include "slices.hpp"
#include <atomic>
#include <boost/asio.hpp>
#include <iostream>
#include <string_view>
#include <thread>

namespace {

namespace asio = boost::asio;
using clock_type = std::chrono::steady_clock;

unsigned long ping_pong(clock_type::time_point stop) {
    asio::io_context here, there;
    auto const stay = asio::make_work_guard(there);
    std::jthread const other([&] { there.run(); });
    unsigned long count = 0;
    std::function<void()> ping = [&] {
        if (clock_type::now() >= stop) {
            there.stop();
            return;
        }
        count += 2;
        asio::post(there, [&, work = asio::make_work_guard(here)] { asio::post(here, ping); });
    };
    asio::post(here, ping);
    here.run();
    return count;
}

unsigned long flood(clock_type::time_point stop) {
    asio::io_context context;
    std::atomic<unsigned long> done = 0;
    std::function<void()> spin = [&] {
        if (clock_type::now() < stop)
            asio::post(context, spin);
    };
    asio::post(context, spin);
    std::jthread const other([&] { context.run(); });
    unsigned long sent = 0;
    while (clock_type::now() < stop) {
        while (sent - done >= 64)
            if (clock_type::now() >= stop)
                return done;
        asio::post(context, [&] { ++done; });
        ++sent;
    }
    return done;
}

} // namespace

int main(int argc, char** argv) {
    std::string_view const mode = argc > 1 ? argv[1] : "";
    if (mode != "sleeping" && mode != "busy") {
        std::cerr << "usage: post (sleeping | busy)\n";
        return 2;
    }
    run_slices(mode == "busy" ? flood : ping_pong);
}
