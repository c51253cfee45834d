// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost_selectors/selectors.hpp>
#include <iostream>
#include <sys/socket.h>
#include <unistd.h>

using namespace boost_selectors;
using namespace std::chrono_literals;

/// How often a byte that nobody reads is reported.
int reports(base_selector& selector, int fd, trigger mode) {
    selector.register_handle(fd, {event::read, mode});
    int count = 0;
    while (count < 3 && !selector.select(5ms).empty())
        ++count;
    selector.unregister(fd);
    return count;
}

int main() {
    int fds[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == -1 ||
        ::write(fds[1], "x", 1) != 1)
        return 1;
    default_selector selector;
    std::cout << "level:   " << reports(selector, fds[0], trigger::level) << " of 3\n";
    if (selector.get_capabilities().edge)
        std::cout << "edge:    " << reports(selector, fds[0], trigger::edge) << " of 3\n";

    selector.register_handle(fds[0], {event::read, trigger::oneshot});
    std::cout << "oneshot: " << selector.select(5ms).size();
    std::cout << ", then " << selector.select(5ms).size();
    selector.modify(fds[0], {event::read, trigger::oneshot}); // Arms it again.
    std::cout << ", then " << selector.select(5ms).size() << '\n';
    ::close(fds[0]);
    ::close(fds[1]);
}
