// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)
#include "recording.hpp"
#include "clocks.hpp"
#include "world.hpp"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace boost_selectors::simulated {

using namespace std::chrono_literals;

namespace {

/// The length of slices for events that take no time, so that they are visible.
constexpr instant shortest{50};

chrome_trace::track track_of(thread const& t) noexcept {
    return {t.owner.id, t.id};
}

chrome_trace::track network_of(host const& h) noexcept {
    return {h.id, 0};
}

constexpr chrome_trace::track faults{0, 0};

std::string describe(packet const& p) {
    if (p.tcp & packet::syn)
        return p.tcp & packet::ack ? "SYN ACK" : "SYN";
    if (p.tcp & packet::rst)
        return "RST";
    if (p.tcp & packet::fin)
        return "FIN";
    if (p.tcp && p.content.empty())
        return "ACK";
    return std::to_string(p.content.size()) + " bytes";
}

} // namespace

recording::file::file(std::string name)
    : name_(std::move(name))
    , handle_(std::fopen(name_.c_str(), "we")) {
    if (!handle_)
        throw std::system_error(errno, std::generic_category(), "simulation: " + name_);
}

recording::file::~file() {
    bool const failed = std::ferror(handle_) != 0;
    if (std::fclose(handle_) != 0 || failed)
        std::fprintf(
            stderr, "simulation: %s is not complete: %s\n", name_.c_str(), std::strerror(errno));
}

recording::recording(std::string const& trace, std::string const& packets) {
    if (!trace.empty()) {
        trace_file_.emplace(trace);
        trace_.emplace(trace_file_->handle());
        trace_->name_process(0, "simulation");
        trace_->name_track(faults, "faults");
    }
    if (!packets.empty()) {
        packet_file_.emplace(packets);
        packets_.emplace(packet_file_->handle());
    }
}

recording::~recording() = default;

void recording::add_host(host const& h, network const& net) {
    if (trace_) {
        trace_->name_process(h.id, h.name);
        trace_->name_track(network_of(h), "network");
    }
    if (packets_)
        packets_->add_host(h, net.address_of(h, AF_INET), net.address_of(h, AF_INET6));
}

void recording::add_thread(thread const& t) {
    if (trace_)
        trace_->name_track(track_of(t), "thread " + std::to_string(t.id));
}

void recording::call(
    thread const& by, instant at, char const* what, std::int64_t handle, std::int64_t result) {
    if (!trace_)
        return;
    if (handle >= 0)
        trace_->add_slice(
            track_of(by), at, at + shortest, what, {{"socket", handle}, {"result", result}});
    else
        trace_->add_slice(track_of(by), at, at + shortest, what, {{"result", result}});
}

void recording::wait(thread const& of, instant from, instant until) {
    if (trace_ && until > from)
        trace_->add_slice(track_of(of), from, until, std::string("waits for ") + of.why);
}

void recording::fault(instant at, std::string const& what) {
    if (trace_)
        trace_->add_mark(faults, at, what);
}

std::uint64_t recording::send(packet const& p, instant at, bool lost, thread const* by) {
    if (packets_)
        packets_->add(p, epoch + at, lost);
    if (!trace_)
        return 0;
    auto const track = by ? track_of(*by) : network_of(p.from);
    auto const begin = trace_->add_slice(track, at, at + shortest,
        "sends " + describe(p) + " to " + p.to.name + (lost ? " (lost)" : ""));
    if (lost)
        return 0;
    last_sent_ = begin;
    trace_->arrow_begin(track, begin, ++sent_);
    return sent_;
}

void recording::arrive(host const& to, instant at, std::uint64_t number) {
    if (!trace_ || number == 0)
        return;
    at = std::max(at, last_sent_); // No arrow goes back in time.
    auto const begin = trace_->add_slice(network_of(to), at, at + shortest, "arrival");
    trace_->arrow_end(network_of(to), begin, number);
}

} // namespace boost_selectors::simulated
