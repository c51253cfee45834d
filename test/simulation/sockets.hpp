// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_SIMULATION_SOCKETS_HPP
#define BOOST_SELECTORS_TEST_SIMULATION_SOCKETS_HPP

// Blocking sockets of POSIX for the programs of the tests.

#include <array>
#include <cerrno>
#include <chrono>
#include <netdb.h>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace simulation_test {

/// A descriptor that closes itself.
class handle {
public:
    explicit handle(int fd)
        : fd_(fd) {
        if (fd < 0)
            throw std::system_error(errno, std::generic_category());
    }
    handle(handle&& other) noexcept
        : fd_(std::exchange(other.fd_, -1)) {}
    ~handle() {
        if (fd_ >= 0)
            ::close(fd_);
    }
    operator int() const noexcept { return fd_; }

private:
    int fd_;
};

inline int checked(int returned) {
    if (returned < 0)
        throw std::system_error(errno, std::generic_category());
    return returned;
}

struct resolved {
    addrinfo* first = nullptr;
    resolved(std::string const& host, std::string const& port, int type, int family = AF_UNSPEC) {
        addrinfo hints{};
        hints.ai_family = family;
        hints.ai_socktype = type;
        int const error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &first);
        if (error)
            throw std::runtime_error(::gai_strerror(error));
    }
    ~resolved() { ::freeaddrinfo(first); }
    resolved(resolved const&) = delete;
    resolved& operator=(resolved const&) = delete;
};

inline handle connect_to(std::string const& host, std::string const& port, int family = AF_INET) {
    resolved const at(host, port, SOCK_STREAM, family);
    handle s(::socket(at.first->ai_family, SOCK_STREAM, 0));
    checked(::connect(s, at.first->ai_addr, at.first->ai_addrlen));
    return s;
}

/// On all addresses of both families.
inline handle listen_at(std::uint16_t port, int backlog = 16) {
    handle s(::socket(AF_INET6, SOCK_STREAM, 0));
    int const on = 1;
    checked(::setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)));
    sockaddr_in6 any{};
    any.sin6_family = AF_INET6;
    any.sin6_port = htons(port);
    checked(::bind(s, reinterpret_cast<sockaddr*>(&any), sizeof(any)));
    checked(::listen(s, backlog));
    return s;
}

/// A socket for IPv4 datagrams to the port.
inline handle receive_at(std::uint16_t port) {
    handle s(::socket(AF_INET, SOCK_DGRAM, 0));
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_port = htons(port);
    checked(::bind(s, reinterpret_cast<sockaddr*>(&any), sizeof(any)));
    return s;
}

inline std::string read_all(int fd) {
    std::string text;
    std::array<char, 1000> some;
    for (ssize_t n; (n = checked(static_cast<int>(::read(fd, some.data(), some.size())))) > 0;)
        text.append(some.data(), static_cast<std::size_t>(n));
    return text;
}

inline void write_all(int fd, std::string const& text) {
    if (::send(fd, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size()))
        throw std::runtime_error("not all was sent");
}

inline auto now() {
    return std::chrono::steady_clock::now();
}

/// The error of a system call, 0 if there is none.
template <class F>
int error_of(F call) {
    return call() < 0 ? errno : 0;
}

/// Gives back all that each connection sends until its end. What happens to one is not an error.
inline void echo(int listener) {
    for (;;) {
        try {
            handle const s(::accept(listener, nullptr, nullptr));
            std::string const text = read_all(s);
            ::send(s, text.data(), text.size(), MSG_NOSIGNAL);
        } catch (std::system_error const&) { // It was reset.
        }
    }
}

} // namespace simulation_test

#endif
