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

/// What a context's selector and reactor have done since they were made.
struct context_statistics : selector_statistics {
    std::uint64_t speculations = 0;     ///< Operations that were tried before anything told that
                                        ///< they could proceed.
    std::uint64_t speculation_hits = 0; ///< Of these, those that did.

    /// The longest time from the end of a wait to the next one since the last snapshot: so long
    /// nobody looked whether something was ready. While several threads run the context the
    /// others' handlers do not count. Zero if there was no wait.
    std::chrono::nanoseconds longest_lag{0};
};

/// What @p context has done so far: an io_context, a thread_pool, or another.
///
/// @return all zero if nothing of it has needed a reactor yet.
/// @par Thread safety
/// From any thread, also while the context runs.
inline context_statistics get_statistics(boost::asio::execution_context& context);

} // namespace boost_selectors

#endif
