// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The threads of C11. The C library's call its own of POSIX, past ours; their types are the same there.

#include "calls.hpp"
#include <memory>

using namespace boost_selectors::simulated;

namespace {

pthread_mutex_t* posix(mtx_t* m) noexcept {
    return reinterpret_cast<pthread_mutex_t*>(m);
}

pthread_cond_t* posix(cnd_t* c) noexcept {
    return reinterpret_cast<pthread_cond_t*>(c);
}

int of_c(int error) noexcept {
    switch (error) {
    case 0:
        return thrd_success;
    case ENOMEM:
        return thrd_nomem;
    case ETIMEDOUT:
        return thrd_timedout;
    case EBUSY:
        return thrd_busy;
    default:
        return thrd_error;
    }
}

struct start {
    thrd_start_t function;
    void* argument;
};

void* run(void* p) {
    std::unique_ptr<start> const s(static_cast<start*>(p));
    return reinterpret_cast<void*>(static_cast<std::intptr_t>(s->function(s->argument)));
}

} // namespace

BOOST_SELECTORS_LIBC int thrd_create(thrd_t* handle, thrd_start_t f, void* argument) {
    if (!me)
        return real().thrd_create(handle, f, argument);
    auto s = std::make_unique<start>(start{f, argument});
    int const error = ::pthread_create(handle, nullptr, run, s.get());
    if (error == 0) [[maybe_unused]]
        auto* const given = s.release(); // To the thread.
    return error == EAGAIN ? thrd_nomem : of_c(error);
}

BOOST_SELECTORS_LIBC int thrd_join(thrd_t handle, int* left) {
    if (!me)
        return real().thrd_join(handle, left);
    void* result = nullptr;
    int const error = ::pthread_join(handle, &result);
    if (left)
        *left = static_cast<int>(reinterpret_cast<std::intptr_t>(result));
    return of_c(error);
}

BOOST_SELECTORS_LIBC int thrd_detach(thrd_t handle) {
    return me ? of_c(::pthread_detach(handle)) : real().thrd_detach(handle);
}

BOOST_SELECTORS_LIBC int thrd_sleep(timespec const* time, timespec* left) {
    if (!me)
        return real().thrd_sleep(time, left);
    return ::nanosleep(time, left) == 0 ? 0 : errno == EINTR ? -1 : -2;
}

BOOST_SELECTORS_LIBC void thrd_yield() {
    ::sched_yield();
}

BOOST_SELECTORS_LIBC int mtx_lock(mtx_t* m) {
    return me ? of_c(::pthread_mutex_lock(posix(m))) : real().mtx_lock(m);
}

BOOST_SELECTORS_LIBC int mtx_trylock(mtx_t* m) {
    return me ? of_c(::pthread_mutex_trylock(posix(m))) : real().mtx_trylock(m);
}

BOOST_SELECTORS_LIBC int mtx_timedlock(mtx_t* m, timespec const* until) {
    return me ? of_c(::pthread_mutex_timedlock(posix(m), until)) : real().mtx_timedlock(m, until);
}

BOOST_SELECTORS_LIBC int mtx_unlock(mtx_t* m) {
    return of_c(::pthread_mutex_unlock(posix(m)));
}

BOOST_SELECTORS_LIBC int cnd_wait(cnd_t* c, mtx_t* m) {
    return of_c(::pthread_cond_wait(posix(c), posix(m)));
}

BOOST_SELECTORS_LIBC int cnd_timedwait(cnd_t* c, mtx_t* m, timespec const* until) {
    return of_c(::pthread_cond_timedwait(posix(c), posix(m), until));
}

BOOST_SELECTORS_LIBC int cnd_signal(cnd_t* c) {
    return of_c(::pthread_cond_signal(posix(c)));
}

BOOST_SELECTORS_LIBC int cnd_broadcast(cnd_t* c) {
    return of_c(::pthread_cond_broadcast(posix(c)));
}

BOOST_SELECTORS_LIBC void call_once(once_flag* flag, void (*f)()) {
    ::pthread_once(reinterpret_cast<pthread_once_t*>(flag), f);
}
