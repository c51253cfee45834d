// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A program that uses Boost.Asio and standalone Asio. Its Boost.Asio runs on a selector. Its
// standalone Asio is unchanged, so it can share a context with a library that was compiled without
// boost_selectors. Each has its own translation unit, because newer versions of the two define the
// same names (asio_handler_cont_helpers).

#include "standalone_asio.hpp"
#include "standalone_asio_boost.hpp"
#include <asio/steady_timer.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

void check(bool good, char const* what) {
    if (good)
        return;
    std::fprintf(stderr, "wrong: %s\n", what);
    std::exit(1);
}

namespace {

void run_standalone() {
    asio::io_context context;
    int ends[2];
    check(::pipe(ends) == 0, "pipe");
    bool arrived = false;
    read_byte(context, ends[0], arrived);
    asio::steady_timer timer(context, std::chrono::milliseconds(1));
    bool fired = false;
    timer.async_wait([&](asio::error_code ec) {
        fired = !ec;
        check(::write(ends[1], "x", 1) == 1, "write");
    });
    context.run_for(patience);
    check(fired, "a timer of standalone Asio");
    check(arrived, "a read that the library started");
    ::close(ends[1]);
}

} // namespace

int main() {
    run_standalone();
    run_boost();
    std::puts("No errors detected");
}
