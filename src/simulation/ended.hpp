// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_ENDED_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_ENDED_HPP

#include "trace.hpp"
#include <string>
#include <vector>

namespace boost_selectors::simulated {

/// What is left of the simulations that have ended in this process.
class ended_simulations {
public:
    static ended_simulations& instance();

    /// Forgets those of the parent process.
    /// @param keep_all whether those to come keep all their records.
    void start_anew(bool keep_all) {
        *this = {};
        all_ = keep_all;
    }
    bool keeps_all() const noexcept { return all_; }

    /// @param hosts their names, by number.
    void add(trace const& t, instant time, std::vector<std::string> hosts);

    std::uint64_t hash() const noexcept { return hash_; }
    instant time() const noexcept { return time_; }
    std::vector<trace::record> const& records() const noexcept { return records_; }
    /// The faults and calls of the last one, a line each.
    std::string last_records() const;
    /// A record in a line.
    std::string describe(trace::record const& r) const;
    static std::string describe(instant at);

private:
    bool all_ = false;
    std::uint64_t hash_ = 0;
    instant time_{0};
    std::vector<std::string> hosts_;
    std::vector<trace::record> records_;
    std::vector<trace::record> faults_;
};

} // namespace boost_selectors::simulated

#endif
