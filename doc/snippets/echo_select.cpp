// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost_selectors/selectors.hpp>
#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace boost_selectors;

int listen_on(int port) {
    int const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int const on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == -1 ||
        ::listen(fd, SOMAXCONN) == -1)
        throw std::system_error(errno, std::system_category(), "listen");
    return fd;
}

int main(int argc, char* argv[]) {
    int const listener = listen_on(argc > 1 ? std::atoi(argv[1]) : 5000);
    default_selector selector;
    selector.register_handle(listener, event::read);
    std::cout << "on " << selector.name() << std::endl;

    for (;;) {
        for (ready_event const& ready : selector.select()) {
            int const fd = ready.key.handle;
            if (fd == listener) {
                int const client = ::accept4(fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
                if (client == -1)
                    throw std::system_error(errno, std::system_category(), "accept");
                selector.register_handle(client, event::read);
                continue;
            }
            char bytes[4096];
            auto const n = ::recv(fd, bytes, sizeof bytes, 0);
            if (n == -1 && errno == EAGAIN)
                continue;
            if (n <= 0 || ::send(fd, bytes, static_cast<std::size_t>(n), MSG_NOSIGNAL) != n) {
                selector.unregister(fd); // First this,
                ::close(fd);             // then that.
            }
        }
    }
}
