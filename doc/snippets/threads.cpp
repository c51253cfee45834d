// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost_selectors/selectors.hpp>
#include <iostream>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace boost_selectors;

int main() {
    int fds[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == -1 ||
        ::write(fds[1], "x", 1) != 1)
        return 1;
    default_selector selector;
    std::jthread other([&] { selector.register_handle(fds[0], event::read); });

    // Nothing was registered when this wait began, perhaps. It ends all the same.
    auto const list = selector.select();
    std::cout << list.size() << " ready\n";

    other.join();
    selector.unregister(fds[0]);
    ::close(fds[0]);
    ::close(fds[1]);
}
