// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost/asio.hpp>
#include <boost_selectors/asio.hpp>
#include <iostream>

using namespace boost_selectors;

int main() {
    selector_context context;
    boost::asio::steady_timer timer(context, std::chrono::milliseconds(5));
    timer.async_wait([](boost::system::error_code) {});
    context.run();
    context_statistics const s = context.get_statistics();
    std::cout << (s.waits + s.polls > 0 ? "it has waited" : "it has not") << ", " << s.ready_events
              << " handles were ready\n";

    boost::asio::thread_pool pool(1);
    boost::asio::steady_timer another(pool, std::chrono::milliseconds(5));
    another.async_wait([](boost::system::error_code) {});
    pool.join();
    context_statistics const p = get_statistics(pool);
    if (p.waits + p.polls > 0)
        std::cout << "so has the pool\n";
}
