// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_REAL_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_REAL_HPP

// The C library's own functions, which the simulation's stand before.

#include <atomic>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

namespace boost_selectors::simulated {

// clang-format off
/// All functions that the library defines in the C library's place.
#define BOOST_SELECTORS_SIMULATED_FUNCTIONS(X) \
    X(clock_gettime) X(gettimeofday) X(time) X(timespec_get) \
    X(nanosleep) X(clock_nanosleep) X(usleep) X(sleep) \
    X(poll) X(ppoll) X(select) X(pselect) \
    X(socket) X(socketpair) X(bind) X(listen) X(connect) X(accept) X(accept4) \
    X(send) X(sendto) X(sendmsg) X(sendmmsg) X(recv) X(recvfrom) X(recvmsg) X(recvmmsg) \
    X(read) X(readv) X(write) X(writev) X(shutdown) X(close) X(dup) X(dup2) X(dup3) \
    X(fcntl) X(ioctl) X(getsockopt) X(setsockopt) X(getsockname) X(getpeername) X(epoll_ctl) \
    X(getaddrinfo) X(getnameinfo) X(gethostname) \
    X(pthread_create) X(pthread_join) X(pthread_tryjoin_np) X(pthread_timedjoin_np) \
    X(pthread_clockjoin_np) X(pthread_detach) X(pthread_cancel) X(pthread_once) X(sched_yield) \
    X(pthread_mutex_lock) X(pthread_mutex_trylock) X(pthread_mutex_timedlock) \
    X(pthread_mutex_clocklock) X(pthread_mutex_unlock) \
    X(pthread_rwlock_rdlock) X(pthread_rwlock_tryrdlock) X(pthread_rwlock_timedrdlock) \
    X(pthread_rwlock_clockrdlock) X(pthread_rwlock_wrlock) X(pthread_rwlock_trywrlock) \
    X(pthread_rwlock_timedwrlock) X(pthread_rwlock_clockwrlock) X(pthread_rwlock_unlock) \
    X(pthread_spin_lock) X(pthread_spin_trylock) X(pthread_spin_unlock) \
    X(pthread_cond_wait) X(pthread_cond_timedwait) X(pthread_cond_clockwait) \
    X(pthread_cond_signal) X(pthread_cond_broadcast) \
    X(pthread_barrier_init) X(pthread_barrier_destroy) X(pthread_barrier_wait) \
    X(sem_wait) X(sem_trywait) X(sem_timedwait) X(sem_clockwait) X(sem_post) \
    X(thrd_create) X(thrd_join) X(thrd_detach) X(thrd_sleep) X(thrd_yield) \
    X(mtx_lock) X(mtx_trylock) X(mtx_timedlock) X(mtx_unlock) \
    X(cnd_wait) X(cnd_timedwait) X(cnd_signal) X(cnd_broadcast) X(call_once) \
    X(syscall) X(secure_getenv) X(get_nprocs) X(get_nprocs_conf) X(sysconf) \
    X(getrandom) X(getentropy) \
    X(raise) X(kill) X(pthread_kill) X(pthread_sigmask) X(sigprocmask) \
    X(sigwait) X(sigwaitinfo) X(sigtimedwait) X(pause) X(signalfd) \
    X(exit) X(_exit) X(_Exit) X(quick_exit) X(fork) X(vfork) X(epoll_create) X(epoll_create1) \
    X(gethostbyname) X(gethostbyname2) X(gethostbyname_r) X(gethostbyname2_r) \
    X(fdopen) X(sendfile) X(sendfile64) X(splice)
// clang-format on

struct real_functions {
#define X(f) decltype(&::f) f;
    BOOST_SELECTORS_SIMULATED_FUNCTIONS(X)
#undef X
};

/// Filled by the first call of real().
extern real_functions const* real_table;
real_functions const& find_real_functions() noexcept;

inline real_functions const& real() noexcept {
    real_functions const* const found = __atomic_load_n(&real_table, __ATOMIC_ACQUIRE);
    return found ? *found : find_real_functions();
}

/// Whether the address is in a sanitizer's shared library. It reads the clock for the program, but also
/// for its allocator, which holds a lock meanwhile.
bool is_of_sanitizer(void const* address) noexcept;

/// A function that the program finds elsewhere than in this library.
struct foreign_function {
    char const* name; ///< nullptr: there is none.
    std::string file; ///< Where it is.
};
foreign_function find_foreign_function();

} // namespace boost_selectors::simulated

#endif
