// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An echo server on libevent's events.
//
//   libevent_echo_server BUFFER [once]

#include "listener.hpp"
#include <cerrno>
#include <event2/event.h>
#include <unistd.h>
#include <vector>

namespace {

std::size_t buffer;
bool once; ///< Each connection is closed after one message.
event_base* base;

struct connection {
    int fd;
    std::vector<char> data;
    std::size_t begin = 0, end = 0;
    event* readable = nullptr;
    event* writable = nullptr;
};

void end(connection* c) {
    event_free(c->readable);
    event_free(c->writable);
    ::close(c->fd);
    delete c;
}

void write(connection* c) {
    while (c->begin < c->end) {
        auto const n = ::send(c->fd, c->data.data() + c->begin, c->end - c->begin, MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN)
            return end(c);
        if (n < 0) {
            event_del(c->readable);
            event_add(c->writable, nullptr);
            return;
        }
        c->begin += static_cast<std::size_t>(n);
    }
    if (once)
        end(c);
}

void on_readable(int fd, short, void* self) {
    auto* const c = static_cast<connection*>(self);
    auto const n = ::recv(fd, c->data.data(), c->data.size(), 0);
    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0)
        return end(c);
    c->begin = 0;
    c->end = static_cast<std::size_t>(n);
    write(c);
}

void on_writable(int, short, void* self) {
    auto* const c = static_cast<connection*>(self);
    event_add(c->readable, nullptr);
    write(c);
}

void on_connection(int listener, short, void*) {
    for (int fd; (fd = accept_connection(listener)) != -1;) {
        auto* const c = new connection{fd, std::vector<char>(buffer)};
        c->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, c);
        c->writable = event_new(base, fd, EV_WRITE, on_writable, c);
        event_add(c->readable, nullptr);
    }
}

} // namespace

int main(int argc, char** argv) {
    once = argc > 2;
    buffer = std::strtoul(argv[1], nullptr, 10);
    base = event_base_new();
    event* const accepting =
        event_new(base, make_listener(), EV_READ | EV_PERSIST, on_connection, nullptr);
    event_add(accepting, nullptr);
    return event_base_dispatch(base);
}
