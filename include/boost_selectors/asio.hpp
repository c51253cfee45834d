// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_HPP
#define BOOST_SELECTORS_ASIO_HPP

/// @file
/// The Asio layer: runs Boost.Asio on selectors. All translation units of a program that include
/// Boost.Asio must be compiled with the layer. Linking the CMake target boost_selectors::asio does
/// that. A program needs to include this header only to choose a selector in its code.

// If Boost's folder comes before the overlay on the include path, this header's error says so.
#include <boost/asio/detail/thread_info_base.hpp>

#include <boost/asio/detail/reactor.hpp>

#if !defined(BOOST_SELECTORS_ASIO_DETAIL_SELECTOR_REACTOR_HPP)
#    error "Boost.Asio's own reactor came first. Link the CMake target boost_selectors::asio, or \
put include/boost_selectors/asio/overlay on the include path before Boost's headers."
#endif

#include <boost_selectors/asio/selector_context.hpp>
#include <boost_selectors/asio/selector_service.hpp>
#include <boost_selectors/asio/selector_service_maker.hpp>
#include <boost_selectors/selectors.hpp>

#endif
