// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_VERSION_HPP
#define BOOST_SELECTORS_VERSION_HPP

/// The major version number. The build files, the packages and the documentation read the version
/// from the lines of these three macros.
#define BOOST_SELECTORS_VERSION_MAJOR 0

/// The minor version number. Before 1.0, a new minor version may change interfaces.
#define BOOST_SELECTORS_VERSION_MINOR 1

/// The patch level. It is incremented for bug fixes.
#define BOOST_SELECTORS_VERSION_PATCH 0

/// The version as one number, for comparisons, in the format of BOOST_VERSION: 100 is 0.1.0, 100203
/// is 1.2.3.
#define BOOST_SELECTORS_VERSION                                                                    \
    (BOOST_SELECTORS_VERSION_MAJOR * 100000 + BOOST_SELECTORS_VERSION_MINOR * 100 +                \
        BOOST_SELECTORS_VERSION_PATCH)

#endif
