// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An echo server on libev.
//
//   libev_echo_server BUFFER [once]

#include "listener.hpp"
#include <cerrno>
#include <ev.h>
#include <unistd.h>
#include <vector>

namespace {

std::size_t buffer;
bool once; ///< Each connection is closed after one message.

struct connection {
    ev_io watcher;
    int fd;
    std::vector<char> data;
    std::size_t begin = 0, end = 0;
};

void watch(struct ev_loop* loop, connection* c, int events) {
    ev_io_stop(loop, &c->watcher);
    ev_io_set(&c->watcher, c->fd, events);
    ev_io_start(loop, &c->watcher);
}

void end(struct ev_loop* loop, connection* c) {
    ev_io_stop(loop, &c->watcher);
    ::close(c->fd);
    delete c;
}

void write(struct ev_loop* loop, connection* c, int watched) {
    while (c->begin < c->end) {
        auto const n = ::send(c->fd, c->data.data() + c->begin, c->end - c->begin, MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN)
            return end(loop, c);
        if (n < 0) {
            if (watched != EV_WRITE)
                watch(loop, c, EV_WRITE);
            return;
        }
        c->begin += static_cast<std::size_t>(n);
    }
    if (once)
        end(loop, c);
    else if (watched == EV_WRITE)
        watch(loop, c, EV_READ);
}

void on_ready(struct ev_loop* loop, ev_io* watcher, int events) {
    auto* const c = static_cast<connection*>(watcher->data);
    if (events & EV_WRITE)
        return write(loop, c, EV_WRITE);
    auto const n = ::recv(c->fd, c->data.data(), c->data.size(), 0);
    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0)
        return end(loop, c);
    c->begin = 0;
    c->end = static_cast<std::size_t>(n);
    write(loop, c, EV_READ);
}

void on_connection(struct ev_loop* loop, ev_io* watcher, int) {
    for (int fd; (fd = accept_connection(watcher->fd)) != -1;) {
        auto* const c = new connection{{}, fd, std::vector<char>(buffer)};
        ev_io_init(&c->watcher, on_ready, fd, EV_READ);
        c->watcher.data = c;
        ev_io_start(loop, &c->watcher);
    }
}

} // namespace

int main(int argc, char** argv) {
    once = argc > 2;
    buffer = std::strtoul(argv[1], nullptr, 10);
    struct ev_loop* const loop = ev_default_loop(0);
    ev_io listener;
    ev_io_init(&listener, on_connection, make_listener(), EV_READ);
    ev_io_start(loop, &listener);
    return ev_run(loop, 0);
}
