// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What programs call that were compiled with _FORTIFY_SOURCE: the same functions, told the size of the
// buffer as well.

#include "calls.hpp"
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

extern "C" [[noreturn]] void __chk_fail() noexcept;

namespace {

void check(std::size_t wanted, std::size_t room) {
    if (wanted > room)
        ::__chk_fail();
}

} // namespace

BOOST_SELECTORS_LIBC ssize_t __read_chk(int fd, void* buffer, size_t size, size_t room) {
    check(size, room);
    return ::read(fd, buffer, size);
}

BOOST_SELECTORS_LIBC ssize_t __recv_chk(int fd, void* buffer, size_t size, size_t room, int flags) {
    check(size, room);
    return ::recv(fd, buffer, size, flags);
}

BOOST_SELECTORS_LIBC ssize_t __recvfrom_chk(int fd, void* buffer, size_t size, size_t room,
    int flags, sockaddr* name, socklen_t* name_size) {
    check(size, room);
    return ::recvfrom(fd, buffer, size, flags, name, name_size);
}

BOOST_SELECTORS_LIBC int __poll_chk(pollfd* handles, nfds_t count, int timeout, size_t room) {
    check(count * sizeof(pollfd), room);
    return ::poll(handles, count, timeout);
}

BOOST_SELECTORS_LIBC int __ppoll_chk(
    pollfd* handles, nfds_t count, timespec const* timeout, sigset_t const* signals, size_t room) {
    check(count * sizeof(pollfd), room);
    return ::ppoll(handles, count, timeout, signals);
}

BOOST_SELECTORS_LIBC int __gethostname_chk(char* name, size_t size, size_t room) noexcept {
    check(size, room);
    return ::gethostname(name, size);
}
