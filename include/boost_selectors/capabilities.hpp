// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_CAPABILITIES_HPP
#define BOOST_SELECTORS_CAPABILITIES_HPP

#include <chrono>

namespace boost_selectors {

/// What a selector can do beyond level triggering, which every selector has.
struct capabilities {
    bool edge = false;     ///< trigger::edge
    bool oneshot = false;  ///< trigger::oneshot
    bool priority = false; ///< event::priority

    bool regular_files = false;  ///< Accepts regular files, and reports them always ready.
    bool closed_handles = false; ///< Reports a handle that was closed while registered, once.
    bool flags = false;          ///< Always fills in ready_event::hang_up and ready_event::error.

    /// native_handle() returns a descriptor that another selector can watch.
    bool pollable = false;

    /// The backend's add(), modify() and remove() may be called, and take effect, while another
    /// thread is inside its wait().
    bool live_updates = false;

    /// Timeout resolution; finer timeouts are rounded up to it.
    std::chrono::nanoseconds resolution = std::chrono::milliseconds(1);
};

} // namespace boost_selectors

#endif
