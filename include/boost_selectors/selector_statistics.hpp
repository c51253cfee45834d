// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SELECTOR_STATISTICS_HPP
#define BOOST_SELECTORS_SELECTOR_STATISTICS_HPP

#include <cstdint>

namespace boost_selectors {

/// What a selector has done since it was made: base_selector::get_statistics().
struct selector_statistics {
    std::uint64_t waits = 0;           ///< Waits that may have slept.
    std::uint64_t polls = 0;           ///< Waits with a zero timeout, or for what was there.
    std::uint64_t empty_waits = 0;     ///< Of `waits`, those that ended without a ready handle.
    std::uint64_t ready_events = 0;    ///< Entries of the lists that select() returned.
    std::uint64_t stale_events = 0;    ///< Dropped: of a registration that was no more.
    std::uint64_t registrations = 0;   ///< By register_handle().
    std::uint64_t modifications = 0;   ///< By modify(), where the system had to be told.
    std::uint64_t unregistrations = 0; ///< By unregister().
    std::uint64_t wakeups_sent = 0;    ///< By wakeup(): someone slept, or might have.
    std::uint64_t wakeups_spared = 0;  ///< Nobody did, or another wake-up was on its way.
};

} // namespace boost_selectors

#endif
