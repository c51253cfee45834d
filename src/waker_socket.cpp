// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "waker.hpp"

namespace boost_selectors::detail {

namespace {

void check(int result, char const* what) {
    if (result != 0)
        throw std::system_error(last_error(), what);
}

} // namespace

void start_winsock() {
    static int const result = [] {
        WSADATA data;
        return ::WSAStartup(MAKEWORD(2, 2), &data);
    }();
    if (result != 0)
        throw std::system_error(result, std::system_category(), "WSAStartup");
}

waker::waker() {
    start_winsock();
    unique_handle socket(::socket(AF_INET, SOCK_DGRAM, 0));
    if (!socket)
        throw std::system_error(last_error(), "socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    int size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    check(::bind(socket.get(), generic, size), "bind");
    check(::getsockname(socket.get(), generic, &size), "getsockname");
    // Connected to itself: it receives nothing from others.
    check(::connect(socket.get(), generic, size), "connect");
    unsigned long on = 1;
    check(::ioctlsocket(socket.get(), static_cast<long>(FIONBIO), &on), "ioctlsocket");
    read_ = std::move(socket);
}

void waker::signal() noexcept {
    char const byte = 0;
    ::send(read_.get(), &byte, 1, 0); // It can only fail if there is one already.
}

void waker::drain() noexcept {
    char bytes[64];
    while (::recv(read_.get(), bytes, sizeof bytes, 0) > 0) {
    }
}

} // namespace boost_selectors::detail
