// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_PROCESS_MARK_HPP
#define BOOST_SELECTORS_SRC_PROCESS_MARK_HPP

#include <atomic>
#include <cstdint>
#include <thread>

namespace boost_selectors::detail {

/// Remembers which process made something that the child of a fork would share with its parent, or
/// has adopted it.
class process_mark {
public:
    process_mark() noexcept
        : process_(this_process()) {}

    /// Whether this is still that process. Async-signal-safe.
    bool is_current() const noexcept {
        return process_.load(std::memory_order_acquire) == this_process();
    }

    /// @return whether this thread is the first of a child: it has to call end_adoption() after it
    /// has seen to what was inherited. Other threads of the child wait until then.
    bool begin_adoption() noexcept;

    void end_adoption() noexcept { process_.store(this_process(), std::memory_order_release); }

private:
    static constexpr std::uint64_t adopting = std::uint64_t{1} << 63;

    /// A number that differs between a process and each of its children with memory of their own.
    static std::uint64_t this_process() noexcept;

    std::atomic<std::uint64_t> process_; ///< Read by signal handlers, too.
};

inline bool process_mark::begin_adoption() noexcept {
    std::uint64_t const current = this_process();
    std::uint64_t seen = process_.load(std::memory_order_acquire);
    while (seen != current) {
        if (seen == (current | adopting)) {
            std::this_thread::yield();
            seen = process_.load(std::memory_order_acquire);
        } else if (process_.compare_exchange_strong(seen, current | adopting)) {
            return true;
        }
    }
    return false;
}

} // namespace boost_selectors::detail

#endif
