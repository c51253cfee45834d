// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "entries.hpp"
#include "waker.hpp"
#include "windows.hpp"
#include <algorithm>
#include <boost_selectors/select_selector.hpp>
#include <cstddef>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace boost_selectors {

using detail::last_error;

namespace {

/// An fd_set of any size: a count and that many sockets.
class socket_set {
public:
    void clear() noexcept { sockets_.clear(); }
    void add(SOCKET socket) { sockets_.push_back(socket); }

    /// For select(); null if there is none.
    fd_set* get() {
        if (sockets_.empty())
            return nullptr;
        constexpr std::size_t word = sizeof(SOCKET);
        static_assert(offsetof(fd_set, fd_array) % word == 0);
        constexpr std::size_t head = offsetof(fd_set, fd_array) / word;
        memory_.resize(head + sockets_.size());
        std::ranges::copy(sockets_, memory_.begin() + head);
        auto* const set = reinterpret_cast<fd_set*>(memory_.data());
        set->fd_count = static_cast<u_int>(sockets_.size());
        return set;
    }

    /// What select() has left in it.
    std::span<SOCKET const> found() const noexcept {
        if (sockets_.empty())
            return {};
        auto const* const set = reinterpret_cast<fd_set const*>(memory_.data());
        return {set->fd_array, set->fd_count};
    }

private:
    std::vector<SOCKET> sockets_;
    std::vector<SOCKET> memory_;
};

bool is_connected(SOCKET socket) noexcept {
    sockaddr_storage address;
    int size = sizeof address;
    return ::getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
}

} // namespace

struct select_selector::backend {
    struct entry {
        token id{};
        native_handle_type handle = invalid_native_handle;
        interest wanted = event::none;
        bool armed = false; ///< A oneshot that has fired is not, nor is what was found closed.
        bool connected = false;
        event ready = event::none;
        bool error = false;
    };

    /// Gives select() what is wanted.
    void fill() {
        read.clear();
        write.clear();
        except.clear();
        read.add(wake.handle());
        for (entry const& e : entries) {
            if (!e.armed)
                continue;
            if (has(e.wanted.events, event::read))
                read.add(e.handle);
            if (has(e.wanted.events, event::write))
                write.add(e.handle);
            // Where out-of-band data is told, and that a connect has failed.
            if (has(e.wanted.events, event::priority) || !e.connected)
                except.add(e.handle);
        }
    }

    int wait(std::chrono::nanoseconds timeout) {
        fill();
        using namespace std::chrono;
        timeval limit{};
        // The base waits again for what does not fit.
        auto const rounded = std::min(ceil<microseconds>(timeout), microseconds(hours(24)));
        limit.tv_sec = static_cast<long>(duration_cast<seconds>(rounded).count());
        limit.tv_usec = static_cast<long>((rounded % seconds(1)).count());
        return ::select(0, read.get(), write.get(), except.get(),
            timeout == nanoseconds::max() ? nullptr : &limit);
    }

    /// Takes the closed sockets, for which select() failed, out.
    void find_closed() {
        for (entry& e : entries) {
            std::error_code ec;
            if (e.armed)
                detail::check_open(e.handle, ec);
            if (ec) {
                e.armed = false;
                closed.push_back(e.id);
            }
        }
    }

    /// Has each entry know what select() found.
    void mark() {
        for (SOCKET const socket : read.found())
            if (socket != wake.handle())
                at(socket).ready |= event::read;
        for (SOCKET const socket : write.found())
            at(socket).ready |= event::write;
        for (SOCKET const socket : except.found()) {
            entry& e = at(socket);
            e.connected = is_connected(socket);
            if (e.connected)
                e.ready |= event::priority;
            else
                e.error = true;
        }
    }

    entry& at(SOCKET socket) { return entries[places.at(socket)]; }

    detail::waker wake;
    detail::entry_table<entry> entries;
    std::unordered_map<SOCKET, std::size_t> places;
    socket_set read, write, except;
    std::vector<token> closed; ///< Found closed, not yet reported.
    int count = 0;
};

select_selector::select_selector()
    : backend_(std::make_unique<backend>()) {}

select_selector::~select_selector() {
    close();
}

void select_selector::do_register(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    detail::check_open(handle, ec);
    if (ec)
        return;
    backend& b = *backend_;
    backend::entry& e = b.entries.place(index_of(id));
    b.places[handle] = index_of(id);
    e = {id, handle, wanted, true};
}

void select_selector::do_modify(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    do_register(handle, wanted, id, ec);
}

void select_selector::do_unregister(native_handle_type handle, token id) noexcept {
    backend& b = *backend_;
    std::erase(b.closed, id);
    b.places.erase(handle);
    b.entries[index_of(id)] = {};
}

void select_selector::do_wait(std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) {
    backend& b = *backend_;
    while (true) {
        b.count = b.wait(b.closed.empty() ? timeout : std::chrono::nanoseconds::zero());
        if (b.count != SOCKET_ERROR)
            return;
        ec = last_error();
        if (ec.value() != WSAENOTSOCK)
            return;
        ec.clear();
        b.find_closed();
    }
}

void select_selector::do_collect() {
    backend& b = *backend_;
    for (token const id : b.closed)
        report(id, event::none, false, true);
    b.closed.clear();
    if (b.count == 0)
        return;
    b.wake.drain();
    b.mark();
    for (backend::entry& e : b.entries) {
        event const ready = std::exchange(e.ready, event::none);
        bool const error = std::exchange(e.error, false);
        if ((ready & e.wanted.events) == event::none && !error)
            continue;
        report(e.id, ready, false, error);
        if (e.wanted.mode == trigger::oneshot)
            e.armed = false; // Until do_modify().
    }
}

void select_selector::do_wakeup() noexcept {
    backend_->wake.signal();
}

void select_selector::do_close() noexcept {
    backend_->entries.clear();
    backend_->places.clear();
    backend_->closed.clear();
}

capabilities select_selector::do_capabilities() const noexcept {
    capabilities can;
    can.oneshot = can.priority = true;
    can.closed_handles = true;
    return can;
}

std::string_view select_selector::do_name() const noexcept {
    return "select";
}

void select_selector::do_fork_child(std::error_code& ec) {
    base_selector::do_fork_child(ec); // There is no fork.
}

} // namespace boost_selectors
