// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_UNIQUE_HANDLE_HPP
#define BOOST_SELECTORS_SRC_UNIQUE_HANDLE_HPP

#include <boost_selectors/native_handle.hpp>
#include <utility>

namespace boost_selectors::detail {

/// Calls the system's close function. Defined in posix.hpp and windows.hpp.
inline void close_handle(native_handle_type handle) noexcept;

/// Owns a file descriptor; on Windows a socket.
class unique_handle {
public:
    unique_handle() = default;
    explicit unique_handle(native_handle_type handle) noexcept
        : handle_(handle) {}
    unique_handle(unique_handle&& other) noexcept
        : handle_(other.release()) {}
    unique_handle& operator=(unique_handle&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~unique_handle() { reset(); }

    native_handle_type get() const noexcept { return handle_; }
    explicit operator bool() const noexcept { return is_valid(handle_); }

    /// Gives up the ownership of the handle without closing it.
    native_handle_type release() noexcept { return std::exchange(handle_, invalid_native_handle); }

    void reset() noexcept {
        if (is_valid(handle_))
            close_handle(release());
    }

private:
    native_handle_type handle_ = invalid_native_handle;
};

} // namespace boost_selectors::detail

#endif
