// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_BATON_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_BATON_HPP

#include "real.hpp"
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <linux/futex.h>
#include <sys/syscall.h>

namespace boost_selectors::simulated {

/// The right to run. Who has given it to another thread waits for it on a futex of its own.
class baton {
public:
    void give() noexcept {
        given_.store(1, std::memory_order_release);
        real().syscall(SYS_futex, &given_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
    }

    /// errno stays as it is: whether the thread has to wait depends on real time.
    void await() noexcept {
        int const error = errno;
        while (!take())
            real().syscall(SYS_futex, &given_, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0);
        errno = error;
    }

    /// @param time of the real clock.
    /// @return whether it was given; it may also return early.
    bool await_for(std::chrono::nanoseconds time) noexcept {
        if (take())
            return true;
        timespec const t{static_cast<time_t>(time.count() / 1'000'000'000),
            static_cast<long>(time.count() % 1'000'000'000)};
        real().syscall(SYS_futex, &given_, FUTEX_WAIT_PRIVATE, 0, &t, nullptr, 0);
        return take();
    }

private:
    bool take() noexcept { return given_.exchange(0, std::memory_order_acquire) == 1; }

    std::atomic<std::uint32_t> given_{0};
};

} // namespace boost_selectors::simulated

#endif
