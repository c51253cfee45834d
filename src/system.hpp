// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SYSTEM_HPP
#define BOOST_SELECTORS_SRC_SYSTEM_HPP

#if defined(_WIN32)
#    include "windows.hpp"
#else
#    include "posix.hpp"
#endif

#endif
