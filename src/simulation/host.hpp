// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_HOST_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_HOST_HPP

#include "timeline.hpp"
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace boost_selectors::simulated {

class world;

/// How a host's clocks go beside the world's.
class host_clock {
public:
    /// What a clock that began with the world would show.
    instant show(instant at) const noexcept {
        return rate_ == 1 ? at + own_ - since_ : own_ + scaled(at - since_, rate_);
    }
    /// When it will show that.
    instant when(instant shown) const noexcept {
        return rate_ == 1 ? shown - own_ + since_ : since_ + scaled(shown - own_, 1 / rate_);
    }
    /// How much of the world's time passes in so much of the host's.
    std::chrono::nanoseconds length(std::chrono::nanoseconds own) const noexcept {
        return rate_ == 1 ? own : scaled(own, 1 / rate_);
    }

    void set_rate(double rate, instant now) noexcept {
        own_ = show(now);
        since_ = now;
        rate_ = rate;
    }

    instant system_offset{0}; ///< By which the system clock was set.

private:
    static std::chrono::nanoseconds scaled(std::chrono::nanoseconds time, double by) noexcept {
        double const made = static_cast<double>(time.count()) * by;
        if (made >= static_cast<double>(never.count()))
            return never;
        return std::chrono::nanoseconds(static_cast<std::int64_t>(made));
    }

    double rate_ = 1;
    instant since_{0}; ///< When the rate was set ...
    instant own_{0};   ///< ... and what it showed then.
};

struct host {
    host(world& w, std::string n, std::uint32_t number)
        : in(w)
        , name(std::move(n))
        , id(number) {}

    struct program {
        std::function<void()> function;
        bool awaited; ///< The world ends when all of these have ended.
    };

    world& in;
    std::string const name;
    std::uint32_t const id; ///< From 1.
    host_clock clock;
    std::vector<program> programs;     ///< All that were started, for a restart.
    std::uint32_t threads = 0;         ///< How many it has had.
    bool named = false;                ///< The test has named it, and not only a link of it.
    bool up = true;                    ///< Not without power.
    std::uint64_t pending_signals = 0; ///< That all its threads block, a bit each.
    std::size_t descriptors = 0;
    std::size_t most_descriptors = std::numeric_limits<std::size_t>::max();
};

} // namespace boost_selectors::simulated

#endif
