// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A program that is compiled without exceptions.

#include <boost/throw_exception.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>

#if !defined(BOOST_NO_EXCEPTIONS)
#    error "this program is to be compiled without exceptions"
#endif

namespace boost {

// Asio calls this function instead of throwing an exception; the program defines it.
void throw_exception(std::exception const& e) {
    std::fprintf(stderr, "instead of an exception: %s\n", e.what());
    std::exit(3);
}
void throw_exception(std::exception const& e, boost::source_location const&) {
    throw_exception(e);
}

} // namespace boost

#include "echo.hpp"

using namespace boost_selectors;
using standards::check;

int main() {
    boost::asio::io_context context;
    check(standards::echo(context, "plain") == "plain", "the echo");
    boost::asio::local::stream_protocol::socket left(context), right(context);
    boost::asio::local::connect_pair(left, right);

    default_selector selector;
    std::error_code ec;
    selector.register_handle(left, event::write, ec);
    check(!ec && selector.select(std::chrono::seconds(10), ec).size() == 1 && !ec, "the selector");
    selector.register_handle(left, event::write, ec);
    check(ec == error::already_registered, "an error");

    keyed_selector<int> keyed;
    check(keyed.register_handle(left, event::write, 5, ec) != nullptr, "the keyed selector");
    keyed.unregister(right, ec);
    check(ec == error::not_registered, "another error");
    std::puts("No errors detected");
}
