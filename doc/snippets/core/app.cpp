// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost_selectors/selectors.hpp>
#include <iostream>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

using namespace boost_selectors;

int main() {
    keyed_selector<std::string> selector;
    int fds[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == -1)
        return 1;
    selector.register_handle(fds[0], event::read, "the left one");
    bool const sent = ::send(fds[1], "hello", 5, 0) == 5;
    for (auto [ready, data] : selector.select(std::chrono::seconds(1))) {
        char text[16];
        auto const n = ::recv(ready.key.handle, text, sizeof text, 0);
        std::cout << data << ' ' << std::string_view(text, static_cast<std::size_t>(n)) << '\n';
    }
    selector.unregister(fds[0]);
    ::close(fds[0]);
    ::close(fds[1]);
    return sent ? 0 : 1;
}
