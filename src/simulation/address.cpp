// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "address.hpp"
#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <sys/un.h>

namespace boost_selectors::simulated {
namespace {

constexpr socklen_t path_begin = offsetof(sockaddr_un, sun_path);

/// A path of the file system ends with a zero, which counts or not.
std::string read_path(sockaddr const* from, socklen_t size) {
    std::string path(reinterpret_cast<char const*>(from) + path_begin, size - path_begin);
    if (!path.empty() && path[0] != '\0')
        path.resize(std::strlen(path.c_str()));
    return path;
}

} // namespace

std::string to_text(ip_address const& a) {
    char text[INET6_ADDRSTRLEN];
    bool const v4 = a.is_v4();
    return ::inet_ntop(v4 ? AF_INET : AF_INET6, a.bytes.data() + (v4 ? 12 : 0), text, sizeof(text));
}

std::string to_text(socket_name const& name) {
    if (name.ip == endpoint{})
        return name.path.empty() || name.path[0] != '\0' ? name.path : '@' + name.path.substr(1);
    return to_text(name.ip.ip) + ':' + std::to_string(name.ip.port);
}

std::optional<socket_name> read_name(int domain, sockaddr const* from, socklen_t size) {
    if (!from || size < sizeof(sa_family_t) || from->sa_family != domain)
        return std::nullopt;
    socket_name name;
    if (domain == AF_INET && size >= sizeof(sockaddr_in)) {
        sockaddr_in in;
        std::memcpy(&in, from, sizeof(in));
        name.ip = {ip_address::v4(ntohl(in.sin_addr.s_addr)), ntohs(in.sin_port)};
    } else if (domain == AF_INET6 && size >= sizeof(sockaddr_in6)) {
        sockaddr_in6 in;
        std::memcpy(&in, from, sizeof(in));
        std::copy_n(in.sin6_addr.s6_addr, name.ip.ip.bytes.size(), name.ip.ip.bytes.begin());
        name.ip.port = ntohs(in.sin6_port);
    } else if (domain == AF_UNIX && size >= path_begin && size <= sizeof(sockaddr_un)) {
        name.path = read_path(from, size);
    } else {
        return std::nullopt;
    }
    return name;
}

int name_error(int domain, sockaddr const* from, socklen_t size) noexcept {
    constexpr socklen_t without_scope = offsetof(sockaddr_in6, sin6_scope_id); // RFC 2133
    socklen_t const least = domain == AF_INET    ? sizeof(sockaddr_in)
                            : domain == AF_INET6 ? without_scope
                                                 : sizeof(sa_family_t);
    if (!from || size < least || domain == AF_UNIX || from->sa_family == domain)
        return -EINVAL;
    return -EAFNOSUPPORT;
}

void write_name(int domain, socket_name const& name, sockaddr* to, socklen_t* size) noexcept {
    if (!to || !size)
        return;
    sockaddr_storage made{};
    socklen_t length = 0;
    made.ss_family = static_cast<sa_family_t>(domain);
    if (domain == AF_INET) {
        auto& in = reinterpret_cast<sockaddr_in&>(made);
        in.sin_port = htons(name.ip.port);
        std::memcpy(&in.sin_addr, name.ip.ip.bytes.data() + 12, 4);
        length = sizeof(in);
    } else if (domain == AF_INET6) {
        auto& in = reinterpret_cast<sockaddr_in6&>(made);
        in.sin6_port = htons(name.ip.port);
        std::memcpy(&in.sin6_addr, name.ip.ip.bytes.data(), 16);
        length = sizeof(in);
    } else {
        std::memcpy(
            reinterpret_cast<char*>(&made) + path_begin, name.path.data(), name.path.size());
        length = path_begin + static_cast<socklen_t>(name.path.size());
        if (!name.path.empty() && name.path[0] != '\0')
            ++length; // The zero at its end.
    }
    std::memcpy(to, &made, std::min(*size, length));
    *size = length;
}

} // namespace boost_selectors::simulated
