// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "options.hpp"
#include "calls.hpp"
#include "clocks.hpp"
#include "datagram.hpp"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <netinet/tcp.h>
#include <utility>

namespace boost_selectors::simulated {
namespace {

constexpr int most = std::numeric_limits<int>::max();
constexpr int least = std::numeric_limits<int>::min();

/// An option whose value is a number, and Linux's bounds of it.
struct number_option {
    int level;
    int name;
    int initial;
    int from;
    int to;
};

/// One whose value is 0 or 1, and is set to 1 by any other number.
constexpr number_option flag(int level, int name, int initial = 0) {
    return {level, name, initial, 0, 1};
}

constexpr number_option number_options[] = {
    flag(SOL_SOCKET, SO_REUSEADDR),
    flag(SOL_SOCKET, SO_REUSEPORT),
    flag(SOL_SOCKET, SO_BROADCAST),
    flag(SOL_SOCKET, SO_KEEPALIVE),
    flag(SOL_SOCKET, SO_DONTROUTE),
    flag(SOL_SOCKET, SO_OOBINLINE),
    flag(SOL_SOCKET, SO_DEBUG),
    {SOL_SOCKET, SO_PRIORITY, 0, least, most},
    {SOL_SOCKET, SO_RCVLOWAT, 1, least, most},
    {SOL_SOCKET, SO_RCVBUF, 0, least, most},
    {SOL_SOCKET, SO_SNDBUF, 0, least, most},
    flag(IPPROTO_TCP, TCP_NODELAY),
    flag(IPPROTO_TCP, TCP_CORK),
    flag(IPPROTO_TCP, TCP_QUICKACK, 1),
    {IPPROTO_TCP, TCP_KEEPIDLE, 7200, 1, 32'767},
    {IPPROTO_TCP, TCP_KEEPINTVL, 75, 1, 32'767},
    {IPPROTO_TCP, TCP_KEEPCNT, 9, 1, 127},
    {IPPROTO_TCP, TCP_SYNCNT, 6, 1, 127},
    {IPPROTO_TCP, TCP_DEFER_ACCEPT, 0, least, most},
    {IPPROTO_TCP, TCP_MAXSEG, 536, least, most},
    {IPPROTO_IP, IP_TTL, 64, 1, 255},
    {IPPROTO_IP, IP_TOS, 0, least, most},
    {IPPROTO_IP, IP_MULTICAST_TTL, 1, 0, 255},
    flag(IPPROTO_IP, IP_MULTICAST_LOOP, 1),
    {IPPROTO_IP, IP_MULTICAST_ALL, 1, 0, 1},
    {IPPROTO_IP, IP_MTU_DISCOVER, 1, 0, 5},
    flag(IPPROTO_IPV6, IPV6_V6ONLY),
    {IPPROTO_IPV6, IPV6_UNICAST_HOPS, 64, 0, 255},
    {IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 1, 0, 255},
    {IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 1, 0, 1},
    flag(IPPROTO_IPV6, IPV6_MULTICAST_ALL, 1),
    {IPPROTO_IPV6, IPV6_TCLASS, 0, 0, 255},
};

/// Kept as they are.
constexpr std::pair<int, int> other_options[] = {
    {IPPROTO_IP, IP_MULTICAST_IF},
    {IPPROTO_IPV6, IPV6_MULTICAST_IF},
};

/// What the system tells, and nobody sets.
constexpr int read_only[] = {SO_ERROR, SO_TYPE, SO_DOMAIN, SO_PROTOCOL, SO_ACCEPTCONN};

bool is_tcp(any_socket const& s) noexcept {
    return s.domain != AF_UNIX && s.type == SOCK_STREAM;
}

/// The error if sockets of this kind have no options of the level.
outcome check_level(any_socket const& s, int level, bool set) noexcept {
    if (level == SOL_SOCKET)
        return 0;
    if (s.domain == AF_UNIX)
        return -EOPNOTSUPP;
    if (level == IPPROTO_IP || (level == IPPROTO_IPV6 && s.domain == AF_INET6) ||
        (level == IPPROTO_TCP && is_tcp(s)))
        return 0;
    return !set && s.domain == AF_INET ? -EOPNOTSUPP : -ENOPROTOOPT;
}

number_option const* find(int level, int name) noexcept {
    auto const* const found = std::ranges::find_if(
        number_options, [&](number_option const& o) { return o.level == level && o.name == name; });
    return found == std::end(number_options) ? nullptr : found;
}

/// Named, since the program may go on without it.
outcome unknown_option() {
    here().not_simulated("an option of setsockopt() or getsockopt()");
    return -ENOPROTOOPT;
}

int protocol_of(any_socket const& s) noexcept {
    if (s.domain == AF_UNIX)
        return s.protocol;
    return s.type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
}

/// socket(7): twice of what was asked for, up to a limit.
int buffer_size(int name, int wanted) noexcept {
    constexpr int limit = 212'992; // net.core.rmem_max, wmem_max
    return std::max(2 * std::clamp(wanted, 0, limit), name == SO_RCVBUF ? 2304 : 4608);
}

int default_buffer_size(any_socket const& s, int name) noexcept {
    return !is_tcp(s) ? 212'992 : name == SO_RCVBUF ? 131'072 : 16'384;
}

/// What IPv4's options have, in a byte, too.
bool read_number(int level, void const* value, socklen_t size, int& to) noexcept {
    if (size >= sizeof(int)) {
        std::memcpy(&to, value, sizeof(int));
        return true;
    }
    to = size > 0 ? *static_cast<unsigned char const*>(value) : 0;
    return level == IPPROTO_IP && size > 0;
}

outcome set_number(any_socket& s, number_option const& o, int number) {
    if (o.from == 0 && o.to == 1) {
        bool const is_strict = (o.level == IPPROTO_IPV6 && o.name == IPV6_MULTICAST_LOOP) ||
                               (o.level == IPPROTO_IP && o.name == IP_MULTICAST_ALL);
        if (is_strict && number != !!number)
            return -EINVAL;
        number = number != 0;
    }
    bool const is_multicast = (o.level == IPPROTO_IP && o.name == IP_MULTICAST_TTL) ||
                              (o.level == IPPROTO_IPV6 && o.name == IPV6_MULTICAST_HOPS);
    if (is_multicast && s.type == SOCK_STREAM)
        return -EINVAL;
    bool const has_default = is_multicast || (o.level == IPPROTO_IP && o.name == IP_TTL) ||
                             (o.level == IPPROTO_IPV6 && o.name == IPV6_UNICAST_HOPS) ||
                             (o.level == IPPROTO_IPV6 && o.name == IPV6_TCLASS);
    if (has_default && number == -1)
        number = o.initial;
    if (number < o.from || number > o.to)
        return -EINVAL;
    constexpr int congestion_bits = 3; // TCP's own.
    if (o.level == IPPROTO_IP && o.name == IP_TOS)
        number &= 0xff;
    if (s.type == SOCK_STREAM && ((o.level == IPPROTO_IP && o.name == IP_TOS) ||
                                     (o.level == IPPROTO_IPV6 && o.name == IPV6_TCLASS)))
        number &= ~congestion_bits;
    if (o.level == IPPROTO_IPV6 && o.name == IPV6_V6ONLY) {
        if (s.bound || s.peer_name(nullptr, nullptr) == 0)
            return -EINVAL;
        s.v6_only = number != 0;
    }
    if (o.level == SOL_SOCKET) {
        switch (o.name) {
        case SO_REUSEADDR:
            s.reuse_address = number != 0;
            break;
        case SO_REUSEPORT:
            if (number && s.domain == AF_UNIX)
                return -EOPNOTSUPP;
            s.reuse_port = number != 0;
            break;
        case SO_BROADCAST:
            s.broadcast = number != 0;
            break;
        case SO_RCVBUF:
        case SO_SNDBUF:
            number = buffer_size(o.name, number);
            break;
        default:
            break;
        }
    }
    auto const* const first = reinterpret_cast<char const*>(&number);
    s.options[{o.level, o.name}].assign(first, first + sizeof(number));
    return 0;
}

template <class T>
bool read_option(void const* value, socklen_t size, T& to) noexcept {
    if (size < sizeof(T))
        return false;
    std::memcpy(&to, value, sizeof(T));
    return true;
}

bool changes_membership(int level, int name) noexcept {
    return (level == IPPROTO_IP && (name == IP_ADD_MEMBERSHIP || name == IP_DROP_MEMBERSHIP)) ||
           (level == IPPROTO_IPV6 && (name == IPV6_JOIN_GROUP || name == IPV6_LEAVE_GROUP));
}

/// Which network interface is named does not matter: a host has one.
outcome change_membership(any_socket& s, int level, int name, void const* value, socklen_t size) {
    auto* const on = dynamic_cast<datagram*>(&s);
    if (!on)
        return -EPROTO;
    ip_address group;
    if (level == IPPROTO_IP) {
        ip_mreq wanted;
        if (!read_option(value, size, wanted))
            return -EINVAL;
        group = ip_address::v4(ntohl(wanted.imr_multiaddr.s_addr));
    } else {
        ipv6_mreq wanted;
        if (!read_option(value, size, wanted))
            return -EINVAL;
        std::memcpy(group.bytes.data(), &wanted.ipv6mr_multiaddr, group.bytes.size());
    }
    if (!group.is_multicast())
        return -EINVAL;
    bool const join = level == IPPROTO_IP ? name == IP_ADD_MEMBERSHIP : name == IPV6_JOIN_GROUP;
    return join ? on->join(group) : on->leave(group);
}

outcome set_timeout(instant& timeout, timeval const& t) noexcept {
    if (t.tv_usec < 0 || t.tv_usec >= 1'000'000)
        return -EDOM;
    timeout = t.tv_sec < 0 ? instant(1) : to_instant({t.tv_sec, t.tv_usec * 1000});
    return 0;
}

template <class T>
outcome write_option(T const& from, void* value, socklen_t* size) noexcept {
    *size = std::min(*size, static_cast<socklen_t>(sizeof(T)));
    std::memcpy(value, &from, *size);
    return 0;
}

outcome write_number(int level, int number, void* value, socklen_t* size) noexcept {
    if (level == IPPROTO_IP && *size > 0 && *size < sizeof(int) && number >= 0 && number <= 255)
        return write_option(static_cast<unsigned char>(number), value, size);
    return write_option(number, value, size);
}

outcome get_socket_option(any_socket& s, int name, void* value, socklen_t* size) {
    switch (name) {
    case SO_ERROR:
        return write_option(s.take_error(), value, size);
    case SO_TYPE:
        return write_option(s.type, value, size);
    case SO_DOMAIN:
        return write_option(s.domain, value, size);
    case SO_PROTOCOL:
        return write_option(protocol_of(s), value, size);
    case SO_ACCEPTCONN:
        return write_option(int{s.is_listening()}, value, size);
    case SO_LINGER:
        return write_option(linger{s.linger >= 0, std::max(s.linger, 0)}, value, size);
    case SO_RCVTIMEO:
    case SO_SNDTIMEO: {
        auto const time = name == SO_RCVTIMEO ? s.receive_timeout : s.send_timeout;
        auto const us = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
        return write_option(timeval{us / 1'000'000, us % 1'000'000}, value, size);
    }
    default:
        return unknown_option();
    }
}

} // namespace

outcome set_option(any_socket& s, int level, int name, void const* value, socklen_t size) {
    if (outcome const error = check_level(s, level, true))
        return error;
    if (!value)
        return -EFAULT;
    if (level == SOL_SOCKET) {
        if (size < sizeof(int))
            return -EINVAL;
        if (std::ranges::find(read_only, name) != std::end(read_only))
            return -ENOPROTOOPT;
        if (name == SO_LINGER) {
            linger l;
            if (!read_option(value, size, l))
                return -EINVAL;
            s.linger = l.l_onoff ? l.l_linger : -1;
            return 0;
        }
        if (name == SO_RCVTIMEO || name == SO_SNDTIMEO) {
            timeval t;
            if (!read_option(value, size, t))
                return -EINVAL;
            return set_timeout(name == SO_RCVTIMEO ? s.receive_timeout : s.send_timeout, t);
        }
    }
    if (changes_membership(level, name))
        return change_membership(s, level, name, value, size);
    if (number_option const* const o = find(level, name)) {
        int number;
        if (level == IPPROTO_IPV6 && name == IPV6_MULTICAST_HOPS && s.type == SOCK_STREAM)
            return -ENOPROTOOPT;
        if (!read_number(level, value, size, number) &&
            !(level == IPPROTO_IP && name == IP_TOS)) // It may be empty.
            return -EINVAL;
        return set_number(s, *o, number);
    }
    if (std::ranges::find(other_options, std::pair(level, name)) == std::end(other_options))
        return unknown_option();
    auto const* const first = static_cast<char const*>(value);
    s.options[{level, name}].assign(first, first + size);
    return 0;
}

outcome get_option(any_socket& s, int level, int name, void* value, socklen_t* size) {
    if (!value || !size)
        return -EFAULT;
    if (outcome const error = check_level(s, level, false))
        return error;
    auto const found = s.options.find({level, name});
    if (number_option const* const o = find(level, name)) {
        int number = o->initial;
        if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY) // bind() may set it.
            number = s.v6_only;
        else if (found != s.options.end())
            std::memcpy(&number, found->second.data(), sizeof(number));
        else if (level == SOL_SOCKET && (name == SO_RCVBUF || name == SO_SNDBUF))
            number = default_buffer_size(s, name);
        return write_number(level, number, value, size);
    }
    if (found != s.options.end()) {
        *size = std::min(*size, static_cast<socklen_t>(found->second.size()));
        std::memcpy(value, found->second.data(), *size);
        return 0;
    }
    if (level == SOL_SOCKET)
        return get_socket_option(s, name, value, size);
    if (std::ranges::find(other_options, std::pair(level, name)) == std::end(other_options))
        return unknown_option();
    std::memset(value, 0, *size);
    return 0;
}

} // namespace boost_selectors::simulated
