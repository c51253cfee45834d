// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "waker.hpp"
#include "windows.hpp"
#include <boost_selectors/wsapoll_selector.hpp>
#include <vector>

namespace boost_selectors {

using detail::from_poll;
using detail::last_error;
using detail::to_poll;

struct wsapoll_selector::backend {
    struct entry {
        token id;
        interest wanted;
    };

    backend() { reset(); }

    /// Nothing watched but the waker, which stands first.
    void reset() {
        fds.assign(1, {wake.handle(), POLLRDNORM, 0});
        entries.assign(1, {token{0}, event::none});
        count = 0;
    }

    std::size_t& position(token id) {
        std::size_t const index = index_of(id);
        if (index >= positions.size())
            positions.resize(index + 1);
        return positions[index];
    }

    detail::waker wake;
    std::vector<WSAPOLLFD> fds;         ///< A muted one has no socket.
    std::vector<entry> entries;         ///< One for each of `fds`.
    std::vector<std::size_t> positions; ///< By index_of(token): the place in `fds`.
    std::size_t count = 0;
};

wsapoll_selector::wsapoll_selector()
    : backend_(std::make_unique<backend>()) {}

wsapoll_selector::~wsapoll_selector() {
    close();
}

void wsapoll_selector::do_register(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    detail::check_open(handle, ec);
    if (ec)
        return;
    backend& b = *backend_;
    std::size_t const position = b.fds.size();
    b.position(id) = position;
    b.entries.resize(position + 1, {token{0}, event::none});
    b.fds.push_back({handle, to_poll(wanted.events), 0});
    b.entries[position] = {id, wanted};
}

void wsapoll_selector::do_modify(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    detail::check_open(handle, ec);
    if (ec)
        return;
    backend& b = *backend_;
    std::size_t const position = b.position(id);
    b.fds[position] = {handle, to_poll(wanted.events), 0};
    b.entries[position].wanted = wanted;
}

void wsapoll_selector::do_unregister(native_handle_type, token id) noexcept {
    backend& b = *backend_;
    std::size_t const position = b.position(id);
    std::size_t const last = b.fds.size() - 1;
    b.fds[position] = b.fds[last];
    b.entries[position] = b.entries[last];
    b.position(b.entries[position].id) = position;
    b.fds.resize(last);
    b.entries.resize(last, {token{0}, event::none}); // One was left over if memory ran out.
}

void wsapoll_selector::do_wait(std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) {
    backend& b = *backend_;
    int const n =
        ::WSAPoll(b.fds.data(), static_cast<ULONG>(b.fds.size()), detail::to_milliseconds(timeout));
    b.count = n > 0 ? static_cast<std::size_t>(n) : 0;
    if (n == SOCKET_ERROR)
        ec = last_error();
}

void wsapoll_selector::do_collect() {
    backend& b = *backend_;
    if (b.count > 0 && b.fds[0].revents != 0) {
        b.wake.drain();
        --b.count;
    }
    for (std::size_t i = 1; b.count > 0 && i < b.fds.size(); ++i) {
        WSAPOLLFD& fd = b.fds[i];
        if (fd.revents == 0)
            continue;
        --b.count;
        bool const closed = (fd.revents & POLLNVAL) != 0;
        report(b.entries[i].id, from_poll(fd.revents), (fd.revents & POLLHUP) != 0,
            closed || (fd.revents & POLLERR) != 0);
        if (closed || b.entries[i].wanted.mode == trigger::oneshot)
            fd.fd = INVALID_SOCKET; // Until do_modify().
    }
}

void wsapoll_selector::do_wakeup() noexcept {
    backend_->wake.signal();
}

void wsapoll_selector::do_close() noexcept {
    backend_->reset();
}

capabilities wsapoll_selector::do_capabilities() const noexcept {
    capabilities can;
    can.oneshot = can.priority = true;
    can.closed_handles = true;
    return can;
}

std::string_view wsapoll_selector::do_name() const noexcept {
    return "wsapoll";
}

} // namespace boost_selectors
