// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_CONFIG_HPP
#define BOOST_SELECTORS_CONFIG_HPP

// BOOST_SELECTORS_DECL marks what the compiled core exports. The CMake target defines
// BOOST_SELECTORS_SHARED for a shared library and BOOST_SELECTORS_SOURCE while building it.

#if !defined(BOOST_SELECTORS_SHARED)
#    define BOOST_SELECTORS_DECL
#elif defined(_WIN32) && defined(BOOST_SELECTORS_SOURCE)
#    define BOOST_SELECTORS_DECL __declspec(dllexport)
#elif defined(_WIN32)
#    define BOOST_SELECTORS_DECL __declspec(dllimport)
#else
#    define BOOST_SELECTORS_DECL __attribute__((visibility("default")))
#endif

#endif
