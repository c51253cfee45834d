// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "glib_selector.hpp"
#include <boost/asio.hpp>
#include <boost_selectors/asio.hpp>
#include <csignal>
#include <iostream>

int main() {
    boost_selectors::selector_context context{std::in_place_type<glib_selector>};

    boost::asio::signal_set signals(context, SIGINT); // An I/O object: see below.
    signals.async_wait([&](boost::system::error_code, int) {
        std::cout << "Asio: interrupted" << std::endl;
        context.stop();
    });

    g_timeout_add(
        10,
        [](gpointer) -> gboolean {
            std::cout << "GLib: 10 ms are over" << std::endl;
            std::raise(SIGINT);
            return G_SOURCE_REMOVE;
        },
        nullptr);

    glib_ownership const held; // No other thread shall call GLib's callbacks.
    context.run();             // GLib's timeouts and sources go on, in this thread.
}
