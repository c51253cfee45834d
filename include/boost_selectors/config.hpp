// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_CONFIG_HPP
#define BOOST_SELECTORS_CONFIG_HPP

// These definitions depend only on the compiler and the platform. So every translation unit of a
// program sees the same definitions, whatever flags it is compiled with.

#if defined(_MSVC_LANG) ? _MSVC_LANG < 201703L : __cplusplus < 201703L
#    error "boost_selectors needs C++17 or later: compile with -std=c++17 or /std:c++17."
#endif

// BOOST_SELECTORS_DECL marks what the compiled core exports. With MSVC and MinGW, the CMake target
// defines BOOST_SELECTORS_SHARED for a shared library, and BOOST_SELECTORS_SOURCE while building
// it. On other platforms a static library exports the core too. So on Linux, if two shared
// libraries of a program contain the core, both use the same copy, unless they are loaded with
// RTLD_LOCAL or hide the core's symbols.
#if !defined(_WIN32)
#    define BOOST_SELECTORS_DECL __attribute__((visibility("default")))
#elif !defined(BOOST_SELECTORS_SHARED)
#    define BOOST_SELECTORS_DECL
#elif defined(BOOST_SELECTORS_SOURCE)
#    define BOOST_SELECTORS_DECL __declspec(dllexport)
#else
#    define BOOST_SELECTORS_DECL __declspec(dllimport)
#endif

// The backends that the platform has. If the library was built without one of them (io_uring
// without liburing), its selector is declared all the same, and the constructor fails with
// errc::not_supported.
#define BOOST_SELECTORS_HAS_POLL
#define BOOST_SELECTORS_HAS_SELECT
#if defined(_WIN32)
#    define BOOST_SELECTORS_HAS_IOCP
#elif defined(__linux__)
#    define BOOST_SELECTORS_HAS_EPOLL
#    define BOOST_SELECTORS_HAS_IO_URING
#elif defined(__APPLE__) || defined(__FreeBSD__) || defined(__NetBSD__) || defined(__OpenBSD__) || \
    defined(__DragonFly__)
#    define BOOST_SELECTORS_HAS_KQUEUE
#endif

#endif
