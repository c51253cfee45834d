// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Stands in for Boost.Asio's header of this name: Asio's timers are kept by selector_reactor.

#ifndef BOOST_ASIO_DETAIL_TIMER_SCHEDULER_HPP
#define BOOST_ASIO_DETAIL_TIMER_SCHEDULER_HPP

#include <boost/asio/detail/reactor.hpp>
#include <boost/asio/detail/timer_scheduler_fwd.hpp>

#endif
