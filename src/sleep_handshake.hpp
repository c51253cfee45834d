// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SLEEP_HANDSHAKE_HPP
#define BOOST_SELECTORS_SRC_SLEEP_HANDSHAKE_HPP

#include <atomic>

namespace boost_selectors::detail {

/// Decides between wakeup() and the selecting thread whether a wake-up has to reach the backend,
/// which costs a system call.
///
/// The selecting thread sets `sleeping_`, then reads `pending_`; a waking thread sets `pending_`,
/// then reads `sleeping_`. All four are sequentially consistent, so at least one of the two sees
/// what the other has written: either the waker sees that somebody sleeps, or the sleeper sees that
/// it must not. After the wait the order is: the backend resets its own signal (in collect()), then
/// `pending_` is cleared. A wake-up in between counts for this select().
class sleep_handshake {
public:
    // The selecting thread.

    /// Before a wait that may sleep. @return false if a wake-up is pending: then it must only poll.
    bool begin_sleep() noexcept {
        sleeping_ = true;
        return !pending_;
    }

    /// After the wait.
    void end_sleep() noexcept {
        if (sleeping_.load(std::memory_order_relaxed)) // Written by the selecting thread alone.
            sleeping_ = false;
    }

    /// After the backend's signal was reset. @return whether a wake-up has come.
    bool take() noexcept { return pending_ && pending_.exchange(false); }

    // Any thread or signal handler.

    /// Notes a wake-up. @return whether the backend has to be woken: somebody sleeps, or may sleep
    /// at the native handle, and nobody else has woken it.
    bool request() noexcept { return !pending_.exchange(true) && (sleeping_ || exported_); }

    /// From now on somebody may sleep at the native handle. @return whether a wake-up is pending.
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
