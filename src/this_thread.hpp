// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_THIS_THREAD_HPP
#define BOOST_SELECTORS_SRC_THIS_THREAD_HPP

#include <atomic>
#include <cstdint>

namespace boost_selectors::detail {

/// A number that is not 0, and that no other thread of the process has or had. The system's own
/// thread numbers may be reused, above all in the child of a fork.
using thread_number = std::uint64_t;

inline thread_number this_thread() noexcept {
    static std::atomic<thread_number> last = 0;
    thread_local thread_number const number = ++last;
    return number;
}

} // namespace boost_selectors::detail

#endif
