// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_BENCH_PEERS_LISTENER_HPP
#define BOOST_SELECTORS_BENCH_PEERS_LISTENER_HPP

#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

inline int checked(int result, char const* what) {
    if (result < 0) {
        std::perror(what);
        std::exit(1);
    }
    return result;
}

/// Makes a non-blocking listener at a free port of the loopback interface, and prints the port.
inline int make_listener() {
    int const fd = checked(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    checked(::bind(fd, any, size), "bind");
    checked(::listen(fd, SOMAXCONN), "listen");
    checked(::getsockname(fd, any, &size), "getsockname");
    std::printf("listening %d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    return fd;
}

/// The next connection, or -1.
inline int accept_connection(int listener) {
    int const fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
    int const on = 1;
    if (fd != -1)
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

#endif
