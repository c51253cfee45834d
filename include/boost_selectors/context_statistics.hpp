// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_CONTEXT_STATISTICS_HPP
#define BOOST_SELECTORS_CONTEXT_STATISTICS_HPP

#include <boost_selectors/config.hpp>
#include <boost_selectors/histogram.hpp>
#include <boost_selectors/selector_statistics.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace boost_selectors {

/// What a context's selector and reactor have done since they were made: a snapshot by
/// get_statistics(). The difference of two says what has happened between them.
///
/// A context's event loop waits, runs the handlers that are ready, and waits again. If several threads
/// run the context, one of them waits at a time, and the others run handlers meanwhile. What a handler
/// does counts when it has returned and the loop waits again.
///
/// An object has about 14 kB.
struct context_statistics : selector_statistics {
    /// Operations that were tried before readiness was reported.
    std::uint64_t speculations = 0;
    /// Of `speculations`, those in which the operation could proceed.
    std::uint64_t speculation_hits = 0;

    /// How long the loop has waited.
    std::chrono::nanoseconds waiting{0};
    /// How long it has not waited, since its first wait. What the program does between two calls of
    /// `run_one()` or `poll()` counts as work, too.
    std::chrono::nanoseconds working{0};

    /// The loop's lag, in nanoseconds: the time from the end of a wait to the start of the next, that
    /// is, how long handles that became ready meanwhile may have waited.
    histogram lag;
    /// How late timers expired, in nanoseconds: of the earliest of those that expired together, the
    /// time from its expiry to the end of the wait that found it, within 1 us. If a timer is
    /// cancelled after its own expiry, the next one may seem later than it is; one that is set to a time
    /// that is over counts from the end of the wait before. So nothing is later than the time since then.
    histogram timer_lateness;
    /// How many handles were ready at the end of a wait that found some: at most 128, the most that one
    /// wait returns.
    histogram ready;

    /// Sockets, pipes and other descriptors that the context's I/O objects have open now.
    std::uint64_t descriptors = 0;
    /// Their operations that are waiting now.
    std::uint64_t pending_operations = 0;
    /// The waits for timers that are waiting now.
    std::uint64_t pending_timers = 0;

    /// The share of time in which the loop did not wait: 1 means that it is never idle. With several
    /// threads it says how busy the loop is, and not how busy the threads are.
    /// @return 0 if there was no wait.
    double utilization() const noexcept {
        auto const all = static_cast<double>((waiting + working).count());
        return all > 0 ? static_cast<double>(working.count()) / all : 0;
    }

    /// What has happened since @p earlier, an earlier snapshot of the same context. The members that
    /// say what is there now stay as they are.
    BOOST_SELECTORS_DECL context_statistics& operator-=(context_statistics const& earlier) noexcept;

    /// Returns what has happened between two snapshots; see operator-=().
    friend context_statistics operator-(
        context_statistics later, context_statistics const& earlier) noexcept {
        return later -= earlier;
    }
};

} // namespace boost_selectors

#endif
