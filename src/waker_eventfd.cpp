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
    int const saved = errno; // This may be a signal handler.
    std::uint64_t const one = 1;
    // EAGAIN: the counter is full, so it is readable.
    while (::write(read_.get(), &one, sizeof one) == -1 && errno == EINTR) {
    }
    errno = saved;
}

void waker::drain() noexcept {
    std::uint64_t count;
    while (::read(read_.get(), &count, sizeof count) == -1 && errno == EINTR) {
    }
}

} // namespace boost_selectors::detail
