// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "poll_events.hpp"
#include "posix.hpp"
#include "waker.hpp"
#include <boost_selectors/poll_selector.hpp>
#include <vector>

namespace boost_selectors {

using detail::from_poll;
using detail::last_error;
using detail::to_poll;

struct poll_selector::backend {
    struct entry {
        token id;
        interest wanted;
    };

    backend() { reset(); }

    /// Nothing watched but the waker, which stands first.
    void reset() {
        fds.assign(1, {wake.handle(), POLLIN, 0});
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
    std::vector<pollfd> fds;            ///< A muted one has its descriptor's complement.
    std::vector<entry> entries;         ///< One for each of `fds`.
    std::vector<std::size_t> positions; ///< By index_of(token): the place in `fds`.
    std::size_t count = 0;
};

poll_selector::poll_selector()
    : backend_(std::make_unique<backend>()) {}

poll_selector::~poll_selector() {
    close();
}

void poll_selector::do_register(
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

void poll_selector::do_modify(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    detail::check_open(handle, ec);
    if (ec)
        return;
    backend& b = *backend_;
    std::size_t const position = b.position(id);
    b.fds[position] = {handle, to_poll(wanted.events), 0};
    b.entries[position].wanted = wanted;
}

void poll_selector::do_unregister(native_handle_type, token id) noexcept {
    backend& b = *backend_;
    std::size_t const position = b.position(id);
    std::size_t const last = b.fds.size() - 1;
    b.fds[position] = b.fds[last];
    b.entries[position] = b.entries[last];
    b.position(b.entries[position].id) = position;
    b.fds.resize(last);
    b.entries.resize(last, {token{0}, event::none}); // One was left over if memory ran out.
}

void poll_selector::do_wait(std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) {
    backend& b = *backend_;
#if defined(__linux__) || defined(__FreeBSD__)
    detail::timespec_timeout const time(timeout);
    int const n = ::ppoll(b.fds.data(), static_cast<nfds_t>(b.fds.size()), time.get(), nullptr);
#else
    int const n =
        ::poll(b.fds.data(), static_cast<nfds_t>(b.fds.size()), detail::to_milliseconds(timeout));
#endif
    b.count = n > 0 ? static_cast<std::size_t>(n) : 0;
    if (n == -1)
        ec = last_error();
}

void poll_selector::do_collect() {
    backend& b = *backend_;
    if (b.count > 0 && b.fds[0].revents != 0) {
        b.wake.drain();
        --b.count;
    }
    for (std::size_t i = 1; b.count > 0 && i < b.fds.size(); ++i) {
        pollfd& fd = b.fds[i];
        if (fd.revents == 0)
            continue;
        --b.count;
        bool const closed = (fd.revents & POLLNVAL) != 0;
        report(b.entries[i].id, from_poll(fd.revents), (fd.revents & POLLHUP) != 0,
            closed || (fd.revents & POLLERR) != 0);
        if (closed || b.entries[i].wanted.mode == trigger::oneshot)
            fd.fd = ~fd.fd; // Until do_modify().
    }
}

void poll_selector::do_wakeup() noexcept {
    backend_->wake.signal();
}

void poll_selector::do_close() noexcept {
    backend_->reset();
}

capabilities poll_selector::do_capabilities() const noexcept {
    capabilities can;
    can.oneshot = can.priority = true;
    can.regular_files = true;
    can.closed_handles = true;
    can.flags = true;
#if defined(__linux__) || defined(__FreeBSD__)
    can.resolution = std::chrono::nanoseconds(1);
#endif
    return can;
}

std::string_view poll_selector::do_name() const noexcept {
    return "poll";
}

void poll_selector::do_fork_child(std::error_code& ec) {
    backend_->wake.recreate(ec);
    backend_->reset();
}

} // namespace boost_selectors
