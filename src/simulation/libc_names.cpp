// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Names of hosts and services, and the environment's.

#include "calls.hpp"
#include "network.hpp"
#include <arpa/inet.h>
#include <cstdio>
#include <cstring>
#include <netdb.h>

using namespace boost_selectors::simulated;
using namespace std::chrono_literals;

namespace {

constexpr instant least_lookup = 500us;
constexpr std::uint64_t most_more = 4'500'000; ///< Nanoseconds.

} // namespace

BOOST_SELECTORS_LIBC int getaddrinfo(
    char const* name, char const* service, addrinfo const* hints, addrinfo** found) {
    if (!me)
        return real().getaddrinfo(name, service, hints, found);
    world& w = here();
    addrinfo wanted{};
    if (hints)
        wanted = *hints;
    wanted.ai_flags &= ~AI_ADDRCONFIG; // Every host has both families.
    addrinfo numeric = wanted;
    numeric.ai_flags |= AI_NUMERICHOST;
    // Services, addresses and their errors are the C library's.
    int error = real().getaddrinfo(name, service, &numeric, found);
    if (error != EAI_NONAME || !name || (wanted.ai_flags & AI_NUMERICHOST))
        return error;
    w.busy();
    w.block("the resolver", nullptr, w.now() + least_lookup + instant(w.random(most_more)));
    host const* const h =
        std::string_view(name) == "localhost" ? &me->owner : w.net.find_host(name);
    w.note("getaddrinfo", -1, h ? h->id : EAI_NONAME);
    if (!h)
        return EAI_NONAME;
    addrinfo* all = nullptr;
    for (int const family : {AF_INET6, AF_INET}) {
        if (wanted.ai_family != AF_UNSPEC && wanted.ai_family != family)
            continue;
        ip_address const any = any_address(family);
        bool const own = h == &me->owner && std::string_view(name) == "localhost";
        ip_address const a = own ? w.net.source(*h, any, family) : w.net.address_of(*h, family);
        addrinfo* some = nullptr;
        numeric.ai_family = family;
        error = real().getaddrinfo(to_text(a).c_str(), service, &numeric, &some);
        if (error)
            break;
        addrinfo** last = &all;
        while (*last)
            last = &(*last)->ai_next;
        *last = some;
    }
    if (error && all)
        ::freeaddrinfo(all);
    else
        *found = all;
    return error;
}

BOOST_SELECTORS_LIBC int getnameinfo(sockaddr const* from, socklen_t size, char* name,
    socklen_t name_size, char* service, socklen_t service_size, int flags) {
    if (!me)
        return real().getnameinfo(from, size, name, name_size, service, service_size, flags);
    if (name && name_size > 0 && !(flags & NI_NUMERICHOST) && from) {
        auto const read = read_name(from->sa_family, from, size);
        host const* const h = read ? here().net.find_host(me->owner, read->ip.ip) : nullptr;
        std::string const text = h && read->ip.ip.is_loopback() ? "localhost" : h ? h->name : "";
        if (h) {
            if (text.size() >= name_size)
                return EAI_OVERFLOW;
            std::memcpy(name, text.c_str(), text.size() + 1);
            return real().getnameinfo(from, size, nullptr, 0, service, service_size, flags);
        }
        if (flags & NI_NAMEREQD)
            return EAI_NONAME;
    }
    return real().getnameinfo(
        from, size, name, name_size, service, service_size, flags | NI_NUMERICHOST);
}

BOOST_SELECTORS_LIBC int gethostname(char* name, size_t size) noexcept {
    if (!me)
        return real().gethostname(name, size);
    std::string const& own = me->owner.name;
    if (own.size() >= size)
        return failed(ENAMETOOLONG);
    std::memcpy(name, own.c_str(), own.size() + 1);
    return 0;
}

// What a developer has set for other programs must not take the simulation's selector away.
BOOST_SELECTORS_LIBC char* secure_getenv(char const* name) noexcept {
    return me && std::string_view(name) == "BOOST_SELECTORS_BACKEND" ? nullptr
                                                                     : real().secure_getenv(name);
}
