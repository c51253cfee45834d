// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_CONTEXT_STATISTICS_HPP
#define BOOST_SELECTORS_ASIO_CONTEXT_STATISTICS_HPP

#include <boost/asio/execution_context.hpp>
#include <boost_selectors/selector_statistics.hpp>
#include <chrono>
#include <cstdint>

namespace boost_selectors {

/// Counters of what a context's selector and reactor have done since they were made.
struct context_statistics : selector_statistics {
    /// Operations that were tried before readiness was reported.
    std::uint64_t speculations = 0;
    /// Of `speculations`, those in which the operation could proceed.
    std::uint64_t speculation_hits = 0;

    /// The longest time between two waits since the last call of get_statistics(), from the end of
    /// one wait to the start of the next: how long ready handles may have waited. If several
    /// threads run the context, handlers that run on the other threads do not count. Zero if there
    /// was no wait.
    std::chrono::nanoseconds longest_lag{0};
};

/// Returns the counters of an execution context, and resets context_statistics::longest_lag.
///
/// @param context an io_context, a thread_pool, or another execution context.
/// @return all zero if nothing has needed the context's reactor yet.
/// @par Thread safety
/// May be called from any thread, also while the context runs.
inline context_statistics get_statistics(boost::asio::execution_context& context);

} // namespace boost_selectors

#endif
