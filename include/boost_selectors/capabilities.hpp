// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_CAPABILITIES_HPP
#define BOOST_SELECTORS_CAPABILITIES_HPP

#include <chrono>

namespace boost_selectors {

/// What a selector supports beyond level triggering, which every selector supports.
struct capabilities {
    bool edge = false;     ///< Supports trigger::edge.
    bool oneshot = false;  ///< Supports trigger::oneshot.
    bool priority = false; ///< Supports event::priority.

    bool regular_files = false;  ///< Accepts regular files, and always reports them as ready.
    bool closed_handles = false; ///< Reports once that a handle was closed while registered.
    bool flags = false;          ///< Always fills in ready_event::hang_up and ready_event::error.

    /// native_handle() returns a descriptor that another selector can watch.
    bool pollable = false;

    /// The backend's add(), modify() and remove() may be called while another thread is inside its
    /// wait(), and take effect in that wait.
    bool live_updates = false;

    /// Timeout resolution; finer timeouts are rounded up to it.
    std::chrono::nanoseconds resolution = std::chrono::milliseconds(1);
};

} // namespace boost_selectors

#endif
