// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_DETAIL_OPTIONAL_MUTEX_HPP
#define BOOST_SELECTORS_ASIO_DETAIL_OPTIONAL_MUTEX_HPP

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <new>
#include <thread>

namespace boost_selectors::detail {

/// A mutex that does nothing if the user of the context has promised to use only one thread.
class optional_mutex {
public:
    /// @param spins attempts before lock() blocks; a negative number spins without limit.
    optional_mutex(bool enabled, int spins) noexcept
        : enabled_(enabled)
        , spins_(spins) {}

    void lock() {
        if (!enabled_)
            return;
        if (spins_ == 0 || !lock_by_spinning())
            mutex_.lock();
    }

    bool try_lock() { return !enabled_ || mutex_.try_lock(); }

    void unlock() {
        if (enabled_)
            mutex_.unlock();
    }

    /// Unlocks the mutex in the child of a fork, where the thread that locked it may not exist.
    void renew() {
        if (try_lock())
            unlock();
        else
            ::new (&mutex_) std::mutex;
    }

private:
    bool lock_by_spinning() {
        for (int n = spins_; n != 0; n -= n > 0)
            if (mutex_.try_lock())
                return true;
        return false;
    }

    std::mutex mutex_;
    bool const enabled_;
    int const spins_;
};

/// A mutex that a forking thread can reserve, so that other threads can't lock it. The mutex is not
/// locked meanwhile, so the forking thread can still lock it, and use what it guards.
class holdable_mutex {
public:
    holdable_mutex(bool enabled, int spins) noexcept
        : mutex_(enabled, spins) {}

    void lock() {
        mutex_.lock();
        while (held_elsewhere()) {
            mutex_.unlock();
            {
                std::unique_lock l(waiting_);
                released_.wait(l, [this] { return !held_elsewhere(); });
            }
            mutex_.lock();
        }
    }

    void unlock() { mutex_.unlock(); }

    void hold() {
        std::lock_guard const l(*this);
        holder_ = std::this_thread::get_id();
    }

    /// Ends the reservation by hold(). Does nothing if another thread has reserved the mutex.
    void release() {
        if (held_elsewhere())
            return;
        {
            std::lock_guard const l(waiting_);
            holder_ = std::thread::id();
        }
        released_.notify_all();
    }

    /// Ends the reservation, in the child of a fork.
    void forget_holder() {
        holder_ = std::thread::id();
        ::new (&waiting_) std::mutex;
        ::new (&released_) std::condition_variable;
    }

    /// Unlocks the mutex and ends the reservation, in the child of a fork.
    void renew() {
        mutex_.renew();
        forget_holder();
    }

private:
    bool held_elsewhere() const noexcept {
        std::thread::id const holder = holder_;
        return holder != std::thread::id() && holder != std::this_thread::get_id();
    }

    optional_mutex mutex_;
    std::atomic<std::thread::id> holder_{};
    std::mutex waiting_; ///< Locked to wait for a change of `holder_`.
    std::condition_variable released_;
};

using optional_lock_guard = std::lock_guard<optional_mutex>;
using optional_unique_lock = std::unique_lock<optional_mutex>;

} // namespace boost_selectors::detail

#endif
