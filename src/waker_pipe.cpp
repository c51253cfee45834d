// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "waker.hpp"

namespace boost_selectors::detail {
void waker::open(std::error_code& ec) noexcept {
    ec.clear();
    int ends[2];
    if (::pipe(ends) == -1) {
        ec = last_error();
        return;
    }
    read_ = unique_handle(ends[0]);
    write_ = unique_handle(ends[1]);
    for (int const fd : ends)
        if (!ec &&
            (::fcntl(fd, F_SETFL, O_NONBLOCK) == -1 || ::fcntl(fd, F_SETFD, FD_CLOEXEC) == -1))
            ec = last_error();
    if (!ec)
        return;
    read_.reset();
    write_.reset();
}

void waker::signal() noexcept {
    no_cancellation const guard;
    int const saved = errno; // This may be a signal handler.
    char const byte = 0;
    // EAGAIN: the pipe is full, so it is readable.
    while (::write(write_.get(), &byte, 1) == -1 && errno == EINTR) {
    }
    errno = saved;
}

bool waker::drain() noexcept {
    no_cancellation const guard;
    char bytes[256];
    for (bool any = false;;) {
        ssize_t const n = ::read(read_.get(), bytes, sizeof bytes);
        any |= n > 0;
        if (n < static_cast<ssize_t>(sizeof bytes) && !(n == -1 && errno == EINTR))
            return any;
    }
}

} // namespace boost_selectors::detail
