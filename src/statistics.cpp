// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost_selectors/context_statistics.hpp>

namespace boost_selectors {

selector_statistics& selector_statistics::operator-=(selector_statistics const& earlier) noexcept {
    waits -= earlier.waits;
    polls -= earlier.polls;
    empty_waits -= earlier.empty_waits;
    ready_events -= earlier.ready_events;
    stale_events -= earlier.stale_events;
    registrations -= earlier.registrations;
    modifications -= earlier.modifications;
    unregistrations -= earlier.unregistrations;
    wakeups_sent -= earlier.wakeups_sent;
    wakeups_spared -= earlier.wakeups_spared;
    return *this;
}

context_statistics& context_statistics::operator-=(context_statistics const& earlier) noexcept {
    selector_statistics::operator-=(earlier);
    speculations -= earlier.speculations;
    speculation_hits -= earlier.speculation_hits;
    waiting -= earlier.waiting;
    working -= earlier.working;
    lag -= earlier.lag;
    timer_lateness -= earlier.timer_lateness;
    ready -= earlier.ready;
    return *this;
}

} // namespace boost_selectors
