// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_COUNTERS_HPP
#define BOOST_SELECTORS_SRC_COUNTERS_HPP

#include <atomic>
#include <boost_selectors/selector_statistics.hpp>
#include <cstdint>

namespace boost_selectors::detail {

/// A counter that any thread may read. Only one thread at a time may increase it, under the
/// selector's mutex.
class counter {
public:
    counter& operator+=(std::uint64_t n) noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
        return *this;
    }
    void operator++() noexcept { *this += 1; }
    /// Increases the counter; several threads may call this at the same time.
    void count_shared() noexcept { value_.fetch_add(1, std::memory_order_relaxed); }
    operator std::uint64_t() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_ = 0;
};

/// The counters that get() returns as selector_statistics.
struct counters {
    counter waits, polls, empty_waits, ready_events, stale_events;
    counter registrations, modifications, unregistrations;
    counter wakeups_sent, wakeups_spared;

    selector_statistics get() const noexcept {
        return {waits, polls, empty_waits, ready_events, stale_events, registrations, modifications,
            unregistrations, wakeups_sent, wakeups_spared};
    }
};

} // namespace boost_selectors::detail

#endif
