// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An echo server on a bare epoll loop: the upper bound for servers based on readiness. If data does
// not fit into the socket's buffer, the loop waits until the socket is writable.
//
//   epoll_echo_server BUFFER [once]

#include "listener.hpp"
#include <cerrno>
#include <string>
#include <sys/epoll.h>
#include <unistd.h>
#include <vector>

namespace {

struct connection {
    int fd;
    std::vector<char> data;
    std::size_t begin = 0, end = 0;
};

int epoll;
bool once; ///< Each connection is closed after one message.

void watch(int operation, int fd, std::uint32_t events, void* data) {
    epoll_event e{};
    e.events = events;
    e.data.ptr = data;
    checked(::epoll_ctl(epoll, operation, fd, &e), "epoll_ctl");
}

void end(connection* c) {
    ::close(c->fd);
    delete c;
}

/// @return false if the connection has ended.
bool write(connection* c) {
    while (c->begin < c->end) {
        auto const n = ::send(c->fd, c->data.data() + c->begin, c->end - c->begin, MSG_NOSIGNAL);
        if (n < 0)
            return errno == EAGAIN;
        c->begin += static_cast<std::size_t>(n);
    }
    return true;
}

void serve(connection* c, std::uint32_t events) {
    if (events & EPOLLOUT) {
        if (!write(c))
            return end(c);
        if (c->begin == c->end) {
            if (once)
                return end(c);
            watch(EPOLL_CTL_MOD, c->fd, EPOLLIN, c);
        }
        return;
    }
    auto const n = ::recv(c->fd, c->data.data(), c->data.size(), 0);
    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0)
        return end(c);
    c->begin = 0;
    c->end = static_cast<std::size_t>(n);
    if (!write(c) || (once && c->begin == c->end))
        return end(c);
    if (c->begin < c->end)
        watch(EPOLL_CTL_MOD, c->fd, EPOLLOUT, c);
}

} // namespace

int main(int argc, char** argv) {
    std::size_t const buffer = std::strtoul(argv[1], nullptr, 10);
    once = argc > 2;
    epoll = checked(::epoll_create1(0), "epoll_create1");
    int const listener = make_listener();
    watch(EPOLL_CTL_ADD, listener, EPOLLIN, nullptr);
    epoll_event events[128];
    while (true) {
        int const n = checked(::epoll_wait(epoll, events, 128, -1), "epoll_wait");
        for (int i = 0; i < n; ++i) {
            if (auto* const c = static_cast<connection*>(events[i].data.ptr)) {
                serve(c, events[i].events);
                continue;
            }
            for (int fd; (fd = accept_connection(listener)) != -1;)
                watch(EPOLL_CTL_ADD, fd, EPOLLIN, new connection{fd, std::vector<char>(buffer)});
        }
    }
}
