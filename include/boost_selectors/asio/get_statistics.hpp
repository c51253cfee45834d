// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_GET_STATISTICS_HPP
#define BOOST_SELECTORS_ASIO_GET_STATISTICS_HPP

#include <boost/asio/execution_context.hpp>
#include <boost_selectors/context_statistics.hpp>

namespace boost_selectors {

/// Returns what an execution context has done.
///
/// @param context an io_context, a thread_pool, or another execution context.
/// @return all zero if nothing has needed the context's reactor yet. In the child of a fork before
///     `notify_fork()`, the members that say what is there now are zero.
/// @par Thread safety
/// May be called from any thread, also while the context runs. But if the context was made without
/// locks (`BOOST_ASIO_CONCURRENCY_HINT_UNSAFE`), only the thread that runs it may call this.
/// @par Complexity
/// Linear in the number of descriptors: each is locked for a moment.
inline context_statistics get_statistics(boost::asio::execution_context& context);

} // namespace boost_selectors

#endif
