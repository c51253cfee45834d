// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SELECTORS_HPP
#define BOOST_SELECTORS_SELECTORS_HPP

/// @file
/// Includes the whole core, which needs only the standard library. The header of the Asio layer is
/// <boost_selectors/asio.hpp>.
///
/// BOOST_SELECTORS_HAS_EPOLL and similar macros are defined for the backends that the platform has.
/// available_selectors() returns the backends that work here.

#include <boost_selectors/base_selector.hpp>
#include <boost_selectors/capabilities.hpp>
#include <boost_selectors/default_selector.hpp>
#include <boost_selectors/error.hpp>
#include <boost_selectors/event.hpp>
#include <boost_selectors/event_sink.hpp>
#include <boost_selectors/forwarding_backend.hpp>
#include <boost_selectors/interest.hpp>
#include <boost_selectors/keyed_selector.hpp>
#include <boost_selectors/make_selector.hpp>
#include <boost_selectors/map_view.hpp>
#include <boost_selectors/native_handle.hpp>
#include <boost_selectors/ready_event.hpp>
#include <boost_selectors/selector_backend.hpp>
#include <boost_selectors/selector_key.hpp>
#include <boost_selectors/selector_statistics.hpp>
#include <boost_selectors/token.hpp>
#include <boost_selectors/version.hpp>

#if defined(BOOST_SELECTORS_HAS_EPOLL)
#    include <boost_selectors/epoll_selector.hpp>
#endif
#if defined(BOOST_SELECTORS_HAS_IO_URING)
#    include <boost_selectors/io_uring_selector.hpp>
#endif
#if defined(BOOST_SELECTORS_HAS_KQUEUE)
#    include <boost_selectors/kqueue_selector.hpp>
#endif
#if defined(BOOST_SELECTORS_HAS_IOCP)
#    include <boost_selectors/iocp_selector.hpp>
#endif
#if defined(BOOST_SELECTORS_HAS_POLL)
#    include <boost_selectors/poll_selector.hpp>
#endif
#if defined(BOOST_SELECTORS_HAS_SELECT)
#    include <boost_selectors/select_selector.hpp>
#endif

#endif
