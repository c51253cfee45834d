// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Locks and conditions, as programs of the world use them.
//
// The real objects keep their state, so that threads of no host can share them. A thread of the world
// never waits for one: it tries, and waits in the world for the next thread that changes it.

#include "calls.hpp"
#include <algorithm>
#include <limits>

using namespace boost_selectors::simulated;

namespace {

constexpr auto all = std::numeric_limits<std::size_t>::max();

/// Of the C library's own, which no function tells.
bool is_error_checking(pthread_mutex_t const* m) noexcept {
    return (m->__data.__kind & 3) == PTHREAD_MUTEX_ERRORCHECK_NP;
}

bool uses_monotonic_clock(pthread_cond_t const* c) noexcept {
    return (c->__data.__wrefs & 2) != 0;
}

/// The result of a call that locks: counts the locks that the thread holds.
int noted(int result) noexcept {
    if (me && (result == 0 || result == EOWNERDEAD))
        here().locked();
    else if (me && result == EBUSY)
        here().idle();
    return result;
}

int lock(pthread_mutex_t* m, instant until) {
    here().busy();
    here().may_switch();
    return noted(wait_until("a mutex", m, EBUSY, until, [&]() -> int {
        int const result = real().pthread_mutex_trylock(m);
        if (result == EBUSY && is_error_checking(m) && m->__data.__owner == ::gettid())
            return EDEADLK;
        return result;
    }));
}

/// After a call that unlocks.
int released(int error, void const* lock, std::size_t at_most) {
    if (error != 0)
        return error;
    changed(lock, at_most);
    if (me)
        here().unlocked();
    return error;
}

int unlock(pthread_mutex_t* m) {
    return released(real().pthread_mutex_unlock(m), m, 1);
}

int wait(pthread_cond_t* c, pthread_mutex_t* m, instant until) {
    if (int const error = unlock(m))
        return error;
    here().busy();
    // However the wait ends, by pthread_cancel() too.
    struct relock {
        pthread_mutex_t* m;
        ~relock() { lock(m, never); }
    };
    bool woken = false;
    {
        relock const guard{m};
        // It may end without a reason, as POSIX says.
        bool const spurious = here().goes_wrong(1, 32);
        instant const end =
            spurious ? std::min(until, here().now() + instant(here().random(1'000'000))) : until;
        woken = here().block("a condition variable", c, end, true) || end != until;
        ::pthread_testcancel();
    }
    return woken ? 0 : ETIMEDOUT;
}

template <class Try>
int lock_shared(pthread_rwlock_t* l, instant until, Try attempt) {
    here().busy();
    here().may_switch();
    return noted(wait_until("a read-write lock", l, EBUSY, until, [&] { return attempt(l); }));
}

int wait(sem_t* s, instant until) {
    here().busy();
    here().may_switch();
    me->interrupted = false;
    int const error = wait_until(
        "a semaphore", s, EAGAIN, until,
        [&] {
            if (real().sem_trywait(s) == 0)
                return 0;
            return std::exchange(me->interrupted, false) ? EINTR : errno;
        },
        true);
    return error == 0 ? 0 : failed(error);
}

} // namespace

// Mutexes

BOOST_SELECTORS_LIBC int pthread_mutex_lock(pthread_mutex_t* m) noexcept {
    return me ? lock(m, never) : real().pthread_mutex_lock(m);
}

BOOST_SELECTORS_LIBC int pthread_mutex_trylock(pthread_mutex_t* m) noexcept {
    return noted(real().pthread_mutex_trylock(m));
}

BOOST_SELECTORS_LIBC int pthread_mutex_timedlock(
    pthread_mutex_t* m, timespec const* until) noexcept {
    if (!me)
        return real().pthread_mutex_timedlock(m, until);
    return is_valid(*until) ? lock(m, instant_of(CLOCK_REALTIME, *until)) : EINVAL;
}

BOOST_SELECTORS_LIBC int pthread_mutex_clocklock(
    pthread_mutex_t* m, clockid_t clock, timespec const* until) noexcept {
    if (!me)
        return real().pthread_mutex_clocklock(m, clock, until);
    return is_valid(*until) ? lock(m, instant_of(clock, *until)) : EINVAL;
}

BOOST_SELECTORS_LIBC int pthread_mutex_unlock(pthread_mutex_t* m) noexcept {
    int const error = unlock(m);
    if (me)
        here().may_switch();
    return error;
}

// Read-write locks

BOOST_SELECTORS_LIBC int pthread_rwlock_rdlock(pthread_rwlock_t* l) noexcept {
    return me ? lock_shared(l, never, real().pthread_rwlock_tryrdlock)
              : real().pthread_rwlock_rdlock(l);
}

BOOST_SELECTORS_LIBC int pthread_rwlock_wrlock(pthread_rwlock_t* l) noexcept {
    return me ? lock_shared(l, never, real().pthread_rwlock_trywrlock)
              : real().pthread_rwlock_wrlock(l);
}

BOOST_SELECTORS_LIBC int pthread_rwlock_tryrdlock(pthread_rwlock_t* l) noexcept {
    return noted(real().pthread_rwlock_tryrdlock(l));
}

BOOST_SELECTORS_LIBC int pthread_rwlock_trywrlock(pthread_rwlock_t* l) noexcept {
    return noted(real().pthread_rwlock_trywrlock(l));
}

BOOST_SELECTORS_LIBC int pthread_rwlock_timedrdlock(
    pthread_rwlock_t* l, timespec const* until) noexcept {
    return me ? lock_shared(l, instant_of(CLOCK_REALTIME, *until), real().pthread_rwlock_tryrdlock)
              : real().pthread_rwlock_timedrdlock(l, until);
}

BOOST_SELECTORS_LIBC int pthread_rwlock_timedwrlock(
    pthread_rwlock_t* l, timespec const* until) noexcept {
    return me ? lock_shared(l, instant_of(CLOCK_REALTIME, *until), real().pthread_rwlock_trywrlock)
              : real().pthread_rwlock_timedwrlock(l, until);
}

BOOST_SELECTORS_LIBC int pthread_rwlock_clockrdlock(
    pthread_rwlock_t* l, clockid_t clock, timespec const* until) noexcept {
    return me ? lock_shared(l, instant_of(clock, *until), real().pthread_rwlock_tryrdlock)
              : real().pthread_rwlock_clockrdlock(l, clock, until);
}

BOOST_SELECTORS_LIBC int pthread_rwlock_clockwrlock(
    pthread_rwlock_t* l, clockid_t clock, timespec const* until) noexcept {
    return me ? lock_shared(l, instant_of(clock, *until), real().pthread_rwlock_trywrlock)
              : real().pthread_rwlock_clockwrlock(l, clock, until);
}

BOOST_SELECTORS_LIBC int pthread_rwlock_unlock(pthread_rwlock_t* l) noexcept {
    int const error = released(real().pthread_rwlock_unlock(l), l, all);
    if (me)
        here().may_switch();
    return error;
}

// Spin locks

BOOST_SELECTORS_LIBC int pthread_spin_lock(pthread_spinlock_t* l) noexcept {
    if (!me)
        return real().pthread_spin_lock(l);
    here().busy();
    here().may_switch();
    return noted(wait_until("a spin lock", const_cast<int*>(l), EBUSY, never,
        [&] { return real().pthread_spin_trylock(l); }));
}

BOOST_SELECTORS_LIBC int pthread_spin_trylock(pthread_spinlock_t* l) noexcept {
    return noted(real().pthread_spin_trylock(l));
}

BOOST_SELECTORS_LIBC int pthread_spin_unlock(pthread_spinlock_t* l) noexcept {
    int const error = released(real().pthread_spin_unlock(l), const_cast<int*>(l), 1);
    if (me)
        here().may_switch();
    return error;
}

// Condition variables

BOOST_SELECTORS_LIBC int pthread_cond_wait(pthread_cond_t* c, pthread_mutex_t* m) {
    if (me)
        return wait(c, m, never);
    outside_waits::entry const e(m);
    return real().pthread_cond_wait(c, m);
}

BOOST_SELECTORS_LIBC int pthread_cond_timedwait(
    pthread_cond_t* c, pthread_mutex_t* m, timespec const* until) {
    if (!me) {
        outside_waits::entry const e(m);
        return real().pthread_cond_timedwait(c, m, until);
    }
    if (!is_valid(*until))
        return EINVAL;
    return wait(
        c, m, instant_of(uses_monotonic_clock(c) ? CLOCK_MONOTONIC : CLOCK_REALTIME, *until));
}

BOOST_SELECTORS_LIBC int pthread_cond_clockwait(
    pthread_cond_t* c, pthread_mutex_t* m, clockid_t clock, timespec const* until) {
    if (!me) {
        outside_waits::entry const e(m);
        return real().pthread_cond_clockwait(c, m, clock, until);
    }
    return is_valid(*until) ? wait(c, m, instant_of(clock, *until)) : EINVAL;
}

BOOST_SELECTORS_LIBC int pthread_cond_signal(pthread_cond_t* c) noexcept {
    int const error = real().pthread_cond_signal(c);
    changed(c);
    if (me)
        here().may_switch();
    return error;
}

BOOST_SELECTORS_LIBC int pthread_cond_broadcast(pthread_cond_t* c) noexcept {
    int const error = real().pthread_cond_broadcast(c);
    changed(c, all);
    if (me)
        here().may_switch();
    return error;
}

// Semaphores

BOOST_SELECTORS_LIBC int sem_wait(sem_t* s) {
    return me ? wait(s, never) : real().sem_wait(s);
}

BOOST_SELECTORS_LIBC int sem_trywait(sem_t* s) noexcept {
    int const result = real().sem_trywait(s);
    if (me && result != 0) {
        int const error = errno;
        here().idle();
        errno = error;
    }
    return result;
}

BOOST_SELECTORS_LIBC int sem_timedwait(sem_t* s, timespec const* until) {
    if (!me)
        return real().sem_timedwait(s, until);
    return is_valid(*until) ? wait(s, instant_of(CLOCK_REALTIME, *until)) : failed(EINVAL);
}

BOOST_SELECTORS_LIBC int sem_clockwait(sem_t* s, clockid_t clock, timespec const* until) {
    if (!me)
        return real().sem_clockwait(s, clock, until);
    return is_valid(*until) ? wait(s, instant_of(clock, *until)) : failed(EINVAL);
}

BOOST_SELECTORS_LIBC int sem_post(sem_t* s) noexcept {
    int const result = real().sem_post(s);
    changed(s);
    if (me)
        here().may_switch();
    return result;
}
