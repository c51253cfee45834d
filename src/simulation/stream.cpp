// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "stream.hpp"
#include "world.hpp"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <vector>

namespace boost_selectors::simulated {

using namespace std::chrono_literals;

namespace {

// Linux's times of TCP (tcp(7): tcp_syn_retries).
constexpr instant first_request_resend = 1s;
constexpr instant give_up_connecting = 127s;
/// No machine answers for the address (ARP).
constexpr instant unreachable_after = 3s;

} // namespace

/// One that was never given a descriptor, or was not closed, must leave no trace.
stream::~stream() {
    vanish();
    in().net.cancel(opening_);
    in().net.unbind(*this);
}

void stream::connect_pair(std::shared_ptr<stream> const& a, std::shared_ptr<stream> const& b) {
    auto const made = std::make_shared<connection>(*a, *b);
    a->connection_ = b->connection_ = made;
    b->side_ = 1;
    a->in().net.note(made);
    a->state_ = b->state_ = state::connected;
    a->remote_ = b->local;
    b->remote_ = a->local;
    a->peer_path_ = b->path;
    b->peer_path_ = a->path;
}

world& stream::in() const noexcept {
    return owner.in;
}

outcome stream::bind(sockaddr const* to, socklen_t size) {
    bool const may = domain == AF_UNIX || state_ == state::fresh ||
                     (state_ == state::failed && !connection_) ||
                     (connection_ && connection_->broken);
    return in().net.bind(*this, to, size, may);
}

outcome stream::listen(int backlog) {
    if (state_ != state::fresh && state_ != state::listening)
        return -EINVAL;
    if (!bound && domain == AF_UNIX)
        return -EINVAL;
    if (outcome const error = in().net.bind_to_any_port(*this, any_address(domain)))
        return error;
    if (domain != AF_UNIX && in().net.tcp.is_taken(*this, local.ip.ip, local.ip.port, true))
        return -EADDRINUSE;
    state_ = state::listening;
    backlog_ = static_cast<std::size_t>(std::clamp(backlog, 0, SOMAXCONN)) + 1;
    return 0;
}

outcome stream::accept(std::shared_ptr<any_socket>& accepted) {
    if (state_ != state::listening)
        return -EINVAL;
    if (accepted_.empty())
        return -EAGAIN;
    accepted = std::move(accepted_.front());
    accepted_.pop_front();
    tell_blocked();
    return 0;
}

void stream::tell_blocked() {
    for (auto const& waiting : std::exchange(blocked_, {}))
        if (auto const s = waiting.lock())
            s->change();
}

outcome stream::connect(sockaddr const* to, socklen_t size) {
    if (domain == AF_UNIX)
        return connect_locally(to, size);
    switch (state_) {
    case state::fresh:
        break;
    case state::connecting:
        return -EALREADY;
    case state::failed:
        if (connection_)
            return -EISCONN;
        return start_again();
    case state::connected:
        if (!std::exchange(just_connected_, false))
            return -EISCONN;
        if (!connection_->broken)
            return 0; // Linux says it once.
        vanish();
        return start_again();
    case state::listening:
        return -EISCONN;
    }
    auto name = read_name(domain, to, size);
    if (!name)
        return name_error(domain, to, size);
    if (outcome const error = in().net.check_family(*this, name->ip.ip))
        return error;
    remote_ = *name;
    if (remote_.ip.ip.is_any()) // This host, as Linux has it.
        remote_.ip.ip = in().net.source(owner, remote_.ip.ip, domain);
    ip_address const source = in().net.source(owner, remote_.ip.ip, domain);
    if (outcome const error = in().net.bind_to_any_port(*this, source))
        return error == -EADDRINUSE ? -EADDRNOTAVAIL : error;
    if (local.ip.ip.is_any())
        local.ip.ip = source;
    state_ = state::connecting;
    opening_.next = opening::step::request;
    opening_.attempts = 0;
    opening_.give_up = in().now() + give_up_connecting;
    send_request();
    return -EINPROGRESS;
}

/// As Linux has it: the next connect() says why the last one failed.
outcome stream::start_again() {
    state_ = state::fresh;
    reading_ended_ = writing_ended_ = false;
    if (!names_address && domain != AF_UNIX)
        local.ip.ip = any_address(domain);
    return error_ ? -take_error() : -ECONNABORTED;
}

/// The errors in Linux's order.
outcome stream::connect_locally(sockaddr const* to, socklen_t size) {
    auto const name = read_name(domain, to, size);
    if (!name)
        return name_error(domain, to, size);
    any_socket* found;
    if (outcome const error = in().net.find_path(owner, type, name->path, found))
        return error;
    auto* const at = static_cast<stream*>(found);
    if (at->state_ != state::listening)
        return -ECONNREFUSED;
    if (at->accepted_.size() >= at->backlog_) {
        if (!non_blocking)
            at->blocked_.push_back(weak_from_this());
        return -EAGAIN;
    }
    if (state_ != state::fresh)
        return state_ == state::listening ? -EINVAL : -EISCONN;
    remote_ = *name;
    auto const peer = make_peer(*at);
    at->accepted_.push_back(peer);
    at->change();
    return 0;
}

std::shared_ptr<stream> stream::make_peer(stream& at) {
    auto peer = std::make_shared<stream>(at.owner, at.domain, at.type, at.protocol);
    peer->local = at.domain == AF_UNIX ? at.local : remote_;
    *peer->path = *at.path;
    if (domain != AF_UNIX)
        peer->inherit_options(at);
    auto const self = std::static_pointer_cast<stream>(shared_from_this());
    auto const remote = remote_;
    connect_pair(self, peer);
    remote_ = remote;
    return peer;
}

/// @return false: it is lost, or there is nobody.
bool stream::send_request() {
    host* const to = in().net.find_host(owner, remote_.ip.ip);
    if (!to) {
        opening_.next = opening::step::refusal;
        in().events.add(opening_, in().now() + unreachable_after);
        return false;
    }
    auto const at =
        in().net.send({owner, *to, local.ip, remote_.ip, {}, packet::syn}, opening_.number);
    instant const again =
        in().now() + first_request_resend * (1 << std::min(opening_.attempts++, 7u));
    bool const lost = !at || in().net.is_cut(owner, *to);
    in().events.add(opening_, std::min(lost ? again : *at, opening_.give_up));
    opening_.next = lost ? opening::step::request : opening::step::answer;
    return !lost;
}

stream* stream::listener() const {
    host* const to = in().net.find_host(owner, remote_.ip.ip);
    return to ? dynamic_cast<stream*>(in().net.tcp.find(*to, remote_.ip, true)) : nullptr;
}

void stream::go_on_connecting() {
    using step = opening::step;
    host* const to = in().net.find_host(owner, remote_.ip.ip);
    if (!to) // It has no machine, which is known after a while.
        return opening_.next == step::refusal ? fail(EHOSTUNREACH)
                                              : static_cast<void>(send_request());
    if (opening_.next != step::request) {
        bool const there = opening_.next == step::answer;
        if (in().net.is_held(there ? owner : *to, there ? *to : owner, opening_)) {
            opening_.give_up = never;
            return;
        }
        if (opening_.give_up == never) // It was held.
            opening_.give_up = in().now() + give_up_connecting;
        if (in().net.is_cut(owner, *to))
            opening_.next = step::request; // The packet is lost.
    }
    if (in().now() >= opening_.give_up && opening_.next != step::acceptance)
        return fail(ETIMEDOUT);
    switch (opening_.next) {
    case step::request:
        send_request();
        return;
    case step::answer: { // The request has arrived.
        in().net.note_arrival(*to, opening_.number);
        stream* const at = listener();
        if (at && at->accepted_.size() >= at->backlog_) { // As if it were lost.
            opening_.next = step::request;
            return in().events.add(opening_, in().now() + first_request_resend);
        }
        auto const answer =
            static_cast<std::uint8_t>(packet::ack | (at ? packet::syn : packet::rst));
        auto const back =
            in().net.send({*to, owner, remote_.ip, local.ip, {}, answer, 0, 1}, opening_.number);
        opening_.next = at ? step::acceptance : step::refusal;
        if (at && !waiting_peer_) {
            waiting_peer_ = make_peer(*at);
            state_ = state::connecting;
        }
        if (!back) // It is sent again.
            opening_.next = step::answer;
        return in().events.add(opening_, back ? *back : in().now() + first_request_resend);
    }
    case step::refusal:
        in().net.note_arrival(owner, opening_.number);
        return fail(ECONNREFUSED);
    case step::acceptance: {
        in().net.note_arrival(owner, opening_.number);
        in().net.note_arrival(
            *to, in().net.note({owner, *to, local.ip, remote_.ip, {}, packet::ack, 1, 1}, false));
        state_ = state::connected;
        just_connected_ = true;
        auto const peer = std::exchange(waiting_peer_, nullptr);
        if (stream* const at = listener()) {
            at->accepted_.push_back(peer);
            at->change();
        } else {
            peer->close();
        }
        return change();
    }
    }
}

outcome stream::send(buffers from, message& m) {
    if ((m.flags & MSG_OOB) && domain == AF_UNIX)
        return -EOPNOTSUPP;
    if (domain == AF_UNIX && m.name && m.name_size && *m.name_size > 0)
        return state_ == state::connected ? -EISCONN : -EOPNOTSUPP;
    if (error_ && domain != AF_UNIX)
        return -take_error();
    switch (state_) {
    case state::connected:
        break;
    case state::connecting:
        return -EAGAIN;
    case state::failed:
        return -EPIPE;
    default:
        return connection_ || domain != AF_UNIX ? -EPIPE : -ENOTCONN; // As Linux has it.
    }
    if (writing_ended_ || outgoing().end_sent() || connection_->broken ||
        (connection_->local && !connection_->ends[1 - side_]))
        return -EPIPE;
    std::size_t const size = from.size();
    if (size == 0)
        return 0;
    if (m.flags & MSG_OOB)
        return send_urgent(from);
    std::size_t const sent =
        outgoing().send(from, in().goes_wrong(1, 4) ? 1 + in().random(size) : size);
    return sent > 0 ? static_cast<outcome>(sent) : -EAGAIN;
}

/// The last byte is the urgent one.
/// The last byte is the urgent one. If there is no room for all, the bytes before it come first.
outcome stream::send_urgent(buffers from) {
    std::vector<char> bytes;
    for (std::size_t i = 0; i < from.count; ++i) {
        auto const* const first = static_cast<char const*>(from.first[i].iov_base);
        bytes.insert(bytes.end(), first, first + from.first[i].iov_len);
    }
    bool const fits = bytes.size() <= outgoing().room();
    iovec const ordinary{bytes.data(), bytes.size() - 1};
    std::size_t const sent = outgoing().send(buffers{&ordinary, 1}, bytes.size() - 1);
    if (!fits)
        return sent > 0 ? static_cast<outcome>(sent) : -EAGAIN;
    outgoing().send_urgent(bytes.back());
    return static_cast<outcome>(bytes.size());
}

outcome stream::receive_urgent(buffers to, message& m) {
    if (state_ != state::connected)
        return -ENOTCONN;
    bool const keep = (m.flags & MSG_PEEK) != 0;
    auto const byte = keep ? incoming().urgent() : incoming().take_urgent();
    if (!byte)
        return -EINVAL;
    m.flags = MSG_OOB;
    for (std::size_t i = 0; i < to.count; ++i)
        if (to.first[i].iov_len > 0) {
            std::memcpy(to.first[i].iov_base, &*byte, 1);
            return 1;
        }
    m.flags |= MSG_TRUNC;
    return 0;
}

bool stream::at_mark() const {
    return connection_ && incoming().at_mark();
}

outcome stream::receive(buffers to, message& m) {
    if (m.flags & MSG_OOB)
        return domain == AF_UNIX ? -EOPNOTSUPP : receive_urgent(to, m);
    socklen_t name_size = m.name_size ? std::exchange(*m.name_size, 0) : 0;
    bool const keep = (m.flags & MSG_PEEK) != 0;
    m.flags = 0;
    if (state_ == state::listening || (state_ == state::fresh && !reading_ended_))
        return domain == AF_UNIX ? -EINVAL : -ENOTCONN;
    if (connection_ && incoming().arrived() > 0 && state_ != state::connecting) {
        if (domain == AF_UNIX && !peer_path_->empty()) {
            write_name(domain, {{}, *peer_path_}, m.name, &name_size);
            if (m.name_size)
                *m.name_size = name_size;
        }
        return static_cast<outcome>(incoming().read(to, keep,
            in().goes_wrong(1, 4) ? 1 + in().random(incoming().arrived()) : incoming().arrived()));
    }
    if (state_ == state::connected && incoming().ended() && domain != AF_UNIX)
        return 0; // Not the error, as Linux has it.
    if (error_)
        return -take_error();
    if (state_ == state::failed || reading_ended_)
        return 0;
    if (state_ == state::connecting)
        return -EAGAIN;
    return incoming().ended() || connection_->broken ? 0 : -EAGAIN;
}

outcome stream::shutdown(int how) {
    if (how < SHUT_RD || how > SHUT_RDWR)
        return -EINVAL;
    if (state_ == state::listening) { // Linux: it stops to listen.
        if (how == SHUT_WR)
            return 0;
        state_ = state::fresh;
        reset_waiting();
        change();
        return 0;
    }
    bool const is_connected = state_ == state::connected;
    just_connected_ = false;
    reading_ended_ = reading_ended_ || how != SHUT_WR;
    writing_ended_ = writing_ended_ || how != SHUT_RD;
    if (is_connected && how != SHUT_RD)
        outgoing().send_end();
    if (domain == AF_UNIX && is_connected && how != SHUT_WR) // The peer can't send any more.
        if (stream* const peer = connection_->ends[1 - side_]) {
            incoming().send_end();
            peer->writing_ended_ = true;
            peer->change();
        }
    change();
    return is_connected ? 0 : -ENOTCONN; // It has an effect all the same.
}

void stream::local_name(sockaddr* to, socklen_t* size) {
    socket_name name = local;
    if (local.ip.port == 0 && domain != AF_UNIX && !connection_)
        name.ip.ip = any_address(domain);
    write_name(domain, name, to, size);
}

outcome stream::peer_name(sockaddr* to, socklen_t* size) {
    if (state_ != state::connected)
        return -ENOTCONN;
    bool const has_ended = incoming().ended() && outgoing().end_sent();
    if (domain != AF_UNIX && (connection_->broken || has_ended))
        return -ENOTCONN;
    write_name(domain, domain == AF_UNIX ? socket_name{{}, *peer_path_} : remote_, to, size);
    return 0;
}

std::size_t stream::available() const {
    return connection_ && state_ != state::connecting ? incoming().arrived() : 0;
}

std::string stream::describe() const {
    std::string text = (domain == AF_UNIX ? "local " : "TCP ") + to_text(local);
    switch (state_) {
    case state::fresh:
        return text;
    case state::listening:
        return text + " listens";
    case state::connecting:
        return text + " connects to " + to_text(remote_);
    case state::connected:
        return text +
               (connection_->broken     ? " was connected to "
                   : incoming().ended() ? " has reached the end of "
                                        : " is connected to ") +
               to_text(remote_);
    case state::failed:
        break;
    }
    return text + " has failed";
}

void stream::fail(int error) {
    error_ = error;
    in().net.cancel(opening_);
    if (state_ == state::connecting)
        state_ = state::failed;
    if (!names_port && domain != AF_UNIX) // The next connect() chooses again.
        in().net.unbind(*this);
    change();
}

/// The connection is as if the peer's packets went nowhere, until this host is up again.
void stream::vanish() {
    for (auto const& waiting : accepted_)
        waiting->vanish();
    if (waiting_peer_ && connection_)
        connection_->ends[1 - side_] = nullptr;
    waiting_peer_ = nullptr;
    if (connection_)
        connection_->ends[side_] = nullptr;
    connection_ = nullptr;
    accepted_.clear();
}

/// Those that nobody has accepted.
void stream::reset_waiting() {
    for (auto const& waiting : std::exchange(accepted_, {})) {
        waiting->linger = 0;
        waiting->close();
    }
    tell_blocked(); // They are refused.
}

void stream::close() {
    in().net.cancel(opening_);
    in().net.unbind(*this);
    reset_waiting();
    if (auto const peer = std::exchange(waiting_peer_, nullptr))
        peer->close();
    if (!connection_)
        return;
    connection_->ends[side_] = nullptr;
    if (incoming().arrived() > 0 || (linger == 0 && domain != AF_UNIX)) {
        if (!connection_->broken)
            outgoing().send_reset();
    } else if (!connection_->broken) {
        outgoing().send_end();
    }
    connection_ = nullptr;
    state_ = state::failed;
}

short stream::events() const {
    int e = 0;
    if (error_)
        e |= POLLERR | POLLIN | POLLOUT;
    switch (state_) {
    case state::fresh:
        e |= POLLOUT | POLLHUP;
        if (reading_ended_)
            e |= POLLIN | POLLRDHUP;
        break;
    case state::listening:
        if (!accepted_.empty())
            e |= POLLIN;
        break;
    case state::connecting:
        break;
    case state::failed:
        e |= POLLIN | POLLOUT | POLLHUP | POLLRDHUP;
        break;
    case state::connected: {
        bool const ended = incoming().ended() || reading_ended_;
        if (connection_->local && !connection_->ends[1 - side_])
            e |= POLLHUP; // unix(7): its end closes both directions.
        if (incoming().urgent())
            e |= POLLPRI;
        if (connection_->broken)
            e |= POLLIN | POLLOUT | POLLHUP | POLLRDHUP;
        if (incoming().arrived() > 0 || ended)
            e |= POLLIN;
        if (ended)
            e |= POLLRDHUP;
        if (outgoing().end_sent() || outgoing().is_writable())
            e |= POLLOUT;
        if (ended && outgoing().end_sent())
            e |= POLLHUP;
        break;
    }
    }
    return static_cast<short>(e);
}

} // namespace boost_selectors::simulated
