// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_TIME_LIMIT_HPP
#define BOOST_SELECTORS_SRC_TIME_LIMIT_HPP

#include <chrono>

namespace boost_selectors::detail {

/// The total time that a select() may take. Reads the clock only if the timeout is positive and
/// finite.
class time_limit {
public:
    using nanoseconds = std::chrono::nanoseconds;

    /// @param timeout zero polls; nanoseconds::max() means no time limit.
    explicit time_limit(nanoseconds timeout)
        : timeout_(timeout)
        , start_(is_finite() ? clock::now() : clock::time_point()) {}

    /// Returns the time that is left for another wait after one that found nothing; zero or
    /// negative if no time is left.
    nanoseconds left() const { return is_finite() ? timeout_ - (clock::now() - start_) : timeout_; }

private:
    using clock = std::chrono::steady_clock;

    bool is_finite() const noexcept {
        return timeout_ > nanoseconds::zero() && timeout_ != nanoseconds::max();
    }

    nanoseconds timeout_;
    clock::time_point start_;
};

} // namespace boost_selectors::detail

#endif
