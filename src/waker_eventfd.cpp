// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "waker.hpp"
#include <cstdint>
#include <sys/eventfd.h>

namespace boost_selectors::detail {

void waker::open(std::error_code& ec) noexcept {
    read_ = unique_handle(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    ec = read_ ? std::error_code() : last_error();
}

void waker::signal() noexcept {
    no_cancellation const guard;
    int const saved = errno; // This may be a signal handler.
    std::uint64_t const one = 1;
    // EAGAIN: the counter is full, so the eventfd is readable.
    while (::write(read_.get(), &one, sizeof one) == -1 && errno == EINTR) {
    }
    errno = saved;
}

bool waker::drain() noexcept {
    no_cancellation const guard;
    std::uint64_t count;
    ssize_t n;
    do
        n = ::read(read_.get(), &count, sizeof count);
    while (n == -1 && errno == EINTR);
    return n > 0;
}

} // namespace boost_selectors::detail
