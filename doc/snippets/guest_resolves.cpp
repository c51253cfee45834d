// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "guest.hpp"
#include <boost/asio.hpp>
#include <cerrno>
#include <iostream>
#include <poll.h>

using boost::asio::ip::tcp;
using boost::system::error_code;

int main() {
    boost_selectors::selector_context context{boost_selectors::make_selector("epoll")};
    guest asio(context);
    boost::asio::thread_pool elsewhere(1);
    bool done = false;
    auto const connect_to = [&](tcp::resolver::results_type const& found) {
        std::cout << (found.empty() ? "no address" : "resolved") << '\n';
        done = true;
    };

    // tag::resolve[]
    tcp::resolver resolver(elsewhere); // A thread_pool.
    resolver.async_resolve("127.0.0.1", "80", [&](error_code, tcp::resolver::results_type found) {
        boost::asio::post(context, [&, found] { connect_to(found); });
        context.wakeup();
    });
    // end::resolve[]

    ::pollfd entry{asio.descriptor(), POLLIN, 0};
    for (;;) {
        int const timeout = asio.before_wait();
        if (done)
            return 0;
        if (::poll(&entry, 1, timeout) == -1 && errno != EINTR)
            return 1;
    }
}
