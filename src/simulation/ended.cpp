// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "ended.hpp"
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>

namespace boost_selectors::simulated {

std::string ended_simulations::describe(trace::record const& r) const {
    char time[50];
    std::snprintf(time, sizeof(time), "%.9f s  ", std::chrono::duration<double>(r.at).count());
    std::string line = time;
    if (r.host > 0)
        line += r.host <= hosts_.size() ? hosts_[r.host - 1] : "host " + std::to_string(r.host);
    if (r.thread > 0)
        line += ", thread " + std::to_string(r.thread);
    line += std::string(r.host > 0 ? ": " : "") + r.what;
    if (r.handle >= 0)
        line += "  socket " + std::to_string(r.handle);
    return line + "  " + std::to_string(r.result);
}

ended_simulations& ended_simulations::instance() {
    static auto& it = *new ended_simulations;
    return it;
}

void ended_simulations::add(trace const& t, instant time, std::vector<std::string> hosts) {
    hosts_ = std::move(hosts);
    hash_ = hash_ * 31 + t.hash();
    time_ += time;
    if (!all_)
        records_.clear();
    t.for_each_kept([this](trace::record const& r) { records_.push_back(r); });
}

std::string ended_simulations::last_records() const {
    constexpr std::size_t most = 50;
    std::string text = records_.empty() ? "" : "  the last records:\n";
    for (std::size_t i = records_.size() - std::min(most, records_.size()); i < records_.size();
         ++i)
        text += "    " + describe(records_[i]) + '\n';
    return text;
}

} // namespace boost_selectors::simulated
