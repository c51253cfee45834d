// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Futexes, by which the C++ library waits: for futures, atomics, latches, semaphores, static locals.

#include "calls.hpp"
#include <climits>
#include <cstdarg>

using namespace boost_selectors::simulated;

namespace {

long wait(int* word, int value, bool relative, bool real_time, timespec const* time) {
    if (__atomic_load_n(word, __ATOMIC_SEQ_CST) != value) {
        here().may_switch();
        return failed(EAGAIN);
    }
    here().busy();
    instant until = never;
    if (time)
        until = relative ? instant_after(time)
                         : instant_of(real_time ? CLOCK_REALTIME : CLOCK_MONOTONIC, *time);
    return here().block("a futex", word, until) ? 0 : failed(ETIMEDOUT);
}

/// Threads of no host wait for the real one.
long wake(int* word, int operation, int at_most) {
    long const there = real().syscall(SYS_futex, word, operation, at_most, nullptr, nullptr, ~0u);
    auto const wanted = static_cast<std::size_t>(at_most < 0 ? INT_MAX : at_most);
    if (!me) {
        changed(word, wanted);
        return there;
    }
    // Whether the C++ library calls this for nobody depends on addresses: then it must leave no trace.
    auto const woken = static_cast<long>(here().wake(word, wanted));
    if (woken > 0) {
        here().busy();
        here().may_switch();
    }
    return woken + there;
}

} // namespace

// Reads six arguments whatever there are, as the system does.
extern "C" [[gnu::visibility("default"), gnu::no_sanitize_address]] long syscall(
    long number, ...) noexcept {
    va_list list;
    va_start(list, number);
    long a[6];
    for (long& x : a)
        x = va_arg(list, long);
    va_end(list);
    if (number == SYS_futex) {
        auto* const word = reinterpret_cast<int*>(a[0]);
        auto const operation = static_cast<int>(a[1]);
        switch (operation & FUTEX_CMD_MASK) {
        case FUTEX_WAIT:
        case FUTEX_WAIT_BITSET:
            if (me)
                return wait(word, static_cast<int>(a[2]),
                    (operation & FUTEX_CMD_MASK) == FUTEX_WAIT,
                    (operation & FUTEX_CLOCK_REALTIME) != 0, reinterpret_cast<timespec*>(a[3]));
            break;
        case FUTEX_WAKE:
        case FUTEX_WAKE_BITSET:
            if (me || __atomic_load_n(&current, __ATOMIC_ACQUIRE))
                return wake(word, operation, static_cast<int>(a[2]));
            break;
        default:
            break;
        }
    }
    if (me && number == SYS_getrandom)
        return ::getrandom(reinterpret_cast<void*>(a[0]), static_cast<std::size_t>(a[1]),
            static_cast<unsigned>(a[2]));
    return real().syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
