// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "ended.hpp"
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <limits>

namespace boost_selectors::simulated {

std::string ended_simulations::describe(trace::record const& r) const {
    auto const name_of = [&](std::int64_t host) {
        return host <= static_cast<std::int64_t>(hosts_.size())
                   ? hosts_[static_cast<std::size_t>(host - 1)]
                   : "host " + std::to_string(host);
    };
    std::string line = describe(r.at);
    if (r.thread == 0) { // A fault.
        line += r.what;
        if (r.host > 0)
            line += ": " + name_of(r.host);
        if (r.host > 0 && r.result > 0)
            line += " - " + name_of(r.result);
        return line;
    }
    line += name_of(r.host) + ", thread " + std::to_string(r.thread) + ": " + r.what;
    if (r.handle >= 0)
        line += "(socket " + std::to_string(r.handle) + ")";
    line += " = ";
#if __GLIBC_PREREQ(2, 32)
    if (char const* const error =
            r.result < 0 ? ::strerrorname_np(static_cast<int>(-r.result)) : nullptr)
        return line + '-' + error;
#endif
    return line + std::to_string(r.result);
}

std::string ended_simulations::describe(instant at) {
    char text[50];
    std::snprintf(text, sizeof(text), "%.9f s  ", std::chrono::duration<double>(at).count());
    return text;
}

ended_simulations& ended_simulations::instance() {
    static auto& it = *new ended_simulations;
    return it;
}

void ended_simulations::add(trace const& t, instant time, std::vector<std::string> hosts) {
    hosts_ = std::move(hosts);
    hash_ = hash_ * 31 + t.hash();
    time_ += time;
    faults_ = t.faults();
    if (!all_)
        records_.clear();
    t.for_each_kept([this](trace::record const& r) { records_.push_back(r); });
}

std::string ended_simulations::last_records() const {
    constexpr std::size_t most = 50;
    std::string text;
    auto const append = [&](char const* title, std::vector<trace::record> const& all) {
        if (!all.empty())
            text += title;
        for (std::size_t i = all.size() - std::min(most, all.size()); i < all.size(); ++i)
            text += "    " + describe(all[i]) + '\n';
    };
    append("  the last faults:\n", faults_);
    append("  the last calls:\n", records_);
    return text;
}

} // namespace boost_selectors::simulated
