// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)
// Functions that are not simulated. On a host they fail, and are named once.

#include "calls.hpp"
#include <dlfcn.h>

using namespace boost_selectors::simulated;

namespace {

bool are_simulated(int a, int b) noexcept {
    return me && (here().net.sockets.find(a) || here().net.sockets.find(b));
}

} // namespace

// The child would have the calling thread only.
BOOST_SELECTORS_LIBC pid_t fork() noexcept {
    return me ? here().not_simulated("fork()") : real().fork();
}

// The standard allowed it to be fork().
BOOST_SELECTORS_LIBC pid_t vfork() noexcept {
    return ::fork();
}

BOOST_SELECTORS_LIBC hostent* gethostbyname2(char const* name, int family) {
    if (!me)
        return real().gethostbyname2(name, family);
    here().not_simulated("gethostbyname()");
    h_errno = NO_RECOVERY;
    return nullptr;
}

BOOST_SELECTORS_LIBC hostent* gethostbyname(char const* name) {
    return me ? ::gethostbyname2(name, AF_INET) : real().gethostbyname(name);
}

BOOST_SELECTORS_LIBC int gethostbyname2_r(char const* name, int family, hostent* result,
    char* buffer, size_t size, hostent** found, int* error) {
    if (!me)
        return real().gethostbyname2_r(name, family, result, buffer, size, found, error);
    here().not_simulated("gethostbyname_r()");
    *found = nullptr;
    *error = NO_RECOVERY;
    return ENOSYS;
}

BOOST_SELECTORS_LIBC int gethostbyname_r(
    char const* name, hostent* result, char* buffer, size_t size, hostent** found, int* error) {
    return me ? ::gethostbyname2_r(name, AF_INET, result, buffer, size, found, error)
              : real().gethostbyname_r(name, result, buffer, size, found, error);
}

BOOST_SELECTORS_LIBC int signalfd(int fd, sigset_t const* set, int flags) noexcept {
    return me ? here().not_simulated("signalfd()") : real().signalfd(fd, set, flags);
}

// The selector of a host is the simulation's.
BOOST_SELECTORS_LIBC int epoll_create1(int flags) noexcept {
    return me ? here().not_simulated("epoll") : real().epoll_create1(flags);
}

BOOST_SELECTORS_LIBC int epoll_create(int size) noexcept {
    return me ? here().not_simulated("epoll") : real().epoll_create(size);
}

// Of liburing, whose system calls can't be seen.
BOOST_SELECTORS_LIBC int io_uring_queue_init_params(
    unsigned entries, void* ring, void* parameters) {
    if (me) {
        here().not_simulated("io_uring");
        return -ENOSYS;
    }
    using function = int(unsigned, void*, void*);
    auto const own = reinterpret_cast<function*>(::dlsym(RTLD_NEXT, "io_uring_queue_init_params"));
    return own ? own(entries, ring, parameters) : -ENOSYS;
}

// Streams read and write within the C library.
BOOST_SELECTORS_LIBC std::FILE* fdopen(int fd, char const* mode) noexcept {
    if (!are_simulated(fd, -1))
        return real().fdopen(fd, mode);
    here().not_simulated("fdopen() of a socket");
    return nullptr;
}

BOOST_SELECTORS_LIBC ssize_t sendfile(int to, int from, off_t* offset, size_t size) noexcept {
    return are_simulated(to, from) ? here().not_simulated("sendfile() of a socket")
                                   : real().sendfile(to, from, offset, size);
}

BOOST_SELECTORS_LIBC ssize_t sendfile64(int to, int from, off64_t* offset, size_t size) noexcept {
    return are_simulated(to, from) ? here().not_simulated("sendfile() of a socket")
                                   : real().sendfile64(to, from, offset, size);
}

BOOST_SELECTORS_LIBC ssize_t splice(
    int from, off64_t* from_offset, int to, off64_t* to_offset, size_t size, unsigned flags) {
    return are_simulated(from, to) ? here().not_simulated("splice() of a socket")
                                   : real().splice(from, from_offset, to, to_offset, size, flags);
}
