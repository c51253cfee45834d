// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An Asio echo server on a GLib main context, in which a GLib timer ticks meanwhile.
//
//   glib_echo_server [port [ticks]]
//
// After that many ticks it prints how punctual they were, and ends. Without a number, it runs until
// it is stopped.

#include "../asio/server.hpp"
#include "glib_selector.hpp"
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstdlib>

using boost::asio::awaitable;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;

namespace {

awaitable<void> echo(tcp::socket socket) {
    std::array<char, 4096> data;
    try {
        socket.set_option(tcp::no_delay(true));
        for (;;) {
            auto const n =
                co_await socket.async_read_some(boost::asio::buffer(data), use_awaitable);
            co_await boost::asio::async_write(socket, boost::asio::buffer(data, n), use_awaitable);
        }
    } catch (boost::system::system_error const&) {
        // The client has gone.
    }
}

awaitable<void> serve(tcp::acceptor acceptor) {
    for (;;) {
        auto socket = co_await acceptor.async_accept(use_awaitable);
        co_spawn(acceptor.get_executor(), echo(std::move(socket)), boost::asio::detached);
    }
}

/// A GLib timeout of 10 ms, and statistics of how late it was called.
struct ticker {
    static constexpr gint64 period = 10'000; // Microseconds.

    static gboolean tick(gpointer data) {
        auto& self = *static_cast<ticker*>(data);
        auto const now = g_get_monotonic_time();
        auto const late = now - self.last - period;
        self.last = now;
        self.punctual += late <= 5000;
        self.latest = std::max(self.latest, late);
        if (++self.count != self.wanted)
            return G_SOURCE_CONTINUE;
        self.context.stop();
        return G_SOURCE_REMOVE;
    }

    boost::asio::io_context& context;
    int wanted; ///< The number of ticks to run; 0 means no limit.
    int count = 0;
    int punctual = 0;
    gint64 latest = 0;
    gint64 last = g_get_monotonic_time();
};

} // namespace

int main(int argc, char* argv[]) {
    try {
        int const ticks = argc > 2 ? std::atoi(argv[2]) : 0;
        example::arguments arguments;
        if (!example::parse(std::min(argc, 2), argv, arguments)) {
            std::cerr << "usage: glib_echo_server [port [ticks]]\n";
            return 2;
        }
        boost_selectors::selector_context context{std::in_place_type<glib_selector>};
        auto acceptor = example::listen(context, arguments.port);
        ticker t{context, ticks};
        std::cout << "listening on port " << acceptor.local_endpoint().port() << std::endl;
        co_spawn(context, serve(std::move(acceptor)), boost::asio::detached);
        g_timeout_add(ticker::period / 1000, &ticker::tick, &t);
        glib_ownership const held;
        context.run();
        std::cout << t.punctual << " of " << t.count << " ticks within 5 ms, the latest "
                  << static_cast<double>(t.latest) / 1000 << " ms late" << std::endl;
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
