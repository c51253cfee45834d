// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_CALLS_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_CALLS_HPP

// What the functions that stand before the C library's have in common.

#include "clocks.hpp"
#include "world.hpp"
#include <cerrno>

/// A function of the C library's name, which all of the program calls.
#define BOOST_SELECTORS_LIBC extern "C" [[gnu::visibility("default")]]

namespace boost_selectors::simulated {

inline world& here() noexcept {
    return me->owner.in;
}

/// Sets errno.
/// @return -1
inline int failed(int error) noexcept {
    errno = error;
    return -1;
}

/// After the real object was changed: wakes a thread that waits for it, if there is a world.
inline void changed(void const* object, std::size_t at_most = 1) {
    if (me)
        here().wake(object, at_most);
    else if (world* const w = __atomic_load_n(&current, __ATOMIC_ACQUIRE))
        w->mail.post(object);
}

/// Calls `attempt()` until it returns something else than @p again.
/// @return that, or ETIMEDOUT.
template <class F>
int wait_until(char const* why, void const* object, int again, instant until, F attempt,
    bool cancellable = false) {
    for (;;) {
        int const result = attempt();
        if (result != again)
            return result;
        bool const woken = here().block(why, object, until, cancellable);
        if (cancellable)
            ::pthread_testcancel();
        if (!woken)
            return ETIMEDOUT;
    }
}

} // namespace boost_selectors::simulated

#endif
