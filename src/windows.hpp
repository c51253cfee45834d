// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_WINDOWS_HPP
#define BOOST_SELECTORS_SRC_WINDOWS_HPP

#if !defined(NOMINMAX)
#    define NOMINMAX
#endif
#include <winsock2.h>

#include <chrono>
#include <system_error>
#include <utility>

// What the backends for Windows share.

namespace boost_selectors::detail {

inline std::error_code last_error() noexcept {
    return {::WSAGetLastError(), std::system_category()};
}

/// Makes sockets usable for as long as the process lives. Every backend does it first.
/// @throws std::system_error
void start_winsock();

/// Owns a socket.
class unique_handle {
public:
    unique_handle() = default;
    explicit unique_handle(SOCKET socket) noexcept
        : socket_(socket) {}
    unique_handle(unique_handle&& other) noexcept
        : socket_(other.release()) {}
    unique_handle& operator=(unique_handle&& other) noexcept {
        std::swap(socket_, other.socket_);
        return *this;
    }
    ~unique_handle() { reset(); }

    SOCKET get() const noexcept { return socket_; }
    explicit operator bool() const noexcept { return socket_ != INVALID_SOCKET; }

    /// Gives it up without closing it.
    SOCKET release() noexcept { return std::exchange(socket_, INVALID_SOCKET); }

    void reset() noexcept {
        if (socket_ != INVALID_SOCKET)
            ::closesocket(release());
    }

private:
    SOCKET socket_ = INVALID_SOCKET;
};

/// Sets @p ec to WSAENOTSOCK if @p socket is not an open socket.
inline void check_open(SOCKET socket, std::error_code& ec) noexcept {
    int type;
    int size = sizeof type;
    if (::getsockopt(socket, SOL_SOCKET, SO_TYPE, reinterpret_cast<char*>(&type), &size) != 0)
        ec = last_error();
    else
        ec.clear();
}

/// The timeout of a function that takes milliseconds, -1 (INFINITE) being forever: rounded up.
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
