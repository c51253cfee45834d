// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_TIMEOUTS_HPP
#define BOOST_SELECTORS_SRC_TIMEOUTS_HPP

#include <chrono>

namespace boost_selectors::detail {

/// The timeout of a function that takes milliseconds, -1 having no end: rounded up. A very long one
/// is cut; the selector waits again.
inline int to_milliseconds(std::chrono::nanoseconds timeout) noexcept {
    using std::chrono::milliseconds;
    if (timeout == std::chrono::nanoseconds::max())
        return -1;
    auto const rounded = std::chrono::ceil<milliseconds>(timeout).count();
    return rounded < 1'000'000'000 ? static_cast<int>(rounded) : 1'000'000'000;
}

} // namespace boost_selectors::detail

#endif
