// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "waker.hpp"
#include <utility>

namespace boost_selectors::detail {

void start_winsock(std::error_code& ec) noexcept {
    static int const result = [] {
        WSADATA data;
        return ::WSAStartup(MAKEWORD(2, 2), &data);
    }();
    ec = {result, std::system_category()};
}

void waker::open(std::error_code& ec) noexcept {
    start_winsock(ec);
    if (ec)
        return;
    unique_handle socket(::socket(AF_INET, SOCK_DGRAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    int size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    unsigned long on = 1;
    // It is connected to itself, so it receives nothing from other sockets.
    if (!socket || ::bind(socket.get(), generic, size) != 0 ||
        ::getsockname(socket.get(), generic, &size) != 0 ||
        ::connect(socket.get(), generic, size) != 0 ||
        ::ioctlsocket(socket.get(), static_cast<long>(FIONBIO), &on) != 0)
        ec = last_error();
    else
        read_ = std::move(socket);
}

void waker::signal() noexcept {
    char const byte = 0;
    ::send(read_.get(), &byte, 1, 0); // It can only fail if the socket is already readable.
}

bool waker::drain() noexcept {
    char bytes[64];
    bool any = false;
    while (::recv(read_.get(), bytes, sizeof bytes, 0) > 0)
        any = true;
    return any;
}

} // namespace boost_selectors::detail
