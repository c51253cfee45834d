// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "backends.hpp"
#include "entries.hpp"
#include "waker.hpp"
#include "windows.hpp"
#include <algorithm>
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

    /// Returns the set for select(); null if it is empty.
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

    /// Returns the sockets that select() has left in the set.
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

class select_backend final : public selector_backend {
public:
    select_backend()
        : selector_backend("select", abilities()) {}

private:
    static capabilities abilities() noexcept {
        capabilities can;
        can.oneshot = can.priority = true;
        can.closed_handles = true;
        return can;
    }

    void add(native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        detail::check_open(handle, ec);
        if (ec)
            return;
        entry& e = entries_.place(index_of(id));
        places_[handle] = index_of(id);
        e = {id, handle, wanted, true};
    }

    void modify(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        add(handle, wanted, id, ec);
    }

    void remove(native_handle_type handle, token id) noexcept override {
        closed_.erase(std::remove(closed_.begin(), closed_.end(), id), closed_.end());
        places_.erase(handle);
        entries_[index_of(id)] = {};
    }

    void wait(std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) override {
        while (true) {
            count_ = system_select(closed_.empty() ? timeout : std::chrono::nanoseconds::zero());
            if (count_ != SOCKET_ERROR)
                return;
            ec = last_error();
            if (ec.value() != WSAENOTSOCK)
                return;
            ec.clear();
            find_closed();
        }
    }

    void collect(event_sink& sink) override {
        for (token const id : closed_)
            sink.report(id, event::none, event_flags::error);
        closed_.clear();
        if (count_ == 0)
            return;
        waker_.drain();
        mark();
        for (entry& e : entries_) {
            event const ready = std::exchange(e.ready, event::none);
            event_flags const flags = std::exchange(e.flags, event_flags::none);
            if ((ready & e.wanted.events) == event::none && flags == event_flags::none)
                continue;
            sink.report(e.id, ready, flags);
            if (e.wanted.mode == trigger::oneshot)
                e.armed = false; // Not watched until modify().
        }
    }

    void wake() noexcept override { waker_.signal(); }

    void close() noexcept override {
        entries_.clear();
        places_.clear();
        closed_.clear();
    }

    struct entry {
        token id{};
        native_handle_type handle = invalid_native_handle;
        interest wanted = event::none;
        bool armed = false; ///< False if a oneshot has fired, or the socket was found closed.
        bool connected = false;
        event ready = event::none;
        event_flags flags = event_flags::none;
    };

    int system_select(std::chrono::nanoseconds timeout) {
        fill();
        using namespace std::chrono;
        timeval limit{};
        // If the timeout does not fit, the selector waits again for the rest.
        auto const rounded = std::min(ceil<microseconds>(timeout), microseconds(hours(24)));
        limit.tv_sec = static_cast<long>(duration_cast<seconds>(rounded).count());
        limit.tv_usec = static_cast<long>((rounded % seconds(1)).count());
        return ::select(0, read_.get(), write_.get(), except_.get(),
            timeout == nanoseconds::max() ? nullptr : &limit);
    }

    /// Fills the sets for select() with what is wanted.
    void fill() {
        read_.clear();
        write_.clear();
        except_.clear();
        read_.add(waker_.handle());
        for (entry const& e : entries_) {
            if (!e.armed)
                continue;
            if (has(e.wanted.events, event::read))
                read_.add(e.handle);
            if (has(e.wanted.events, event::write))
                write_.add(e.handle);
            // This set reports out-of-band data and failed connects.
            if (has(e.wanted.events, event::priority) || !e.connected)
                except_.add(e.handle);
        }
    }

    /// Finds the closed sockets that made select() fail, and stops watching them.
    void find_closed() {
        for (entry& e : entries_) {
            std::error_code ec;
            if (e.armed)
                detail::check_open(e.handle, ec);
            if (ec) {
                closed_.push_back(e.id);
                e.armed = false;
            }
        }
    }

    /// Notes in each entry what select() found.
    void mark() {
        for (SOCKET const socket : read_.found())
            if (socket != waker_.handle())
                at(socket).ready |= event::read;
        for (SOCKET const socket : write_.found())
            at(socket).ready |= event::write;
        for (SOCKET const socket : except_.found()) {
            entry& e = at(socket);
            e.connected = is_connected(socket);
            if (e.connected)
                e.ready |= event::priority;
            else
                e.flags |= event_flags::error;
        }
    }

    entry& at(SOCKET socket) { return entries_[places_.at(socket)]; }

    detail::waker waker_;
    detail::entry_table<entry> entries_;
    std::unordered_map<SOCKET, std::size_t> places_;
    socket_set read_, write_, except_;
    std::vector<token> closed_; ///< Found closed, not yet reported.
    int count_ = 0;             ///< What select() returned.
};

} // namespace

std::unique_ptr<selector_backend> detail::make_select_backend() {
    return std::make_unique<select_backend>();
}

} // namespace boost_selectors
