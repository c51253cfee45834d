// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_SYSTEM_HPP
#define BOOST_SELECTORS_TEST_SYSTEM_HPP

/// @file
/// The system's socket functions under the same names on all systems, for support.hpp. If a call
/// fails, it returns -1 (or an invalid handle), and last_error() returns the reason.

#include <boost_selectors/native_handle.hpp>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <system_error>

#if defined(_WIN32)
#    if !defined(NOMINMAX)
#        define NOMINMAX
#    endif
#    include <winsock2.h>
#    include <ws2tcpip.h>
// It must come after the socket headers.
#    include <windows.h>
#else
#    include <arpa/inet.h>
#    include <cerrno>
#    include <fcntl.h>
#    include <netinet/in.h>
#    include <netinet/tcp.h>
#    include <poll.h>
#    include <sys/socket.h>
#    include <unistd.h>
#endif

namespace boost_selectors::test::sys {

#if defined(_WIN32)

inline constexpr int end_of_writing = SD_SEND;

inline void start() {
    static int const result = [] {
        WSADATA data;
        return ::WSAStartup(MAKEWORD(2, 2), &data);
    }();
    if (result != 0)
        throw std::system_error(result, std::system_category(), "WSAStartup");
}

inline std::error_code last_error() noexcept {
    return {::WSAGetLastError(), std::system_category()};
}

inline bool would_block(std::error_code const& ec) noexcept {
    return ec.value() == WSAEWOULDBLOCK;
}

inline bool is_not_open(std::error_code const& ec) noexcept {
    return ec.value() == WSAENOTSOCK;
}

inline bool is_open(native_handle_type handle) noexcept {
    int type;
    int size = sizeof type;
    return ::getsockopt(handle, SOL_SOCKET, SO_TYPE, reinterpret_cast<char*>(&type), &size) == 0;
}

inline int close(native_handle_type handle) noexcept {
    return ::closesocket(handle);
}

inline int set_nonblocking(native_handle_type handle) noexcept {
    unsigned long on = 1;
    return ::ioctlsocket(handle, static_cast<long>(FIONBIO), &on);
}

inline int poll(native_handle_type handle, short events, int milliseconds) noexcept {
    WSAPOLLFD fd{handle, static_cast<short>(events == POLLPRI ? POLLRDBAND : events), 0};
    return ::WSAPoll(&fd, 1, milliseconds);
}

inline long long read(native_handle_type handle, char* data, std::size_t size) noexcept {
    return ::recv(handle, data, static_cast<int>(size), 0);
}

inline long long write(native_handle_type handle, char const* data, std::size_t size) noexcept {
    return ::send(handle, data, static_cast<int>(size), 0);
}

/// Returns the processor time that this process has used.
inline std::chrono::nanoseconds processor_time() noexcept {
    FILETIME start, end, system, user;
    ::GetProcessTimes(::GetCurrentProcess(), &start, &end, &system, &user);
    long long sum = 0;
    for (FILETIME const& part : {system, user}) // In units of 100 ns.
        sum += static_cast<long long>(part.dwHighDateTime) << 32 | part.dwLowDateTime;
    return std::chrono::nanoseconds(sum * 100);
}

#else

inline constexpr int end_of_writing = SHUT_WR;

inline void start() noexcept {}

inline std::error_code last_error() noexcept {
    return {errno, std::system_category()};
}

inline bool would_block(std::error_code const& ec) noexcept {
    return ec.value() == EAGAIN || ec.value() == EWOULDBLOCK || ec.value() == EINPROGRESS;
}

inline bool is_not_open(std::error_code const& ec) noexcept {
    return ec.value() == EBADF;
}

inline bool is_open(native_handle_type handle) noexcept {
    return ::fcntl(handle, F_GETFD) != -1;
}

inline int close(native_handle_type handle) noexcept {
    return ::close(handle);
}

inline int set_nonblocking(native_handle_type handle) noexcept {
    int const result = ::fcntl(handle, F_SETFL, O_NONBLOCK);
    return result == -1 ? -1 : ::fcntl(handle, F_SETFD, FD_CLOEXEC);
}

inline int poll(native_handle_type handle, short events, int milliseconds) noexcept {
    pollfd fd{handle, events, 0};
    return ::poll(&fd, 1, milliseconds);
}

// These accept any handle, not only a socket.

inline long long read(native_handle_type handle, char* data, std::size_t size) noexcept {
    return ::read(handle, data, size);
}

inline long long write(native_handle_type handle, char const* data, std::size_t size) noexcept {
    return ::write(handle, data, size);
}

/// Returns the processor time that this process has used.
inline std::chrono::nanoseconds processor_time() noexcept {
    return std::chrono::nanoseconds(std::clock() * (1'000'000'000 / CLOCKS_PER_SEC));
}

#endif

} // namespace boost_selectors::test::sys

#endif
