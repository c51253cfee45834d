// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The ends of hosts, and their new beginnings.

#include "world.hpp"
#include <algorithm>
#include <cstdio>

namespace boost_selectors::simulated {

/// Takes the thread out of the world: it never gets the baton again.
void world::stop(thread& t) noexcept {
    if (recorded && t.list && t.list != &ready_)
        recorded->wait(t, t.since, now_);
    end_wait(t);
    on_real_handles_ -= !t.real_handles.empty();
    t.dead = true;
}

void world::end_host(host& h, bool peers_are_told) {
    note_fault(peers_are_told ? event_name("host ends") : event_name("host loses its power"), &h);
    for (auto const& t : threads_) {
        if (&t->owner != &h || t->finished || t->dead)
            continue;
        if (std::exchange(t->program, false))
            program_ended();
        if (t->locks > 0)
            t->doomed = true; // Another host, or the test, may want what it holds.
        else if (t.get() != me)
            stop(*t);
    }
    net.end_host(h, peers_are_told);
    h.up = h.up && peers_are_told; // A crashed host stays without power.
    h.descriptors = 0;
    h.pending_signals = 0;
}

void world::restart_host(host& h) {
    if (h.up && std::ranges::any_of(threads_,
                    [&](auto const& t) { return &t->owner == &h && !t->finished && !t->dead; }))
        end_host(h, true);
    note_fault("host restarts", &h);
    h.up = true;
    auto const programs = std::exchange(h.programs, {});
    for (auto const& p : programs)
        start(h, p.function, p.awaited);
}

/// exit() ends the host of the thread that calls it, and not the test.
void world::exit_host(int status) {
    note("exit", -1, status);
    std::string const text =
        "simulation: host \"" + me->owner.name + "\" called exit(" + std::to_string(status) + ')';
    std::fprintf(stderr, "%s\n", text.c_str());
    if (status != 0)
        fail_with(std::make_exception_ptr(
            simulation_error(text + " (seed " + std::to_string(wanted.seed) + ')')));
    leave_host();
}

/// Ends the host of the calling thread.
void world::leave_host() {
    end_host(me->owner, true);
    leave();
}

void world::leave() {
    thread& self = *me;
    self.dead = true;
    thread* const next = pick();
    running_.store(next, std::memory_order_relaxed);
    if (next)
        next->turn.give();
    else
        runner_.give();
    park();
}

} // namespace boost_selectors::simulated
