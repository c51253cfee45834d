// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_PROCESS_MARK_HPP
#define BOOST_SELECTORS_SRC_PROCESS_MARK_HPP

#include <atomic>
#include <cstdint>
#include <thread>

namespace boost_selectors::detail {

/// Remembers which process owns an object that the child of a fork would share with its parent: the
/// process that made the object, or the child that has adopted it.
class process_mark {
public:
    process_mark() noexcept
        : process_(this_process()) {}

    /// Returns whether this process is the owner. Async-signal-safe.
    bool is_current() const noexcept {
        return process_.load(std::memory_order_acquire) == this_process();
    }

    /// Starts the adoption of the object by a child, unless this process is already the owner.
    /// @return true for the first thread of a child that calls this function. That thread must call
    ///     end_adoption() after it has dealt with what the child inherited. Other threads of the
    ///     child wait in this function until then.
    bool begin_adoption() noexcept;

    void end_adoption() noexcept { process_.store(this_process(), std::memory_order_release); }

private:
    static constexpr std::uint64_t adopting = std::uint64_t{1} << 63;

    /// Returns a number that differs between a process and each of its children that has its own
    /// memory.
    static std::uint64_t this_process() noexcept;

    std::atomic<std::uint64_t> process_; ///< Signal handlers read it, too.
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
