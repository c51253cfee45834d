// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "clocks.hpp"
#include "libcrypto.hpp"
#include "selector.hpp"
#include "world.hpp"
#include <arpa/inet.h>
#include <boost_selectors/make_selector.hpp>
#include <boost_selectors/simulation.hpp>
#include <dlfcn.h>

namespace boost_selectors {

using namespace simulated;

namespace {

/// Above all others, which do not know virtual time.
constexpr int preference = 1000;

void register_once() {
    static bool const done = [] {
        register_selector("simulation", &simulated::make_backend, preference);
        return true;
    }();
    static_cast<void>(done);
}

} // namespace

void simulated_host::run(std::function<void()> program) {
    host_->in.start(*host_, std::move(program), true);
}

void simulated_host::service(std::function<void()> program) {
    host_->in.start(*host_, std::move(program), false);
}

void simulated_host::kill() {
    end(true);
}

void simulated_host::crash() {
    end(false);
}

void simulated_host::restart() {
    check_programs();
    host_->in.restart_host(*host_);
    if (me && &me->owner == host_)
        host_->in.leave();
}

void simulated_host::end(bool peers_are_told) {
    check_programs();
    host_->in.end_host(*host_, peers_are_told);
    if (me && &me->owner == host_)
        host_->in.leave();
}

void simulated_host::check_programs() const {
    if (host_->programs.empty())
        throw std::logic_error("simulated_host: \"" + host_->name + "\" has never had a program");
}

void simulated_host::signal(int number) {
    if (number < 1 || number > SIGRTMAX || (number > SIGSYS && number < SIGRTMIN))
        throw std::invalid_argument("simulated_host::signal: there is no such signal");
    check_programs();
    host_->in.note_fault("host gets a signal", host_);
    host_->in.send_signal(*host_, number);
}

void simulated_host::descriptor_limit(std::size_t most) {
    host_->most_descriptors = most;
}

void simulated_host::jump_clock(std::chrono::nanoseconds by) {
    host_->in.note_fault("clock is set", host_);
    host_->clock.system_offset += by;
}

void simulated_host::clock_rate(double rate) {
    if (!(rate > 0))
        throw std::invalid_argument("simulated_host::clock_rate: the rate is not above 0");
    host_->in.note_fault("clock changes its rate", host_);
    host_->clock.set_rate(rate, host_->in.now());
}

std::string_view simulated_host::name() const noexcept {
    return host_->name;
}

simulated_link& simulated_link::latency(std::chrono::nanoseconds time) {
    return latency(time, time);
}

simulated_link& simulated_link::latency(
    std::chrono::nanoseconds least, std::chrono::nanoseconds most) {
    if (least < least.zero() || most < least)
        throw std::invalid_argument(
            "simulated_link::latency: it is negative, or the least is above the most");
    link_->least_latency = least;
    link_->most_latency = most;
    return *this;
}

simulated_link& simulated_link::loss(double probability) {
    if (!(probability >= 0 && probability <= 1))
        throw std::invalid_argument("simulated_link::loss: the probability is not from 0 to 1");
    link_->loss = probability;
    return *this;
}

simulated_link& simulated_link::duplication(double probability) {
    if (!(probability >= 0 && probability <= 1))
        throw std::invalid_argument(
            "simulated_link::duplication: the probability is not from 0 to 1");
    link_->duplication = probability;
    return *this;
}

simulated_link& simulated_link::reset() {
    world_->note_fault("link is reset", link_->ends[0], link_->ends[1]);
    world_->net.reset(*link_->ends[0], *link_->ends[1]);
    return *this;
}

simulated_link& simulated_link::hold() {
    world_->note_fault("link is held", link_->ends[0], link_->ends[1]);
    link_->held = true;
    return *this;
}

simulated_link& simulated_link::release() {
    world_->note_fault("link is released", link_->ends[0], link_->ends[1]);
    world_->net.release(*link_);
    return *this;
}

simulated_link& simulated_link::bandwidth(std::uint64_t bytes_per_second) {
    link_->bandwidth = bytes_per_second;
    return *this;
}

simulated_link& simulated_link::cut() {
    world_->note_fault("link is cut", link_->ends[0], link_->ends[1]);
    link_->cut = true;
    return *this;
}

simulated_link& simulated_link::repair() {
    world_->note_fault("link is repaired", link_->ends[0], link_->ends[1]);
    link_->cut = false;
    return *this;
}

std::string simulation::find_fault(program_functions const& program) {
    if (current)
        return "simulation: there is one already, and a process has one at a time";
    if (::dlsym(RTLD_DEFAULT, "__tsan_init"))
        return "simulation: it does not work with ThreadSanitizer";
    if (auto const foreign = find_foreign_function(); foreign.name)
        return std::string("simulation: ") + foreign.name +
               "() of this program is not the simulation's, but in " + foreign.file +
               ". The program itself must link boost_selectors::simulation, before other libraries "
               "that define such functions.";
    if (program.unwind != &::_Unwind_RaiseException &&
        program.read_clock != &std::chrono::steady_clock::now)
        return "simulation: this program has a C++ library and an unwinder of its own, so that "
               "exceptions can't pass between it and the simulation. Link it without "
               "-static-libgcc.";
    clock_was_read = false;
    program.read_clock();
    if (!clock_was_read)
        return "simulation: std::chrono::steady_clock of this program does not call the "
               "simulation's clock_gettime(), but one that is hidden in the program. It must not "
               "define it, and must link the C library as a shared library.";
    return {};
}

void simulation::refuse(std::string const& fault) {
    if (!fault.empty())
        throw simulation_error(fault);
}

void simulation::begin(options o) {
    for (auto const& [file, variable] :
        {std::pair(&o.trace_file, trace_variable), std::pair(&o.packet_file, packets_variable)})
        if (char const* const name = std::getenv(variable); name && file->empty())
            *file = name;
    register_once();
    seed_libcrypto();
    world_ = new world(o);
    current = world_;
}

// The threads that have not ended stay where they are, and need what they are in: the world is not
// destroyed.
simulation::~simulation() {
    current = nullptr;
    world_->end();
}

simulated_host simulation::host(std::string_view name) {
    in6_addr address;
    std::string const text(name);
    if (name.empty() || name == "localhost" || ::inet_pton(AF_INET, text.c_str(), &address) == 1 ||
        ::inet_pton(AF_INET6, text.c_str(), &address) == 1)
        throw std::invalid_argument("simulation::host: \"" + text + "\" is no name for a host");
    simulated::host& h = world_->find_or_add_host(name);
    h.named = true;
    return simulated_host(h);
}

simulated_link simulation::link(std::string_view a, std::string_view b) {
    auto& first = world_->find_or_add_host(a);
    auto& second = world_->find_or_add_host(b);
    return simulated_link(*world_, world_->net.between(first, second));
}

void simulation::partition(std::vector<std::string> const& a, std::vector<std::string> const& b) {
    for (std::string const& one : a)
        for (std::string const& other : b)
            if (one != other)
                link(one, other).cut();
}

void simulation::repair() {
    world_->note_fault("links are repaired", nullptr);
    world_->net.repair();
}

void simulation::chaos(int level) {
    if (level < 0 || level > 3)
        throw std::invalid_argument("simulation::chaos: there is no such level");
    world_->set_chaos(level);
}

void simulation::every(std::chrono::nanoseconds period, std::function<void()> f) {
    if (period <= period.zero())
        throw std::invalid_argument("simulation::every: the period is not above 0");
    world_->every(period, std::move(f));
}

void simulation::run() {
    world_->run(never);
}

bool simulation::run_for(std::chrono::nanoseconds time) {
    return world_->run(world_->after(time));
}

void simulation::at(std::chrono::nanoseconds time, std::function<void()> f) {
    world_->at(time, std::move(f));
}

std::chrono::nanoseconds simulation::now() const noexcept {
    return world_->now();
}

std::uint64_t simulation::trace_hash() const noexcept {
    return world_->log.hash();
}

} // namespace boost_selectors
