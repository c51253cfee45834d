// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "channel.hpp"
#include "stream.hpp"
#include "world.hpp"
#include <algorithm>
#include <cerrno>
#include <cstring>

namespace boost_selectors::simulated {

using namespace std::chrono_literals;

namespace {

/// Sent, not yet read: the sender's and the receiver's buffer together.
constexpr std::size_t window = 262'144;

// Linux's times of TCP (tcp(7): tcp_retries2).
constexpr instant first_resend = 200ms;
constexpr instant longest_resend = 120s;
constexpr instant give_up_sending = 924s;

} // namespace

bool channel::is_writable() const noexcept {
    return room() >= window / 3;
}

std::size_t channel::room() const noexcept {
    std::size_t const used = bytes_.size() - begin_;
    return used < window ? window - used : 0;
}

std::size_t channel::send(buffers from, std::size_t most) {
    std::size_t left = std::min(room(), most);
    std::size_t const sent = left;
    for (std::size_t i = 0; left > 0; ++i) {
        std::size_t const n = std::min(left, from.first[i].iov_len);
        bytes_.append(static_cast<char const*>(from.first[i].iov_base), n);
        left -= n;
    }
    if (sent > 0)
        send(kind::data, sent);
    return sent;
}

void channel::send_urgent(char byte) {
    send(kind::urgent, 0, byte);
}

void channel::send_end() {
    if (!std::exchange(end_sent_, true))
        send(kind::end, 0);
}

void channel::send_reset() {
    send(kind::reset, 0);
}

void channel::send(kind what, std::size_t size, char byte) {
    segment s{what, size, byte, next_sequence_};
    if (of_.local)
        return arrive(s);
    next_sequence_ +=
        static_cast<std::uint32_t>(size) + (what == kind::urgent || what == kind::end);
    network& net = of_.in.net;
    auto const at = net.send(packet_of(s, bytes_.size() - size), s.number);
    s.lost = !at;
    s.at = at ? *at : of_.in.now() + first_resend;
    if (!transit_.empty())
        s.at = std::max(s.at, transit_.back().at);
    transit_.push_back(s);
    if (transit_.size() > 1)
        return;
    of_.alive[to_] = of_.shared_from_this();
    if (s.at > of_.in.now())
        of_.in.events.add(*this, s.at);
    else
        due();
}

packet channel::packet_of(segment const& s, std::size_t begin) const {
    auto const tcp = [&]() -> int {
        switch (s.what) {
        case kind::data:
            return packet::ack | packet::psh;
        case kind::urgent:
            return packet::ack | packet::psh | packet::urg;
        case kind::end:
            return packet::ack | packet::fin;
        case kind::reset:
            break;
        }
        return packet::ack | packet::rst;
    }();
    auto const content = s.what == kind::urgent ? std::string_view(&s.byte, 1)
                                                : std::string_view(bytes_).substr(begin, s.size);
    return {*of_.hosts[1 - to_], *of_.hosts[to_], of_.names[1 - to_], of_.names[to_], content,
        static_cast<std::uint8_t>(tcp), s.sequence, of_.ways[1 - to_].acknowledged_};
}

/// Those that are due arrive, unless the link is cut: then they are sent again, less and less often.
void channel::due() {
    auto const keep = of_.shared_from_this();
    world& in = of_.in;
    if (of_.broken) {
        transit_.clear();
        of_.alive[to_] = nullptr;
        return;
    }
    if (in.net.is_held(*of_.hosts[1 - to_], *of_.hosts[to_], *this))
        return;
    if (in.net.is_cut(*of_.hosts[1 - to_], *of_.hosts[to_])) {
        if (given_up_ == never)
            given_up_ = in.now() + give_up_sending;
        if (in.now() >= given_up_) {
            transit_.clear();
            of_.alive[to_] = nullptr;
            return of_.fail(ETIMEDOUT);
        }
        if (transit_.front().lost) // The first time, it was recorded when it was sent.
            in.net.note(packet_of(transit_.front(), begin_ + arrived_), true);
        for (segment& s : transit_)
            s.lost |= s.at <= in.now();
        instant const delay =
            std::min(first_resend * (1 << std::min(attempts_++, 16u)), longest_resend);
        return in.events.add(*this, std::min(in.now() + delay, given_up_));
    }
    attempts_ = 0;
    given_up_ = never;
    while (!transit_.empty() && transit_.front().at <= in.now()) {
        segment s = transit_.front();
        transit_.pop_front();
        if (s.lost)
            s.number = in.net.note(packet_of(s, begin_ + arrived_), false);
        in.net.note_arrival(*of_.hosts[to_], s.number);
        arrive(s);
    }
    if (transit_.empty())
        of_.alive[to_] = nullptr;
    else
        in.events.add(*this, transit_.front().at);
}

void channel::dropped() noexcept {
    of_.alive[to_] = nullptr;
}

void channel::arrive(segment const& s) {
    acknowledged_ +=
        static_cast<std::uint32_t>(s.size) + (s.what == kind::urgent || s.what == kind::end);
    stream* const at = of_.ends[to_];
    switch (s.what) {
    case kind::data:
        arrived_ += s.size;
        if (!at)
            of_.ways[1 - to_].send_reset(); // Nobody will read it.
        break;
    case kind::urgent:
        urgent_ = s.byte;
        marked_ = true;
        before_mark_ = arrived_;
        break;
    case kind::end:
        ended_ = true;
        break;
    case kind::reset:
        reset_ = true;
        of_.broken = true;
        if (at)
            // tcp(7): EPIPE if the end has arrived before.
            return at->fail(
                !of_.local && ended_ && !of_.ways[1 - to_].end_sent() ? EPIPE : ECONNRESET);
        break;
    }
    if (at)
        at->change();
}

std::size_t channel::read(buffers to, bool keep, std::size_t most) noexcept {
    if (before_mark_ > 0)
        most = std::min(most, before_mark_); // It stops at the mark.
    std::size_t read = 0;
    for (std::size_t i = 0; i < to.count && read < most; ++i) {
        std::size_t const n = std::min(to.first[i].iov_len, most - read);
        std::memcpy(to.first[i].iov_base, bytes_.data() + begin_ + read, n);
        read += n;
    }
    if (keep)
        return read;
    bool const was_writable = is_writable();
    begin_ += read;
    arrived_ -= read;
    if (before_mark_ > 0)
        before_mark_ -= read;
    else if (read > 0)
        marked_ = false;
    if (begin_ == bytes_.size() || begin_ > window) {
        bytes_.erase(0, begin_);
        begin_ = 0;
    }
    if (stream* const sender = of_.ends[1 - to_]; sender && !was_writable && is_writable())
        sender->change();
    return read;
}

connection::connection(stream& a, stream& b)
    : in(a.owner.in)
    , hosts{&a.owner, &b.owner}
    , ends{&a, &b}
    , names{a.local.ip, b.local.ip}
    , ways{channel(*this, 0), channel(*this, 1)}
    , local(a.domain == AF_UNIX) {}

void connection::fail(int error) {
    broken = true;
    for (stream* const s : ends)
        if (s)
            s->fail(error);
}

} // namespace boost_selectors::simulated
