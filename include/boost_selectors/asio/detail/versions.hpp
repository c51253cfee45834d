// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_DETAIL_VERSIONS_HPP
#define BOOST_SELECTORS_ASIO_DETAIL_VERSIONS_HPP

// All differences between versions of Boost.Asio that matter here (but see the end of
// requirements.hpp).

#include <boost/asio/detail/concurrency_hint.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/version.hpp>

#if BOOST_VERSION >= 108800
#    include <boost/asio/config.hpp>
#    define BOOST_SELECTORS_HAS_SERVICE_MAKER
#endif

namespace boost_selectors::detail {

/// The locking that the user of a context has configured.
struct locking_configuration {
    bool io = true;           ///< Lock each descriptor.
    bool registration = true; ///< Lock timers and the table of descriptors.
    int io_spins = 0;         ///< Attempts before blocking; a negative number spins without limit.
    int registration_spins = 0;
};

/// Returns the locking configuration of a context.
/// @tparam Scheduler Asio's scheduler, which can't be named here because it is defined after the
///     reactor.
template <class Scheduler>
locking_configuration get_locking(
    boost::asio::execution_context& context, [[maybe_unused]] Scheduler const& scheduler) {
    locking_configuration locking;
#if BOOST_VERSION >= 108800
    boost::asio::config const config(context);
    locking.io = config.get("reactor", "io_locking", true);
    locking.registration = config.get("reactor", "registration_locking", true);
    locking.io_spins = config.get("reactor", "io_locking_spin_count", 0);
    locking.registration_spins = config.get("reactor", "registration_locking_spin_count", 0);
#else
    (void)context;
    locking.io = BOOST_ASIO_CONCURRENCY_HINT_IS_LOCKING(REACTOR_IO, scheduler.concurrency_hint());
    locking.registration =
        BOOST_ASIO_CONCURRENCY_HINT_IS_LOCKING(REACTOR_REGISTRATION, scheduler.concurrency_hint());
#endif
    return locking;
}

} // namespace boost_selectors::detail

#endif
