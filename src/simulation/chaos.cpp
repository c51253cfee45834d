// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "chaos.hpp"
#include <algorithm>

namespace boost_selectors::simulated {

using namespace std::chrono_literals;

void world::chaos::due() {
    if (broken) {
        in.note_fault("link is mended", broken->ends[0], broken->ends[1]);
        mend();
    } else {
        go_wrong();
    }
    plan(broken ? 30s : 5s);
}

void world::chaos::mend() {
    if (!broken)
        return;
    broken->chance = {};
    broken = nullptr;
}

void world::chaos::plan(std::chrono::nanoseconds longest) {
    in.events.add(*this, in.now_ + instant(in.random(static_cast<std::uint64_t>(longest.count()))));
}

void world::chaos::go_wrong() {
    auto const& hosts = in.hosts_;
    if (hosts.empty())
        return;
    host& a = *hosts[in.random(hosts.size())];
    host& b = *hosts[in.random(hosts.size())];
    auto const kind = in.random(in.chaos_level_ >= 3 ? 5 : 3);
    link& way = in.net.between(a, b);
    if (kind < 3) {
        if (&a == &b)
            return;
        broken = &way;
    }
    switch (kind) {
    case 0:
        in.note_fault("link is cut by chance", &a, &b);
        way.chance.cut = true;
        break;
    case 1:
        in.note_fault("link loses packets by chance", &a, &b);
        way.chance.loss = 0.2;
        break;
    case 2:
        in.note_fault("link is slow by chance", &a, &b);
        way.chance.least_latency = 50ms;
        way.chance.most_latency = 2s;
        break;
    case 3:
        in.note_fault("link is reset by chance", &a, &b);
        in.net.reset(a, b);
        break;
    default:
        in.note_fault("clock is set by chance", &a);
        a.clock.system_offset += instant(in.random(7'200'000'000'000)) - 1h;
        break;
    }
}

bool world::chaos_is_due() const noexcept {
    return chaos_ && chaos_->when() != never;
}

void world::set_chaos(int level) {
    chaos_level_ = level;
    if (!chaos_)
        chaos_ = std::make_unique<chaos>(*this);
    if (level >= 2) {
        if (chaos_->when() == never)
            chaos_->plan(5s);
    } else {
        chaos_->mend();
        events.cancel(*chaos_);
    }
}

} // namespace boost_selectors::simulated
