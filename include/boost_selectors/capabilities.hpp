// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_CAPABILITIES_HPP
#define BOOST_SELECTORS_CAPABILITIES_HPP

#include <chrono>

namespace boost_selectors {

/// What a selector can do beyond level triggering, which each can.
struct capabilities {
    bool edge = false;     ///< trigger::edge
    bool oneshot = false;  ///< trigger::oneshot
    bool priority = false; ///< event::priority

    bool regular_files = false;  ///< Accepts regular files (and reports them always ready).
    bool closed_handles = false; ///< Reports a handle that was closed while registered, once.
    bool flags = false;          ///< Always fills in ready_event::hang_up and ready_event::error.

    /// A handle may be unregistered after it was closed even if a duplicate keeps its file open.
    bool late_unregister = true;

    /// A socket's error is still there (SO_ERROR) after it was reported.
    bool errors_stay = true;

    /// One select() returns all handles that are ready. Others return so many at once as their
    /// system does; the conformance suite takes for granted that 20 are possible.
    bool all_at_once = true;

    /// native_handle() gives a descriptor that can be put into another selector.
    bool pollable = false;

    /// The backend's do_register(), do_modify() and do_unregister() may be called, and take
    /// effect, while another thread is inside do_wait().
    bool live_updates = false;

    /// Time passes otherwise than on std::chrono::steady_clock (a simulation). A wait that
    /// returns with nothing is then taken to have lasted as long as was asked.
    bool own_clock = false;

    /// The grain of a timeout, to which others are rounded up. (On a kernel that is older than the
    /// library was built for, it is a millisecond.)
    std::chrono::nanoseconds resolution = std::chrono::milliseconds(1);
};

} // namespace boost_selectors

#endif
