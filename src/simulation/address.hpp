// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_ADDRESS_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_ADDRESS_HPP

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <netinet/in.h>
#include <optional>
#include <string>
#include <sys/socket.h>

namespace boost_selectors::simulated {

/// An IPv6 address; of IPv4, the mapped one (RFC 4291, 2.5.5.2).
struct ip_address {
    std::array<std::uint8_t, 16> bytes{};

    static ip_address v4(std::uint32_t number) noexcept {
        ip_address a;
        a.bytes[10] = a.bytes[11] = 0xff;
        for (unsigned i = 0; i < 4; ++i)
            a.bytes[12 + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
        return a;
    }

    /// The unique local address fd00::number.
    static ip_address local_v6(std::uint32_t number) noexcept {
        ip_address a = v4(number);
        a.bytes[0] = 0xfd;
        a.bytes[10] = a.bytes[11] = 0;
        return a;
    }

    static ip_address loopback_v6() noexcept {
        ip_address a;
        a.bytes[15] = 1;
        return a;
    }

    bool is_v4() const noexcept {
        for (unsigned i = 0; i < 10; ++i)
            if (bytes[i] != 0)
                return false;
        return bytes[10] == 0xff && bytes[11] == 0xff;
    }
    bool is_any() const noexcept { return *this == ip_address{} || *this == v4(INADDR_ANY); }
    bool is_loopback() const noexcept {
        return (is_v4() && bytes[12] == 127) || *this == loopback_v6();
    }
    bool is_multicast() const noexcept {
        return is_v4() ? bytes[12] >= 224 && bytes[12] < 240 : bytes[0] == 0xff;
    }

    auto operator<=>(ip_address const&) const = default;
};

/// The wildcard of AF_INET or AF_INET6.
inline ip_address any_address(int domain) noexcept {
    return domain == AF_INET ? ip_address::v4(INADDR_ANY) : ip_address{};
}

struct endpoint {
    ip_address ip;
    std::uint16_t port = 0;

    auto operator<=>(endpoint const&) const = default;
};

/// The name of a socket: an endpoint, or the path of a local socket, which is empty if it has no name
/// and begins with a zero if it is an abstract one (unix(7)).
struct socket_name {
    endpoint ip;
    std::string path;

    bool operator==(socket_name const&) const = default;
};

/// Without the square brackets of IPv6.
std::string to_text(ip_address const& a);
/// For people.
std::string to_text(socket_name const& name);

/// @param domain of the socket that asks: AF_INET, AF_INET6 or AF_UNIX.
/// @return nullopt if it is of another family, or too short.
std::optional<socket_name> read_name(int domain, sockaddr const* from, socklen_t size);

/// Why read_name() returns nullopt: the negative error number, as Linux has it.
int name_error(int domain, sockaddr const* from, socklen_t size) noexcept;

/// Writes as much as there is room for, as accept(2) says.
void write_name(int domain, socket_name const& name, sockaddr* to, socklen_t* size) noexcept;

} // namespace boost_selectors::simulated

#endif
