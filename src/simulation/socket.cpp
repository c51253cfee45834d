// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "socket.hpp"
#include "calls.hpp"
#include "network.hpp"
#include <algorithm>

namespace boost_selectors::simulated {

std::size_t buffers::size() const noexcept {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < count; ++i)
        sum += first[i].iov_len;
    return sum;
}

any_socket::any_socket(host& h, int d, int t, int p)
    : owner(h)
    , domain(d)
    , type(t)
    , protocol(p)
    , id(h.in.net.next_id()) {}

outcome any_socket::listen(int) {
    return -EOPNOTSUPP;
}

outcome any_socket::accept(std::shared_ptr<any_socket>&) {
    return -EOPNOTSUPP;
}

void any_socket::change() {
    for (std::size_t i = 0; i < watchers_.size(); ++i)
        watchers_[i]->changed(*this);
    owner.in.wake(this, std::size_t(-1));
}

void any_socket::inherit_options(any_socket const& from) {
    reuse_address = from.reuse_address;
    reuse_port = from.reuse_port;
    v6_only = from.v6_only;
    broadcast = from.broadcast;
    linger = from.linger;
    receive_timeout = from.receive_timeout;
    send_timeout = from.send_timeout;
    options = from.options;
}

void any_socket::unwatch(watcher& w) noexcept {
    auto const found = std::ranges::find(watchers_, &w);
    if (found == watchers_.end())
        return;
    *found = watchers_.back();
    watchers_.pop_back();
}

bool socket_table::has_room(host const& h) const noexcept {
    return h.descriptors < h.most_descriptors;
}

outcome socket_table::add(std::shared_ptr<any_socket> s, bool close_on_exec) {
    if (!has_room(s->owner))
        return -EMFILE;
    // A real socket, so that fstat() says what it is, with a number that no other one has.
    int const fd = real().socket(AF_UNIX, SOCK_STREAM | (close_on_exec ? SOCK_CLOEXEC : 0), 0);
    if (fd < 0)
        return -errno;
    put(fd, std::move(s));
    return fd;
}

void socket_table::put(int fd, std::shared_ptr<any_socket> s) {
    auto const i = static_cast<std::size_t>(fd);
    if (i >= sockets_.size())
        sockets_.resize(i + 1);
    ++s->owner.descriptors;
    sockets_[i] = std::move(s);
}

std::vector<int> socket_table::of(host const& h) const {
    std::vector<int> found;
    for (std::size_t i = 0; i < sockets_.size(); ++i)
        if (sockets_[i] && &sockets_[i]->owner == &h)
            found.push_back(static_cast<int>(i));
    return found;
}

std::shared_ptr<any_socket> socket_table::share(int fd) const {
    auto const i = static_cast<std::size_t>(fd);
    return i < sockets_.size() ? sockets_[i] : nullptr;
}

void socket_table::add_descriptor(int fd, std::shared_ptr<any_socket> s) {
    ++s->descriptors;
    put(fd, std::move(s));
}

void socket_table::remove(int fd) {
    std::shared_ptr<any_socket> const s =
        std::exchange(sockets_[static_cast<std::size_t>(fd)], nullptr);
    if (s->owner.descriptors > 0)
        --s->owner.descriptors;
    if (--s->descriptors == 0)
        s->last_descriptor_closed();
    s->change(); // A selector that watches it is told.
}

} // namespace boost_selectors::simulated
