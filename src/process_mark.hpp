// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_PROCESS_MARK_HPP
#define BOOST_SELECTORS_SRC_PROCESS_MARK_HPP

#include <atomic>
#include <cstdint>

namespace boost_selectors::detail {

/// Remembers which process made something that the child of a fork would share with its parent.
class process_mark {
public:
    process_mark() noexcept
        : process_(this_process()) {}

    /// Whether this is still the process that made the mark, or renewed it. Async-signal-safe.
    bool is_current() const noexcept {
        return process_.load(std::memory_order_relaxed) == this_process();
    }

    void renew() noexcept { process_.store(this_process(), std::memory_order_relaxed); }

private:
    /// A number that differs between a process and each of its children with memory of their own.
    static std::uint64_t this_process() noexcept;

    std::atomic<std::uint64_t> process_; ///< Read by signal handlers, too.
};

} // namespace boost_selectors::detail

#endif
