// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A library for LD_PRELOAD. It intercepts functions of the C library and of liburing, and makes
// calls of one function fail. $FAULT is "function errno first times": from call number `first` on,
// counted from 1, `times` calls fail. At exit it prints how often the function was called.

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <liburing.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

struct fault {
    char function[64] = "none";
    int error = 0;
    long first = 0;
    long times = 0;
    std::atomic<long> calls = 0;

    fault() {
        if (char const* const text = std::getenv("FAULT"))
            std::sscanf(text, "%63s %d %ld %ld", function, &error, &first, &times);
    }
    ~fault() { std::fprintf(stderr, "fault: %ld calls\n", calls.load()); }
};

fault planned;

/// Whether this call of the function must fail.
bool is_due(char const* function) {
    if (std::strcmp(function, planned.function) != 0)
        return false;
    long const call = ++planned.calls;
    if (call < planned.first || call >= planned.first + planned.times)
        return false;
    errno = planned.error;
    return true;
}

template <class F>
F* next(F*, char const* name) {
    return reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
}

} // namespace

// A function that returns -1 and sets errno.
#define SHIM(result, name, parameters, arguments, exception)                                       \
    extern "C" result name parameters exception {                                                  \
        static auto* const real = next(&name, #name);                                              \
        return is_due(#name) ? result(-1) : real arguments;                                        \
    }

// A function of liburing, which returns the negated errno.
#define SHIM_RING(name, parameters, arguments)                                                     \
    extern "C" int name parameters {                                                               \
        static auto* const real = next(&name, #name);                                              \
        return is_due(#name) ? -errno : real arguments;                                            \
    }

SHIM(int, epoll_create1, (int flags), (flags), noexcept)
SHIM(int, epoll_ctl, (int set, int operation, int fd, epoll_event* event),
    (set, operation, fd, event), noexcept)
SHIM(int, epoll_wait, (int set, epoll_event* events, int max, int timeout),
    (set, events, max, timeout), )
SHIM(int, epoll_pwait2,
    (int set, epoll_event* events, int max, timespec const* timeout, sigset_t const* mask),
    (set, events, max, timeout, mask), )
SHIM(int, eventfd, (unsigned count, int flags), (count, flags), noexcept)
SHIM(int, poll, (pollfd * fds, nfds_t n, int timeout), (fds, n, timeout), )
SHIM(int, ppoll, (pollfd * fds, nfds_t n, timespec const* timeout, sigset_t const* mask),
    (fds, n, timeout, mask), )
SHIM(int, pselect,
    (int n, fd_set* read, fd_set* write, fd_set* except, timespec const* timeout,
        sigset_t const* mask),
    (n, read, write, except, timeout, mask), )
SHIM(int, fstat, (int fd, struct stat* status), (fd, status), noexcept)
SHIM(int, getsockopt, (int fd, int level, int option, void* value, socklen_t* size),
    (fd, level, option, value, size), noexcept)
SHIM(int, madvise, (void* address, size_t size, int advice), (address, size, advice), noexcept)

// Only transfers of an eventfd's size. Asio's signals go through a pipe and have another size.

extern "C" ssize_t read(int fd, void* data, size_t size) {
    static auto* const real = next(&read, "read");
    return size == sizeof(eventfd_t) && is_due("read") ? -1 : real(fd, data, size);
}

extern "C" ssize_t write(int fd, void const* data, size_t size) {
    static auto* const real = next(&write, "write");
    return size == sizeof(eventfd_t) && is_due("write") ? -1 : real(fd, data, size);
}

extern "C" int fcntl(int fd, int operation, ...) {
    // Only F_GETFD fails: Asio sets up its own pipe with other operations.
    static auto* const real = next(static_cast<int (*)(int, int, ...)>(nullptr), "fcntl");
    std::va_list arguments;
    va_start(arguments, operation);
    void* const argument = va_arg(arguments, void*);
    va_end(arguments);
    return operation == F_GETFD && is_due("fcntl") ? -1 : real(fd, operation, argument);
}

SHIM_RING(io_uring_queue_init_params, (unsigned entries, io_uring* ring, io_uring_params* p),
    (entries, ring, p))
SHIM_RING(io_uring_submit, (io_uring * ring), (ring))
SHIM_RING(io_uring_get_events, (io_uring * ring), (ring))
SHIM_RING(io_uring_submit_and_wait_timeout,
    (io_uring * ring, io_uring_cqe** first, unsigned count, __kernel_timespec* timeout,
        sigset_t* mask),
    (ring, first, count, timeout, mask))
