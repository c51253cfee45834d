// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A context is first used while static objects are destroyed. The library's own static objects must
// still exist.

#include <boost/asio.hpp>
#include <boost_selectors/asio.hpp>
#include <cstdio>
#include <cstdlib>

namespace {

struct late {
    ~late() {
        boost::asio::io_context context;
        boost::asio::steady_timer timer(context, std::chrono::milliseconds(1));
        bool fired = false;
        timer.async_wait([&](boost::system::error_code ec) { fired = !ec; });
        context.run();
        bool refused = false;
        try {
            (void)boost_selectors::make_selector("nonesuch");
        } catch (std::system_error const& e) {
            refused = e.code() == boost_selectors::error::unknown_backend;
        }
        if (!fired || !refused)
            std::_Exit(1);
        std::puts("No errors detected");
        std::fflush(stdout);
    }
} const object;

} // namespace

int main() {
    (void)boost_selectors::available_selectors(); // Creates the library's objects after `object`.
}
