// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_POLL_AGAIN_HPP
#define BOOST_SELECTORS_SRC_POLL_AGAIN_HPP

#include "poll_events.hpp"
#include "system.hpp"
#include <cstddef>
#include <vector>

namespace boost_selectors::detail {

/// Checks by poll(2) or WSAPoll(), without blocking, whether handles are still ready as a
/// completion reported.
class poll_again {
public:
    void clear() noexcept { fds_.clear(); }
    void reserve(std::size_t size) { fds_.reserve(size); }
    void add(native_handle_type handle, event events) {
        fds_.push_back({handle, to_poll(events), 0});
    }

    /// Polls the handles that were added.
    /// @return false if there were none, or if the system had no memory for the poll.
    bool ask() noexcept;

    /// Returns the poll result of the handle that was added as number @p i.
    int found(std::size_t i) const noexcept { return fds_[i].revents; }

private:
#if defined(_WIN32)
    std::vector<WSAPOLLFD> fds_;
#else
    std::vector<pollfd> fds_;
#endif
};

inline bool poll_again::ask() noexcept {
    if (fds_.empty())
        return false;
#if defined(_WIN32)
    if (::WSAPoll(fds_.data(), static_cast<ULONG>(fds_.size()), 0) >= 0)
        return true;
    for (WSAPOLLFD& fd : fds_) { // It fails if none of the sockets is open.
        std::error_code not_open;
        check_open(fd.fd, not_open);
        fd.revents = not_open ? short{POLLNVAL} : fd.events;
    }
    return true;
#else
    no_cancellation const guard;
    return ::poll(fds_.data(), static_cast<nfds_t>(fds_.size()), 0) != -1;
#endif
}

} // namespace boost_selectors::detail

#endif
