// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_TIMEOUTS_HPP
#define BOOST_SELECTORS_SRC_TIMEOUTS_HPP

#include <chrono>

namespace boost_selectors::detail {

/// Converts a timeout to milliseconds, rounded up; -1 means no time limit. A very long timeout is
/// shortened; the selector waits again for the rest.
inline int to_milliseconds(std::chrono::nanoseconds timeout) noexcept {
    using std::chrono::milliseconds;
    if (timeout == std::chrono::nanoseconds::max())
        return -1;
    auto const rounded = std::chrono::ceil<milliseconds>(timeout).count();
    return rounded < 1'000'000'000 ? static_cast<int>(rounded) : 1'000'000'000;
}

} // namespace boost_selectors::detail

#endif
