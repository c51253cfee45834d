// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_POLL_EVENTS_HPP
#define BOOST_SELECTORS_SRC_POLL_EVENTS_HPP

#include "system.hpp"
#include <boost_selectors/event.hpp>
#if !defined(_WIN32)
#    include <poll.h>
#endif

// Conversions between events and the flags of poll(2), which WSAPoll and io_uring use too.

namespace boost_selectors::detail {

#if defined(_WIN32)
// WSAPoll() refuses POLLPRI.
constexpr int poll_read = POLLRDNORM;
constexpr int poll_write = POLLWRNORM;
constexpr int poll_priority = POLLRDBAND;
#else
constexpr int poll_read = POLLIN;
constexpr int poll_write = POLLOUT;
constexpr int poll_priority = POLLPRI;
#endif

inline short to_poll(event events) noexcept {
    int flags = 0;
    if (has(events, event::read))
        flags |= poll_read;
    if (has(events, event::write))
        flags |= poll_write;
    if (has(events, event::priority))
        flags |= poll_priority;
    return static_cast<short>(flags);
}

inline event from_poll(int flags) noexcept {
    event events = event::none;
    if (flags & poll_read)
        events |= event::read;
    if (flags & poll_write)
        events |= event::write;
    if (flags & poll_priority)
        events |= event::priority;
    return events;
}

} // namespace boost_selectors::detail

#endif
