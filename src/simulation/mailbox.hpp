// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_MAILBOX_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_MAILBOX_HPP

#include "baton.hpp"
#include <atomic>
#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

namespace boost_selectors::simulated {

/// Where threads of no host leave what they have signalled, unlocked or woken, for the threads of
/// the world that may wait for it.
class mailbox {
public:
    /// By any thread.
    void post(void const* object) {
        lock();
        // Rather wake all than let it grow while nobody looks.
        if (posted_.size() >= most)
            all_ = true;
        else
            posted_.push_back(object);
        unlock();
        if (!full_.exchange(true))
            arrived_.give();
    }

    bool full() const noexcept { return full_.load(std::memory_order_relaxed); }

    /// By the thread that has the baton.
    /// @param all is set if there were more than it returns.
    std::vector<void const*> take(bool& all) {
        full_ = false;
        lock();
        auto taken = std::exchange(posted_, {});
        all = std::exchange(all_, false);
        unlock();
        return taken;
    }

    /// By the thread that has the baton.
    /// @param time of the real clock.
    bool await_for(std::chrono::nanoseconds time) noexcept {
        return full() || (arrived_.await_for(time), full());
    }

private:
    static constexpr std::size_t most = 1000;

    // Not a mutex of the C library, which would be the simulation's.
    void lock() noexcept {
        while (locked_.test_and_set(std::memory_order_acquire)) {
        }
    }
    void unlock() noexcept { locked_.clear(std::memory_order_release); }

    std::atomic_flag locked_;
    std::atomic<bool> full_{false};
    std::vector<void const*> posted_;
    bool all_ = false;
    baton arrived_;
};

} // namespace boost_selectors::simulated

#endif
