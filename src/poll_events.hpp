// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_POLL_EVENTS_HPP
#define BOOST_SELECTORS_SRC_POLL_EVENTS_HPP

#include <boost_selectors/event.hpp>
#include <poll.h>

// poll(2)'s names for the events, which io_uring uses too.

namespace boost_selectors::detail {

inline short to_poll(event events) noexcept {
    int flags = 0;
    if (has(events, event::read))
        flags |= POLLIN;
    if (has(events, event::write))
        flags |= POLLOUT;
    if (has(events, event::priority))
        flags |= POLLPRI;
    return static_cast<short>(flags);
}

inline event from_poll(int flags) noexcept {
    event events = event::none;
    if (flags & POLLIN)
        events |= event::read;
    if (flags & POLLOUT)
        events |= event::write;
    if (flags & POLLPRI)
        events |= event::priority;
    return events;
}

} // namespace boost_selectors::detail

#endif
