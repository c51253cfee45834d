// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost/asio.hpp>
#include <boost_selectors/asio.hpp>
#include <iostream>
#include <sys/wait.h>
#include <unistd.h>

int main() {
    boost_selectors::selector_context context;
    boost::asio::local::stream_protocol::socket left(context);
    boost::asio::local::stream_protocol::socket right(context);
    boost::asio::local::connect_pair(left, right);
    char const* who = "parent";
    right.async_wait(right.wait_read, [&](boost::system::error_code ec) {
        std::cout << who << ": " << ec.message() << std::endl;
    });

    context.notify_fork(boost::asio::execution_context::fork_prepare);
    ::pid_t const child = ::fork();
    if (child == 0) {
        who = "child";
        context.notify_fork(boost::asio::execution_context::fork_child);
        context.run(); // The child's wait is its own.
        ::_exit(0);
    }
    context.notify_fork(boost::asio::execution_context::fork_parent);
    boost::asio::write(left, boost::asio::buffer("x", 1));
    int status = 0;
    ::waitpid(child, &status, 0);
    context.run(); // The child has read nothing.
    return status;
}
