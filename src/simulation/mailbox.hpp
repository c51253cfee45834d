// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_MAILBOX_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_MAILBOX_HPP

#include "baton.hpp"
#include <atomic>
#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <pthread.h>
#include <utility>
#include <vector>

namespace boost_selectors::simulated {

/// A lock that is none of the C library's, which would be the simulation's.
class spin_lock {
public:
    void lock() noexcept {
        while (locked_.test_and_set(std::memory_order_acquire)) {
        }
    }
    void unlock() noexcept { locked_.clear(std::memory_order_release); }

private:
    std::atomic_flag locked_;
};

/// The mutexes of threads of no host that wait for a condition variable: the C library unlocks them,
/// and nobody is told. One for the process.
class outside_waits {
public:
    static outside_waits& instance() {
        static auto& it = *new outside_waits; // Threads may end after all static objects.
        return it;
    }

    /// While it exists, its thread may unlock the mutex so.
    class entry {
    public:
        explicit entry(pthread_mutex_t* m) {
            std::scoped_lock const l(instance().lock_);
            place_ = instance().mutexes_.insert(instance().mutexes_.end(), m);
        }
        ~entry() {
            std::scoped_lock const l(instance().lock_);
            instance().mutexes_.erase(place_);
        }
        entry(entry const&) = delete;
        entry& operator=(entry const&) = delete;

    private:
        std::list<pthread_mutex_t*>::iterator place_;
    };

    std::vector<pthread_mutex_t*> mutexes() {
        std::scoped_lock const l(lock_);
        return {mutexes_.begin(), mutexes_.end()};
    }

private:
    /// A child process has none of the threads that wait, and nobody who would unlock it.
    outside_waits() {
        ::pthread_atfork([] { instance().lock_.lock(); }, [] { instance().lock_.unlock(); },
            [] {
                instance().mutexes_.clear();
                instance().lock_.unlock();
            });
    }

    spin_lock lock_;
    std::list<pthread_mutex_t*> mutexes_;
};

/// Where threads of no host leave what they have signalled, unlocked or woken, for the threads of
/// the world that may wait for it.
class mailbox {
public:
    /// By any thread.
    void post(void const* object) {
        {
            std::scoped_lock const l(lock_);
            // Rather wake all than let it grow while nobody looks.
            if (posted_.size() >= most)
                all_ = true;
            else
                posted_.push_back(object);
        }
        if (!full_.exchange(true))
            arrived_.give();
    }

    bool full() const noexcept { return full_.load(std::memory_order_relaxed); }

    /// By the thread that has the baton.
    /// @param all is set if there were more than it returns.
    std::vector<void const*> take(bool& all) {
        full_ = false;
        std::scoped_lock const l(lock_);
        all = std::exchange(all_, false);
        return std::exchange(posted_, {});
    }

    /// By the thread that has the baton.
    /// @param time of the real clock.
    bool await_for(std::chrono::nanoseconds time) noexcept {
        return full() || (arrived_.await_for(time), full());
    }

private:
    static constexpr std::size_t most = 1000;

    spin_lock lock_;
    std::atomic<bool> full_{false};
    std::vector<void const*> posted_;
    bool all_ = false;
    baton arrived_;
};

} // namespace boost_selectors::simulated

#endif
