// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A clock of the program's own. It is hidden, so that other libraries do not use it.

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

extern "C" [[gnu::visibility("hidden")]] int clock_gettime(
    clockid_t clock, timespec* result) noexcept {
    return static_cast<int>(::syscall(SYS_clock_gettime, clock, result));
}
