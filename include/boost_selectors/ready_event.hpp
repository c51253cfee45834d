// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_READY_EVENT_HPP
#define BOOST_SELECTORS_READY_EVENT_HPP

#include <boost_selectors/selector_key.hpp>

namespace boost_selectors {

/// One handle that select() found ready.
struct ready_event {
    selector_key key;

    /// What it is ready for: always something that was wanted. `none` if the selecting thread
    /// has unregistered the handle since select() returned.
    event events;

    /// The system said that the other side hung up (POLLHUP), or that the handle has an error
    /// (POLLERR, or that it was closed while registered). Where a system does not tell apart
    /// (see capabilities::flags) they stay false; what is in `events` is the same everywhere.
    bool hang_up;
    bool error;

    constexpr bool readable() const noexcept { return has(events, event::read); }
    constexpr bool writable() const noexcept { return has(events, event::write); }
    constexpr bool urgent() const noexcept { return has(events, event::priority); }
};

} // namespace boost_selectors

#endif
