// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost_selectors/selectors.hpp>
#include <iostream>
#include <sys/socket.h>
#include <unistd.h>

using namespace boost_selectors;

int main() {
    int fds[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == -1)
        return 1;
    default_selector selector;
    selector.register_handle(fds[0], event::read);
    std::cout << "ready: " << selector.select(std::chrono::milliseconds(10)).size() << '\n';
    bool const sent = ::send(fds[1], "hello", 5, 0) == 5;
    for (ready_event const& ready : selector.select()) {
        char text[16];
        auto const n = ::recv(ready.key.handle, text, sizeof text, 0);
        std::cout << ready.key.handle << " has " << n << " bytes\n";
    }
    selector.unregister(fds[0]);
    ::close(fds[0]);
    ::close(fds[1]);
    return sent ? 0 : 1;
}
