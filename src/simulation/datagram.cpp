// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "datagram.hpp"
#include "world.hpp"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>

namespace boost_selectors::simulated {
namespace {

constexpr std::size_t most_v4 = 65507; ///< Bytes of a datagram.
constexpr std::size_t most_v6 = 65527;
constexpr std::size_t room = 212'992; ///< Linux's net.core.rmem_default.

std::vector<char> gather(buffers from) {
    std::vector<char> bytes;
    bytes.reserve(from.size());
    for (std::size_t i = 0; i < from.count; ++i) {
        auto const* const first = static_cast<char const*>(from.first[i].iov_base);
        bytes.insert(bytes.end(), first, first + from.first[i].iov_len);
    }
    return bytes;
}

} // namespace

/// On its way from host to host.
struct datagram::flight final : timed {
    flight(datagram& s, host& h, endpoint const& e, std::shared_ptr<datagram> const& m, received r,
        std::uint64_t n)
        : sender(std::static_pointer_cast<datagram>(s.shared_from_this()))
        , member(m)
        , from(s.owner)
        , to(h)
        , at(e)
        , content(std::move(r))
        , number(n) {}

    void due() override {
        std::unique_ptr<flight> self(this);
        network& net = from.in.net;
        if (net.is_held(from, to, *this))
            return static_cast<void>(self.release());
        if (net.is_cut(from, to))
            return;
        net.note_arrival(to, number);
        if (at.ip.is_multicast()) {
            if (auto const m = member.lock(); m && m->gets(at) && m->hears(content.from))
                m->arrive(std::move(content));
            return;
        }
        auto* const found = dynamic_cast<datagram*>(net.udp.find(to, at));
        if (found && found->hears(content.from))
            found->arrive(std::move(content));
        else if (auto const s = sender.lock())
            s->refuse(at);
    }
    void dropped() noexcept override { delete this; }

    std::weak_ptr<datagram> const sender;
    std::weak_ptr<datagram> const member; ///< Of the group, if it is sent to one.
    host& from;
    host& to;
    endpoint const at;
    received content;
    std::uint64_t const number; ///< Of the packet, for the recording.
};

void datagram::connect_pair(
    std::shared_ptr<datagram> const& a, std::shared_ptr<datagram> const& b) {
    a->remote_ = b->remote_ = socket_name{};
    a->set_peer(b);
    b->set_peer(a);
    a->peer_path_ = b->path;
    b->peer_path_ = a->path;
}

world& datagram::in() const noexcept {
    return owner.in;
}

outcome datagram::bind(sockaddr const* to, socklen_t size) {
    return in().net.bind(*this, to, size);
}

/// An IPv6 socket may be given an IPv4 address, too.
bool datagram::names_v4(sockaddr const* to, socklen_t size) const noexcept {
    return domain == AF_INET6 && to && size >= sizeof(sockaddr_in) && to->sa_family == AF_INET;
}

std::optional<socket_name> datagram::read_destination(sockaddr const* to, socklen_t size) const {
    return read_name(names_v4(to, size) ? AF_INET : domain, to, size);
}

outcome datagram::connect(sockaddr const* to, socklen_t size) {
    if (to && size >= sizeof(sa_family_t) && to->sa_family == AF_UNSPEC) {
        disconnect();
        if (domain != AF_UNIX && bound && !names_address)
            in().net.udp.change_address(*this, any_address(domain));
        return 0;
    }
    if (domain != AF_UNIX && in().net.bind_to_any_port(*this, any_address(domain)) != 0)
        return -EAGAIN;
    if (names_v4(to, size) && v6_only)
        return -EAFNOSUPPORT;
    auto name = read_destination(to, size);
    if (!name)
        return name_error(domain, to, size);
    if (domain == AF_UNIX) {
        std::shared_ptr<datagram> found;
        if (outcome const error = find_local(name->path, found))
            return error;
        if (remote_ && peer_.lock() != found)
            disconnect();
        set_peer(found);
        peer_path_ = found->path;
    } else {
        if (name->ip.ip.is_any())
            name->ip.ip = in().net.source(owner, name->ip.ip, domain);
        if (outcome const error = in().net.check_family(*this, name->ip.ip))
            return error;
        if (!name->ip.ip.is_multicast() && !in().net.find_host(owner, name->ip.ip))
            return -ENETUNREACH;
        if (local.ip.ip.is_any()) // The first connection determines it.
            in().net.udp.change_address(*this, in().net.source(owner, name->ip.ip, domain));
    }
    remote_ = *name;
    return 0;
}

// The errors in Linux's order.
outcome datagram::send(buffers from, message& m) {
    if (domain != AF_UNIX) {
        if (in().net.bind_to_any_port(*this, any_address(domain)) != 0)
            return -EAGAIN;
        if (from.size() > (domain == AF_INET ? most_v4 : most_v6))
            return -EMSGSIZE;
    }
    std::optional<socket_name> to = domain == AF_UNIX ? std::nullopt : remote_;
    if (m.name && m.name_size && *m.name_size > 0) {
        if (names_v4(m.name, *m.name_size) && v6_only)
            return -ENETUNREACH;
        to = read_destination(m.name, *m.name_size);
        if (!to)
            return name_error(domain, m.name, *m.name_size);
    }
    if (domain != AF_UNIX && !to)
        return -EDESTADDRREQ;
    if (domain != AF_UNIX && to->ip.port == 0)
        return -EINVAL;
    if (error_)
        return -take_error();
    if (writing_ended_)
        return -EPIPE;
    if (domain == AF_UNIX)
        return send_locally(gather(from), to);
    if (to->ip.ip.is_any())
        to->ip.ip = in().net.source(owner, to->ip.ip, domain);
    if (outcome const error = in().net.check_family(*this, to->ip.ip))
        return error;
    bool const group = to->ip.ip.is_multicast();
    host* const at = group ? nullptr : in().net.find_host(owner, to->ip.ip);
    if (!group && !at)
        return -ENETUNREACH;
    socket_name source = local;
    if (source.ip.ip.is_any())
        source.ip.ip = in().net.source(owner, to->ip.ip, domain);
    received const r{std::move(source), gather(from), nullptr};
    if (group)
        fly_to_group(r, to->ip);
    else
        fly(r, *at, to->ip);
    return static_cast<outcome>(from.size());
}

void datagram::fly_to_group(received const& r, endpoint const& at) {
    bool const loops_back = domain == AF_INET ? is_on(IPPROTO_IP, IP_MULTICAST_LOOP)
                                              : is_on(IPPROTO_IPV6, IPV6_MULTICAST_LOOP);
    for (auto const& h : in().hosts()) {
        if (!in().net.members.contains({at.ip, h->id}) || (h.get() == &owner && !loops_back))
            continue;
        for (any_socket* const s : in().net.udp.all(*h, at))
            if (static_cast<datagram*>(s)->gets(at))
                fly(r, *h, at, std::static_pointer_cast<datagram>(s->shared_from_this()));
    }
}

/// Whether what is sent to the endpoint, of a group, is for it, when it has the port: it may have
/// joined the group, or another socket of its host has.
bool datagram::gets(endpoint const& of_group) const {
    if (!bound || descriptors == 0 || local.ip.port != of_group.port)
        return false;
    if (groups_.contains(of_group.ip))
        return true;
    return in().net.members.contains({of_group.ip, owner.id}) &&
           (of_group.ip.is_v4() ? is_on(IPPROTO_IP, IP_MULTICAST_ALL)
                                : is_on(IPPROTO_IPV6, IPV6_MULTICAST_ALL));
}

bool datagram::is_on(int level, int name) const {
    auto const found = options.find({level, name});
    return found == options.end() ||
           std::ranges::any_of(found->second, [](char byte) { return byte != 0; });
}

outcome datagram::join(ip_address const& group) {
    if (!groups_.insert(group).second)
        return -EADDRINUSE;
    ++in().net.members[{group, owner.id}];
    return 0;
}

outcome datagram::leave(ip_address const& group) {
    if (groups_.erase(group) == 0)
        return -EADDRNOTAVAIL;
    auto const members = in().net.members.find({group, owner.id});
    if (--members->second == 0)
        in().net.members.erase(members);
    return 0;
}

void datagram::fly(
    received const& r, host& to, endpoint const& at, std::shared_ptr<datagram> const& member) {
    network& net = in().net;
    packet const p{owner, to, r.from.ip, at, {r.bytes.data(), r.bytes.size()}};
    bool const twice = &owner != &to && net.happens(net.between(owner, to).duplication);
    for (int i = 0; i < 1 + twice; ++i) {
        std::uint64_t number;
        auto const arrival = net.send(p, number);
        if (!arrival)
            continue;
        auto& f = *new flight(*this, to, at, member, r, number);
        if (*arrival > in().now())
            in().events.add(f, *arrival);
        else
            f.due();
    }
}

void datagram::set_peer(std::shared_ptr<datagram> const& p) {
    if (auto const old = peer_.lock())
        std::erase_if(old->connected_, [&](auto const& s) { return s.lock().get() == this; });
    peer_ = p;
    if (p)
        p->connected_.push_back(weak_from_this());
    change(); // The old one may have been full.
}

bool datagram::is_full() const noexcept {
    return received_bytes_ >= room;
}

void datagram::lose_received() {
    bool const was_full = is_full();
    received_.clear();
    received_bytes_ = 0;
    if (was_full)
        tell_senders();
}

void datagram::tell_senders() {
    auto senders = std::exchange(blocked_, {});
    senders.insert(senders.end(), connected_.begin(), connected_.end());
    for (auto const& waiting : senders)
        if (auto const sender = waiting.lock())
            sender->change();
}

/// As Linux has it: what a local socket has received is lost, of which the peer is told.
void datagram::disconnect() {
    if (!std::exchange(remote_, std::nullopt) || domain != AF_UNIX)
        return;
    bool const lost = !received_.empty();
    auto const peer = peer_.lock();
    set_peer(nullptr);
    lose_received();
    if (lost && peer && peer->descriptors > 0 && peer->remote_ &&
        peer->peer_.lock().get() == this) {
        peer->error_ = ECONNRESET;
        peer->change();
    }
}

/// A local socket that is connected takes datagrams from its peer only.
bool datagram::takes_from(datagram const& sender) const noexcept {
    return !remote_ || peer_.lock().get() == &sender;
}

outcome datagram::find_local(std::string const& p, std::shared_ptr<datagram>& found) const {
    any_socket* s;
    if (outcome const error = in().net.find_path(owner, type, p, s))
        return error;
    found = std::static_pointer_cast<datagram>(s->shared_from_this());
    return found->takes_from(*this) ? 0 : -EPERM;
}

outcome datagram::send_locally(std::vector<char> bytes, std::optional<socket_name> const& to) {
    if (bytes.size() > room)
        return -EMSGSIZE;
    std::shared_ptr<datagram> at;
    if (to) {
        if (outcome const error = find_local(to->path, at))
            return error;
    } else {
        if (!remote_)
            return -ENOTCONN;
        at = peer_.lock();
        if (!at || at->descriptors == 0) { // It is closed, which is told once.
            disconnect();
            return -ECONNREFUSED;
        }
        if (!at->takes_from(*this))
            return -EPERM;
    }
    if (at->reading_ended_)
        return -EPIPE;
    if (at->is_full()) {
        auto const is_this = [&](auto const& s) { return s.lock().get() == this; };
        if (peer_.lock() != at && std::ranges::none_of(at->blocked_, is_this))
            at->blocked_.push_back(weak_from_this());
        return -EAGAIN;
    }
    auto const size = static_cast<outcome>(bytes.size());
    at->arrive({{}, std::move(bytes), path});
    return size;
}

/// One that is connected hears its peer only.
bool datagram::hears(socket_name const& from) const noexcept {
    return !remote_ || remote_->ip == from.ip;
}

void datagram::arrive(received r) {
    if (domain != AF_UNIX && received_bytes_ + r.bytes.size() > room)
        return;
    received_bytes_ += r.bytes.size();
    received_.push_back(std::move(r));
    change();
}

/// ICMP says that nobody listens. Sockets that are connected to it are told.
void datagram::refuse(endpoint const& to) {
    if (!remote_ || remote_->ip != to)
        return;
    error_ = ECONNREFUSED;
    change();
}

outcome datagram::receive(buffers to, message& m) {
    socklen_t name_size = m.name_size ? std::exchange(*m.name_size, 0) : 0;
    if (error_)
        return -take_error();
    if (received_.empty()) {
        bool const waits = !non_blocking && !(std::exchange(m.flags, 0) & MSG_DONTWAIT);
        return reading_ended_ && waits ? 0 : -EAGAIN; // As Linux has it.
    }
    received& r = received_.front();
    std::size_t copied = 0;
    for (std::size_t i = 0; i < to.count && copied < r.bytes.size(); ++i) {
        std::size_t const n = std::min(to.first[i].iov_len, r.bytes.size() - copied);
        std::memcpy(to.first[i].iov_base, r.bytes.data() + copied, n);
        copied += n;
    }
    if (domain == AF_UNIX && r.path)
        r.from.path = *r.path;
    if (domain != AF_UNIX || !r.from.path.empty())
        write_name(domain, r.from, m.name, &name_size);
    else
        name_size = 0;
    if (m.name_size)
        *m.name_size = name_size;
    std::size_t const size = r.bytes.size();
    int const wanted = m.flags;
    m.flags = copied < size ? MSG_TRUNC : 0;
    if (!(wanted & MSG_PEEK)) {
        bool const was_full = is_full();
        received_bytes_ -= size;
        received_.pop_front();
        if (was_full && !is_full())
            tell_senders();
    }
    return static_cast<outcome>(wanted & MSG_TRUNC ? size : copied);
}

outcome datagram::shutdown(int how) {
    if (how < SHUT_RD || how > SHUT_RDWR)
        return -EINVAL;
    reading_ended_ = reading_ended_ || how != SHUT_WR;
    writing_ended_ = writing_ended_ || how != SHUT_RD;
    change();
    return remote_ ? 0 : -ENOTCONN; // It has an effect all the same.
}

void datagram::local_name(sockaddr* to, socklen_t* size) {
    socket_name name = local;
    if (local.ip.port == 0 && domain != AF_UNIX)
        name.ip.ip = any_address(domain);
    write_name(domain, name, to, size);
}

outcome datagram::peer_name(sockaddr* to, socklen_t* size) {
    if (!remote_)
        return -ENOTCONN;
    write_name(domain, domain == AF_UNIX ? socket_name{{}, *peer_path_} : *remote_, to, size);
    return 0;
}

std::size_t datagram::available() const {
    return received_.empty() ? 0 : received_.front().bytes.size();
}

std::string datagram::describe() const {
    std::string text = (domain == AF_UNIX ? "local datagrams " : "UDP ") + to_text(local);
    return remote_ ? text + " is connected to " + to_text(*remote_) : text;
}

void datagram::close() {
    in().net.unbind(*this);
    while (!groups_.empty())
        leave(ip_address(*groups_.begin()));
    set_peer(nullptr);
    lose_received(); // Who sends to it is refused.
}

short datagram::events() const {
    int e = POLLOUT;
    if (domain == AF_UNIX)
        if (auto const peer = peer_.lock(); peer && peer->is_full())
            e = 0;
    if (error_)
        e |= POLLERR;
    if (!received_.empty() || reading_ended_)
        e |= POLLIN;
    if (reading_ended_)
        e |= POLLRDHUP;
    if (reading_ended_ && writing_ended_)
        e |= POLLHUP;
    return static_cast<short>(e);
}

} // namespace boost_selectors::simulated
