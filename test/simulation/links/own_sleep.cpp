// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A program's own function of the C library's name.

extern "C" unsigned sleep(unsigned);

unsigned sleep(unsigned) {
    return 0;
}
