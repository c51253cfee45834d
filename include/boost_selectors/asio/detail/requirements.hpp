// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_DETAIL_REQUIREMENTS_HPP
#define BOOST_SELECTORS_ASIO_DETAIL_REQUIREMENTS_HPP

// Checks that the version and the configuration of Boost.Asio allow it to run on a selector.

#include <boost/asio/detail/config.hpp>
#include <boost/asio/version.hpp>
#include <boost/version.hpp>
#include <boost_selectors/config.hpp>

#if BOOST_VERSION < 108100
#    error "boost_selectors needs Boost 1.81 or later. Put a newer Boost first on the include path."
#endif

#if BOOST_VERSION > 109200 && !defined(BOOST_SELECTORS_UNTESTED_BOOST)
#    if defined(_MSC_VER)
#        pragma message("boost_selectors has been tested up to Boost 1.92. Define "                \
                        "BOOST_SELECTORS_UNTESTED_BOOST to silence this.")
#    else
#        warning "boost_selectors has been tested up to Boost 1.92. Define \
BOOST_SELECTORS_UNTESTED_BOOST to silence this."
#    endif
#endif

#if defined(BOOST_ASIO_HAS_IO_URING_AS_DEFAULT)
#    error                                                                                         \
        "boost_selectors: Boost.Asio has been configured to use io_uring for everything (BOOST_ASIO_DISABLE_EPOLL \
with BOOST_ASIO_HAS_IO_URING): nothing would reach the selector. Remove BOOST_ASIO_DISABLE_EPOLL."
#endif

#if defined(BOOST_ASIO_HAS_IOCP)
#    error "boost_selectors: Boost.Asio's own IOCP services would bypass the selector: define \
BOOST_ASIO_DISABLE_IOCP everywhere, as the CMake target boost_selectors::asio does."
#endif

#if defined(BOOST_ASIO_WINDOWS_RUNTIME)
#    error "boost_selectors: the Windows Runtime has no selectors."
#endif

#if !defined(BOOST_ASIO_INLINE_NAMESPACE_BEGIN) // Before Boost 1.92.
#    define BOOST_ASIO_INLINE_NAMESPACE_BEGIN
#    define BOOST_ASIO_INLINE_NAMESPACE_END
#endif

#endif
