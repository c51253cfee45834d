// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_CLOCKS_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_CLOCKS_HPP

#include "timeline.hpp"
#include <time.h>

namespace boost_selectors::simulated {

/// 2030-01-01, when the world begins. A fixed date: what programs do must not depend on today's.
inline constexpr instant epoch = std::chrono::seconds(1'893'456'000);

/// What a clock of the calling thread's host shows at an instant.
instant clock_of(clockid_t clock, instant at) noexcept;

/// The instant at which a clock will show that time.
instant instant_of(clockid_t clock, timespec const& time) noexcept;

/// A time that is too long becomes a very long one.
instant to_instant(timespec const& time) noexcept;

/// The instant after that time; @p time may be null: never.
instant instant_after(timespec const* time) noexcept;

timespec to_timespec(instant time) noexcept;

/// Set by each call of clock_gettime(), on a host or not.
extern thread_local bool clock_was_read [[gnu::tls_model("initial-exec")]];

/// Whether the C library would accept it.
inline bool is_valid(timespec const& t) noexcept {
    return t.tv_nsec >= 0 && t.tv_nsec < 1'000'000'000;
}

} // namespace boost_selectors::simulated

#endif
