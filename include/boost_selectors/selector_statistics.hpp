// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SELECTOR_STATISTICS_HPP
#define BOOST_SELECTORS_SELECTOR_STATISTICS_HPP

#include <boost_selectors/config.hpp>
#include <cstdint>

namespace boost_selectors {

/// Counters of what a selector has done since it was made: see base_selector::get_statistics().
struct selector_statistics {
    /// Waits that may have blocked.
    std::uint64_t waits = 0;
    /// Waits that could not block: their timeout was zero, or an event or a wake-up was pending.
    std::uint64_t polls = 0;
    /// Of `waits`, those that ended without a ready handle.
    std::uint64_t empty_waits = 0;
    /// Entries of the lists that select() returned.
    std::uint64_t ready_events = 0;
    /// Events that were dropped because their registration had ended.
    std::uint64_t stale_events = 0;
    /// Successful calls of register_handle().
    std::uint64_t registrations = 0;
    /// Successful calls of modify() that needed a system call.
    std::uint64_t modifications = 0;
    /// Successful calls of unregister().
    std::uint64_t unregistrations = 0;
    /// Calls of wakeup() that made a system call: a thread was blocked, or may have been.
    std::uint64_t wakeups_sent = 0;
    /// Calls of wakeup() that made none: no thread was blocked, or another wake-up was pending.
    std::uint64_t wakeups_spared = 0;

    /// What has happened since @p earlier, an earlier snapshot of the same selector.
    BOOST_SELECTORS_DECL selector_statistics& operator-=(
        selector_statistics const& earlier) noexcept;

    /// Returns what has happened between two snapshots; see operator-=().
    friend selector_statistics operator-(
        selector_statistics later, selector_statistics const& earlier) noexcept {
        return later -= earlier;
    }
};

} // namespace boost_selectors

#endif
