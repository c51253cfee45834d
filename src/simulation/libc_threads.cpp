// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Threads, as programs of the world make them.

#include "calls.hpp"

using namespace boost_selectors::simulated;

namespace {

int join(pthread_t handle, void** result, instant until) {
    thread* const t = here().find(handle);
    if (t == me)
        return EDEADLK;
    if (!t || t->detached)
        return real().pthread_join(handle, result); // Another's thread, or an error.
    here().busy();
    while (!t->finished) {
        bool const woken = here().block("the end of a thread", t, until, true);
        ::pthread_testcancel();
        if (!woken)
            return ETIMEDOUT;
    }
    int const error = real().pthread_join(handle, result);
    if (error == 0)
        here().forget(*t);
    return error;
}

} // namespace

BOOST_SELECTORS_LIBC int pthread_create(pthread_t* handle, pthread_attr_t const* attributes,
    void* (*f)(void*), void* argument) noexcept {
    if (starting)
        return starting->in.create_thread(handle, attributes, *starting, f, argument);
    if (!me)
        return real().pthread_create(handle, attributes, f, argument);
    here().busy();
    // No other thread may run yet: a sanitizer calls this while it holds a lock.
    return here().create_thread(handle, attributes, me->owner, f, argument);
}

BOOST_SELECTORS_LIBC int pthread_join(pthread_t handle, void** result) {
    return me ? join(handle, result, never) : real().pthread_join(handle, result);
}

BOOST_SELECTORS_LIBC int pthread_tryjoin_np(pthread_t handle, void** result) noexcept {
    if (!me)
        return real().pthread_tryjoin_np(handle, result);
    if (thread* const t = here().find(handle); t && !t->finished) {
        here().idle();
        return EBUSY;
    }
    return join(handle, result, never);
}

BOOST_SELECTORS_LIBC int pthread_timedjoin_np(
    pthread_t handle, void** result, timespec const* until) {
    if (!me)
        return real().pthread_timedjoin_np(handle, result, until);
    return join(handle, result, instant_of(CLOCK_REALTIME, *until));
}

BOOST_SELECTORS_LIBC int pthread_clockjoin_np(
    pthread_t handle, void** result, clockid_t clock, timespec const* until) {
    if (!me)
        return real().pthread_clockjoin_np(handle, result, clock, until);
    return join(handle, result, instant_of(clock, *until));
}

BOOST_SELECTORS_LIBC int pthread_detach(pthread_t handle) noexcept {
    int const error = real().pthread_detach(handle);
    if (me && error == 0)
        if (thread* const t = here().find(handle)) {
            t->detached = true;
            if (t->finished)
                here().forget(*t);
        }
    return error;
}

BOOST_SELECTORS_LIBC int pthread_cancel(pthread_t handle) {
    int const error = real().pthread_cancel(handle);
    if (me && error == 0)
        if (thread* const t = here().find(handle); t && t->cancellable)
            here().wake_from_wait(*t);
    return error;
}

BOOST_SELECTORS_LIBC int sched_yield() noexcept {
    if (!me)
        return real().sched_yield();
    here().idle();
    here().yield();
    return 0;
}

// While one thread calls the function, the others must not wait inside the C library.
BOOST_SELECTORS_LIBC int pthread_once(pthread_once_t* once, void (*f)()) {
    if (!me)
        return real().pthread_once(once, f);
    world& w = here();
    while (w.calls_once.contains(once))
        w.block("pthread_once() of another thread", once);
    struct calling {
        world& w;
        pthread_once_t* once;
        ~calling() {
            w.calls_once.erase(once);
            w.wake(once, std::size_t(-1));
            w.unlocked();
        }
    } const guard{w, once};
    w.calls_once.insert(once);
    w.locked();
    return real().pthread_once(once, f);
}

BOOST_SELECTORS_LIBC void exit(int status) {
    if (me)
        here().exit_host(status);
    real().exit(status);
    __builtin_unreachable();
}

BOOST_SELECTORS_LIBC void _exit(int status) {
    if (me)
        here().exit_host(status);
    real()._exit(status);
    __builtin_unreachable();
}

BOOST_SELECTORS_LIBC void quick_exit(int status) noexcept {
    if (me)
        here().exit_host(status);
    real().quick_exit(status);
    __builtin_unreachable();
}

BOOST_SELECTORS_LIBC void _Exit(int status) {
    ::_exit(status);
}
