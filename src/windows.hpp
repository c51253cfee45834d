// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_WINDOWS_HPP
#define BOOST_SELECTORS_SRC_WINDOWS_HPP

#if !defined(NOMINMAX)
#    define NOMINMAX
#endif
#include <winsock2.h>

#include "unique_handle.hpp"
#include <system_error>

// Helpers that the Windows backends share.

namespace boost_selectors::detail {

inline std::error_code last_error() noexcept {
    return {::WSAGetLastError(), std::system_category()};
}

/// Initializes Winsock for the lifetime of the process. Every backend calls this function first.
void start_winsock(std::error_code& ec) noexcept;

/// Does nothing: a Windows thread can't be cancelled.
class no_cancellation {
public:
    no_cancellation() noexcept {}
};

inline void close_handle(native_handle_type socket) noexcept {
    ::closesocket(socket);
}

/// Sets @p ec to WSAENOTSOCK if @p socket is not an open socket.
inline void check_open(SOCKET socket, std::error_code& ec) noexcept {
    int type;
    int size = sizeof type;
    if (::getsockopt(socket, SOL_SOCKET, SO_TYPE, reinterpret_cast<char*>(&type), &size) != 0)
        ec = last_error();
    else
        ec.clear();
}

} // namespace boost_selectors::detail

#endif
