// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "network.hpp"
#include "stream.hpp"
#include "world.hpp"
#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstdio>

namespace boost_selectors::simulated {

using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t first_v4 = 0x0a000000; // 10.0.0.0/8
/// Linux's (ip_local_port_range).
constexpr std::uint64_t first_ephemeral = 32768;
constexpr std::uint64_t ephemeral = 60999 - first_ephemeral + 1;
/// The bytes of TCP's and IP's.
constexpr std::size_t headers = 40;
/// Within one host.
constexpr instant least_loopback = 10us;
constexpr instant most_loopback = 40us;

} // namespace

link& network::between(host const& a, host const& b) {
    link& found = links_[std::minmax(a.id, b.id)];
    if (!found.ends[0]) {
        found.ends[0] = a.id < b.id ? &a : &b;
        found.ends[1] = a.id < b.id ? &b : &a;
        if (&a == &b) {
            found.least_latency = least_loopback;
            found.most_latency = most_loopback;
        }
    }
    return found;
}

host* network::find_host(host& from, ip_address const& a) {
    if (a.is_loopback() || a.is_any())
        return &from;
    for (auto const& h : in_.hosts())
        if (a == address_of(*h, AF_INET) || a == address_of(*h, AF_INET6))
            return h.get();
    return nullptr;
}

host* network::find_host(std::string_view name) {
    auto const found = std::ranges::find(in_.hosts(), name, [](auto const& h) { return h->name; });
    return found == in_.hosts().end() ? nullptr : found->get();
}

bool network::is_own(host const& h, ip_address const& a) const noexcept {
    return a.is_any() || a.is_loopback() || a.is_multicast() || a == address_of(h, AF_INET) ||
           a == address_of(h, AF_INET6);
}

ip_address network::address_of(host const& h, int domain) const noexcept {
    return domain == AF_INET ? ip_address::v4(first_v4 + h.id) : ip_address::local_v6(h.id);
}

ip_address network::source(host const& from, ip_address const& to, int domain) const noexcept {
    bool const v4 = domain == AF_INET || to.is_v4();
    if (to.is_loopback() || to.is_any())
        return v4 ? ip_address::v4(INADDR_LOOPBACK) : ip_address::loopback_v6();
    return address_of(from, v4 ? AF_INET : AF_INET6);
}

outcome network::bind(any_socket& s, sockaddr const* to, socklen_t size, bool may) {
    auto name = read_name(s.domain, to, size);
    if (!name)
        return name_error(s.domain, to, size);
    if (s.bound || !may)
        return -EINVAL;
    bool const names_port = name->ip.port != 0;
    if (s.domain == AF_UNIX) {
        if (name->path.empty()) { // Autobind, unix(7).
            char text[6];
            std::snprintf(
                text, sizeof(text), "%05x", static_cast<unsigned>(++autobound_) & 0xfffff);
            name->path = std::string(1, '\0') + text;
        }
        auto& place = paths_[key_of(s.owner, s.type, name->path)];
        if (place)
            return -EADDRINUSE;
        place = &s;
    } else {
        if (s.domain == AF_INET6 && s.v6_only && name->ip.ip.is_v4())
            return -EINVAL;
        if (!is_own(s.owner, name->ip.ip))
            return -EADDRNOTAVAIL;
        if (outcome const error = ports_of(s).take(in_, s, name->ip)) {
            s.local.ip.ip = any_address(s.domain); // As Linux has it.
            return error;
        }
    }
    s.local = *name;
    *s.path = name->path;
    s.bound = true;
    s.names_port = names_port;
    s.names_address = !name->ip.ip.is_any();
    if (s.domain == AF_INET6 && s.names_address && !name->ip.ip.is_v4())
        s.v6_only = true;
    return 0;
}

outcome network::bind_to_any_port(any_socket& s, ip_address const& a) {
    if (s.bound)
        return 0;
    s.local.ip = {a, 0};
    outcome const error = ports_of(s).take(in_, s, s.local.ip);
    s.bound = error == 0;
    return error;
}

void network::unbind(any_socket& s) noexcept {
    if (!std::exchange(s.bound, false))
        return;
    if (s.domain != AF_UNIX)
        return ports_of(s).give_back(s, s.local.ip);
    auto const i = paths_.find(key_of(s.owner, s.type, s.local.path));
    if (i != paths_.end() && i->second == &s)
        i->second = nullptr; // The file stays until it is unlinked.
}

network::path_key network::key_of(host const& h, int type, std::string const& path) {
    bool const is_file = !path.empty() && path[0] != '\0';
    return {h.id, is_file ? 0 : type, path};
}

outcome network::check_family(any_socket const& s, ip_address const& to) const noexcept {
    if (s.domain != AF_INET6)
        return 0;
    bool const is_v4 = s.local.ip.ip.is_v4();
    if (to.is_v4() && (s.v6_only || (s.names_address && !is_v4)))
        return -ENETUNREACH;
    return s.names_address && is_v4 && !to.is_v4() ? -EAFNOSUPPORT : 0;
}

outcome network::find_path(
    host const& h, int type, std::string const& path, any_socket*& found) const {
    auto const i = paths_.find(key_of(h, type, path));
    if (i == paths_.end()) {
        bool const is_file = !path.empty() && path[0] != '\0';
        return is_file ? -ENOENT : -ECONNREFUSED;
    }
    found = i->second;
    if (!found)
        return -ECONNREFUSED;
    return found->type == type ? 0 : -EPROTOTYPE;
}

std::optional<instant> network::arrival(host const& from, host const& to, std::size_t size) {
    instant const now = in_.now();
    auto const between_of = [&](instant least, instant most) {
        auto const span = static_cast<std::uint64_t>((most - least).count());
        return least + instant(span == 0 ? 0 : in_.random(span + 1));
    };
    link& way = between(from, to);
    instant sent = now;
    if (way.bandwidth > 0) {
        instant& free = way.free[from.id > to.id];
        auto const bits = static_cast<std::int64_t>(size) * 1'000'000'000;
        sent = free =
            std::max(free, now) + instant(bits / static_cast<std::int64_t>(way.bandwidth));
    }
    instant const at = sent + between_of(way.least_latency + way.chance.least_latency,
                                  way.most_latency + way.chance.most_latency);
    if (happens(std::max(way.loss, way.chance.loss)))
        return std::nullopt;
    if (&from != &to)
        return at;
    return way.last_arrival = std::max(at, way.last_arrival); // Within a host, nothing overtakes.
}

std::optional<instant> network::send(packet const& p, std::uint64_t& number) {
    auto const at = arrival(p.from, p.to, headers + p.content.size());
    number = note(p, !at);
    return at;
}

std::uint64_t network::note(packet const& p, bool lost) {
    if (!in_.recorded)
        return 0;
    return in_.recorded->send(p, in_.now(), lost || is_cut(p.from, p.to), in_.caller());
}

void network::note_arrival(host const& to, std::uint64_t number) {
    if (in_.recorded)
        in_.recorded->arrive(to, in_.now(), number);
}

bool network::happens(double probability) {
    constexpr std::uint64_t unit = 1 << 30;
    return probability > 0 && static_cast<double>(in_.random(unit)) < probability * double{unit};
}

bool network::is_cut(host const& a, host const& b) {
    if (!a.up || !b.up)
        return true;
    link const& way = between(a, b);
    return way.cut || way.chance.cut;
}

bool network::is_held(host const& a, host const& b, timed& t) {
    link& way = between(a, b);
    if (way.held)
        way.waiting.push_back(&t);
    return way.held;
}

void network::cancel(timed& t) noexcept {
    in_.events.cancel(t);
    for (auto& [hosts, way] : links_)
        std::erase(way.waiting, &t);
}

void network::release(link& l) {
    l.held = false;
    for (timed* const t : std::exchange(l.waiting, {}))
        in_.events.add(*t, in_.now());
}

void network::repair() {
    for (auto& [hosts, way] : links_)
        way.cut = false;
}

void network::note(std::shared_ptr<connection> const& c) {
    if (connections_.size() >= most_connections_) {
        std::erase_if(connections_, [](auto const& old) { return old.expired(); });
        most_connections_ = std::max(most_connections_, 2 * connections_.size());
    }
    connections_.push_back(c);
}

void network::reset(host const& a, host const& b) {
    for (auto const& weak : connections_)
        if (auto const c = weak.lock())
            if (std::minmax(c->hosts[0]->id, c->hosts[1]->id) == std::minmax(a.id, b.id) &&
                !c->local)
                c->fail(ECONNRESET);
}

void network::end_host(host& h, bool peers_are_told) {
    auto ended = sockets.of(h);
    // By their own numbers: those of descriptors differ from process to process.
    std::ranges::sort(ended, {}, [&](int fd) { return sockets.find(fd)->id; });
    for (int const fd : ended) {
        auto const s = sockets.share(fd);
        if (!peers_are_told)
            s->vanish();
        sockets.remove(fd);
        s->forget_calls();
        real().close(fd);
    }
    std::erase_if(paths_, [&](auto const& p) { return std::get<0>(p.first) == h.id; });
}

std::vector<std::string> network::describe_sockets(host const& h) const {
    auto open = sockets.of(h);
    std::ranges::sort(open, {}, [&](int fd) { return sockets.find(fd)->id; });
    std::vector<std::string> lines;
    for (int const fd : open) {
        any_socket const& s = *sockets.find(fd);
        std::string line = "socket " + std::to_string(s.id) + ": " + s.describe();
        if (std::size_t const n = s.available())
            line += ", " + std::to_string(n) + " bytes to read";
        lines.push_back(std::move(line));
    }
    return lines;
}

void network::close_all() {
    for (auto& [hosts, way] : links_)
        for (timed* const t : std::exchange(way.waiting, {}))
            t->dropped();
    for (auto const& h : in_.hosts())
        for (int const fd : sockets.of(*h)) {
            sockets.find(fd)->vanish();
            sockets.remove(fd);
            real().close(fd);
        }
}

bool network::ports::is_taken(
    any_socket const& s, ip_address const& a, std::uint16_t port, bool to_listen) const noexcept {
    auto const [first, last] = taken_.equal_range({s.owner.id, port});
    return std::any_of(first, last, [&](auto const& t) {
        auto const& [ip, other] = t.second;
        if (other == &s || (to_listen && !other->is_listening()))
            return false;
        // ::1 and 127.0.0.1 are different families, unless the wildcard takes both.
        bool const same_family = ip.is_v4() == a.is_v4() ||
                                 (ip == ip_address{} && !other->v6_only) ||
                                 (a == ip_address{} && !s.v6_only);
        bool const same = ip == a || ((ip.is_any() || a.is_any()) && same_family);
        bool const shared = (s.reuse_port && other->reuse_port) ||
                            (s.reuse_address && other->reuse_address && !other->is_listening());
        return same && !shared;
    });
}

outcome network::ports::take(world& w, any_socket& s, endpoint& e) {
    auto const conflicts = [&](std::uint16_t port) { return is_taken(s, e.ip, port); };
    if (e.port != 0) {
        if (conflicts(e.port))
            return -EADDRINUSE;
    } else {
        std::uint64_t const first = w.random(ephemeral);
        std::uint64_t i = 0;
        for (; i < ephemeral; ++i) {
            e.port = static_cast<std::uint16_t>(first_ephemeral + (first + i) % ephemeral);
            if (!conflicts(e.port))
                break;
        }
        if (i == ephemeral) {
            e.port = 0;
            return -EADDRINUSE;
        }
    }
    taken_.insert({{s.owner.id, e.port}, {e.ip, &s}});
    return 0;
}

void network::ports::give_back(any_socket& s, endpoint const& e) noexcept {
    auto const [first, last] = taken_.equal_range({s.owner.id, e.port});
    for (auto i = first; i != last; ++i)
        if (i->second.second == &s)
            return static_cast<void>(taken_.erase(i));
}

void network::ports::change_address(any_socket& s, ip_address const& a) noexcept {
    auto const [first, last] = taken_.equal_range({s.owner.id, s.local.ip.port});
    for (auto i = first; i != last; ++i)
        if (i->second.second == &s)
            i->second.first = a;
    s.local.ip.ip = a;
}

namespace {

/// Whether what is sent to @p to is for a socket that is bound to @p bound.
bool takes(any_socket const& s, ip_address const& bound, ip_address const& to) noexcept {
    if (bound == to || (bound == ip_address{} && !to.is_v4()))
        return true;
    return to.is_v4() &&
           (bound == ip_address::v4(INADDR_ANY) || (bound == ip_address{} && !s.v6_only));
}

} // namespace

any_socket* network::ports::find(host const& h, endpoint const& e, bool listening) const noexcept {
    auto const [first, last] = taken_.equal_range({h.id, e.port});
    any_socket* best = nullptr;
    for (auto i = first; i != last; ++i) {
        auto const& [ip, s] = i->second;
        if (listening && !s->is_listening())
            continue;
        if (ip == e.ip)
            return s;
        if (takes(*s, ip, e.ip))
            best = s;
    }
    return best;
}

std::vector<any_socket*> network::ports::all(host const& h, endpoint const& e) const {
    auto const [first, last] = taken_.equal_range({h.id, e.port});
    std::vector<any_socket*> found;
    for (auto i = first; i != last; ++i)
        if (auto const& [ip, s] = i->second; takes(*s, ip, e.ip))
            found.push_back(s);
    return found;
}

} // namespace boost_selectors::simulated
