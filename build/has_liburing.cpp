// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Whether it compiles and links tells whether there is a liburing.

#include <liburing.h>

int main() {
    io_uring ring;
    return io_uring_queue_init(1, &ring, 0);
}
