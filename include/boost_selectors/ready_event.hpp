// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_READY_EVENT_HPP
#define BOOST_SELECTORS_READY_EVENT_HPP

#include <boost_selectors/selector_key.hpp>

namespace boost_selectors {

/// One handle that select() found ready.
struct ready_event {
    selector_key key; ///< Its registration, as of the time when select() returned.

    /// What it is ready for: always something that was wanted. `none` if the selecting thread
    /// has unregistered the handle since select() returned, or no longer wants any of them.
    event events;

    /// The system said that the other side hung up (POLLHUP). Not every system does (see
    /// capabilities::flags); what is in `events` is the same everywhere.
    bool hang_up;

    /// The system said that the handle has an error (POLLERR), or that it was closed while it was
    /// registered. Not every system tells of errors (see capabilities::flags).
    bool error;

    /// Whether reading will not block.
    constexpr bool readable() const noexcept { return has(events, event::read); }

    /// Whether writing will not block.
    constexpr bool writable() const noexcept { return has(events, event::write); }

    /// Whether there is urgent data.
    constexpr bool urgent() const noexcept { return has(events, event::priority); }
};

} // namespace boost_selectors

#endif
