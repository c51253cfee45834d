// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_POSIX_HPP
#define BOOST_SELECTORS_SRC_POSIX_HPP

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <system_error>
#include <time.h>
#include <unistd.h>
#include <utility>

// What the POSIX backends share.

// ThreadSanitizer's runtime does not know epoll_pwait2 nor io_uring_enter: a signal during either
// hangs for good.
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

/// Owns a file descriptor.
class unique_handle {
public:
    unique_handle() = default;
    explicit unique_handle(int fd) noexcept
        : fd_(fd) {}
    unique_handle(unique_handle&& other) noexcept
        : fd_(std::exchange(other.fd_, -1)) {}
    unique_handle& operator=(unique_handle&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~unique_handle() { reset(); }

    int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }

    /// Gives it up without closing it.
    int release() noexcept { return std::exchange(fd_, -1); }

    void reset() noexcept {
        if (fd_ >= 0)
            ::close(release()); // It is closed even if close() reports an error.
    }

private:
    int fd_ = -1;
};

/// Sets @p ec to EBADF if @p fd is not open. (poll and select would tell only in the wait.)
inline void check_open(int fd, std::error_code& ec) noexcept {
    if (::fcntl(fd, F_GETFD) == -1)
        ec = last_error();
    else
        ec.clear();
}

inline timespec to_timespec(std::chrono::nanoseconds time) noexcept {
    auto const seconds = std::chrono::floor<std::chrono::seconds>(time);
    return {static_cast<time_t>(seconds.count()), static_cast<long>((time - seconds).count())};
}

/// The timeout of a system call that takes a timespec, null being forever.
class timespec_timeout {
public:
    explicit timespec_timeout(std::chrono::nanoseconds timeout) noexcept
        : value_(to_timespec(timeout))
        , forever_(timeout == std::chrono::nanoseconds::max()) {}

    timespec const* get() const noexcept { return forever_ ? nullptr : &value_; }

private:
    timespec value_;
    bool forever_;
};

/// The timeout of a system call that takes milliseconds, -1 being forever: rounded up.
inline int to_milliseconds(std::chrono::nanoseconds timeout) noexcept {
    using std::chrono::milliseconds;
    if (timeout == std::chrono::nanoseconds::max())
        return -1;
    // The base waits again for what does not fit.
    auto const rounded = std::chrono::ceil<milliseconds>(timeout).count();
    return rounded < 1'000'000'000 ? static_cast<int>(rounded) : 1'000'000'000;
}

} // namespace boost_selectors::detail

#endif
