// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_SECCOMP_HPP
#define BOOST_SELECTORS_TEST_SECCOMP_HPP

#include <cerrno>
#include <cstddef>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <system_error>
#include <vector>

// Makes the kernel refuse system calls of this process. It cannot be undone.

namespace boost_selectors::test {

/// The filter's result that makes a system call fail with @p error.
inline unsigned refusal(int error) {
    return SECCOMP_RET_ERRNO | static_cast<unsigned>(error);
}

/// Loads a member of seccomp_data, for a comparison that follows.
inline sock_filter load(std::size_t offset) {
    return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<unsigned>(offset));
}

/// Installs a filter of system calls.
inline void install_filter(std::vector<sock_filter> filter) {
    sock_fprog const program{static_cast<unsigned short>(filter.size()), filter.data()};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        throw std::system_error(errno, std::system_category(), "prctl");
}

/// Makes one system call fail.
inline void forbid(long system_call, int error) {
    install_filter({
        load(offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(system_call), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, refusal(error)),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    });
}

/// Makes one system call fail if its second argument is @p argument. (On little-endian machines.)
inline void forbid(long system_call, unsigned argument, int error) {
    install_filter({
        load(offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(system_call), 0, 3),
        load(offsetof(seccomp_data, args) + sizeof(__u64)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, argument, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, refusal(error)),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    });
}

} // namespace boost_selectors::test

#endif
