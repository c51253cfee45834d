// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SLEEP_HANDSHAKE_HPP
#define BOOST_SELECTORS_SRC_SLEEP_HANDSHAKE_HPP

#include <atomic>

namespace boost_selectors::detail {

/// Coordinates wakeup() and the selecting thread: decides whether a wake-up has to reach the
/// backend, which costs a system call.
///
/// The selecting thread sets `sleeping_`, then reads `pending_`. A waking thread sets `pending_`,
/// then reads `sleeping_`. All four accesses are sequentially consistent, so at least one of the
/// two threads sees what the other has written: either the waking thread sees that the selecting
/// thread sleeps, or the selecting thread sees that it must not sleep. After the wait, the backend
/// first resets its own signal (in collect()), and then `pending_` is cleared. A wake-up in between
/// counts for this select().
class sleep_handshake {
public:
    // Called by the selecting thread.

    /// Called before a wait that may sleep. @return false if a wake-up is pending; then the thread
    /// must only poll.
    bool begin_sleep() noexcept {
        sleeping_ = true;
        return !pending_;
    }

    /// Called after the wait.
    void end_sleep() noexcept {
        if (sleeping_.load(std::memory_order_relaxed)) // Only the selecting thread writes it.
            sleeping_ = false;
    }

    /// Clears a wake-up, after the backend's signal was reset. @return whether there was one.
    bool take() noexcept { return pending_ && pending_.exchange(false); }

    // Called by any thread or signal handler.

    /// Records a wake-up. @return whether the caller must wake the backend: a thread sleeps, or may
    /// wait for the native handle, and no other wake-up is pending.
    bool request() noexcept { return !pending_.exchange(true) && (sleeping_ || exported_); }

    /// Records that from now on a thread may wait for the native handle. @return whether a wake-up
    /// is pending.
    bool export_handle() noexcept {
        exported_ = true;
        return pending_;
    }

    bool exported() const noexcept { return exported_.load(std::memory_order_relaxed); }

private:
    std::atomic<bool> pending_ = false;
    std::atomic<bool> sleeping_ = false;
    std::atomic<bool> exported_ = false;
};

} // namespace boost_selectors::detail

#endif
