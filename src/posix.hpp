// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_POSIX_HPP
#define BOOST_SELECTORS_SRC_POSIX_HPP

#include "unique_handle.hpp"
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <fcntl.h>
#include <limits>
#include <pthread.h>
#include <sys/socket.h>
#include <system_error>
#include <time.h>
#include <unistd.h>

// Helpers that the POSIX backends share.

// ThreadSanitizer's runtime knows neither epoll_pwait2 nor io_uring_enter: a signal during such a
// call makes it hang indefinitely.
#if defined(__has_feature)
#    if __has_feature(thread_sanitizer)
#        define BOOST_SELECTORS_TSAN
#    endif
#elif defined(__SANITIZE_THREAD__)
#    define BOOST_SELECTORS_TSAN
#endif

namespace boost_selectors::detail {

inline std::error_code last_error() noexcept {
    return {errno, std::system_category()};
}

/// While it exists, pthread_cancel(3) does not end this thread. So code that must not throw may
/// call functions that are cancellation points.
class no_cancellation {
public:
#if defined(PTHREAD_CANCEL_DISABLE)
    no_cancellation() noexcept {
        ::pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old_);
    }
    ~no_cancellation() {
        ::pthread_setcancelstate(old_, &old_);
    }
#else
    no_cancellation() = default;
#endif
    no_cancellation(no_cancellation const&) = delete;
    no_cancellation& operator=(no_cancellation const&) = delete;

private:
    [[maybe_unused]] int old_ = 0;
};

/// Ends this thread here if it has been cancelled.
inline void test_cancellation() {
#if defined(PTHREAD_CANCEL_DISABLE)
    ::pthread_testcancel();
#endif
}

inline void close_handle(native_handle_type fd) noexcept {
    no_cancellation const guard;
    ::close(fd); // It is closed even if close() reports an error.
}

/// Sets @p ec to EBADF if @p fd is not open. (poll and select would report it only in the wait.)
inline void check_open(int fd, std::error_code& ec) noexcept {
    if (::fcntl(fd, F_GETFD) == -1)
        ec = last_error();
    else
        ec.clear();
}

inline bool is_socket(int fd) noexcept {
    int type;
    socklen_t size = sizeof type;
    return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
}

/// Converts a time to a timespec. A time that does not fit into a 32-bit time_t is shortened; the
/// selector waits again for the rest.
inline timespec to_timespec(std::chrono::nanoseconds time) noexcept {
    auto const seconds = std::chrono::floor<std::chrono::seconds>(time);
    constexpr std::int64_t longest = std::numeric_limits<time_t>::max();
    return {static_cast<time_t>(std::min<std::int64_t>(seconds.count(), longest)),
        static_cast<long>((time - seconds).count())};
}

/// A timeout for a system call that takes a pointer to a timespec; null means no time limit.
class timespec_timeout {
public:
    explicit timespec_timeout(std::chrono::nanoseconds timeout) noexcept
        : value_(to_timespec(timeout))
        , endless_(timeout == std::chrono::nanoseconds::max()) {}

    timespec const* get() const noexcept { return endless_ ? nullptr : &value_; }

private:
    timespec value_;
    bool endless_;
};

} // namespace boost_selectors::detail

#endif
