// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SELECTOR_STATE_HPP
#define BOOST_SELECTORS_SRC_SELECTOR_STATE_HPP

#include "counters.hpp"
#include "process_mark.hpp"
#include "registrations.hpp"
#include "sleep_handshake.hpp"
#include <atomic>
#include <boost_selectors/base_selector.hpp>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace boost_selectors {

/// What a selector holds, and where its backend reports to.
struct base_selector::state final : event_sink {
    explicit state(std::unique_ptr<selector_backend> b) noexcept
        : backend(std::move(b)) {}

    class turn;
    class pause;

    std::mutex mutex; ///< Guards all below but the atomic members, `wakeups` and `process`.
    std::condition_variable changed; ///< `waiting` or `pauses` has changed.
    std::unique_ptr<selector_backend> const backend;
    detail::registrations map;

    std::vector<ready_event> list; ///< What select() returned last; the selecting thread's own.
    std::uint64_t list_number = 0;
    std::thread::id selecting_thread; ///< That of the select() under way, or of the last one.

    bool selecting = false;
    bool waiting = false;       ///< The backend's wait() is under way.
    bool close_pending = false; ///< Closed from inside that wait().
    int pauses = 0;             ///< Threads that want the wait to pause; see `pause`.

    detail::sleep_handshake wakeups;
    std::atomic<bool> open = true;
    detail::process_mark process; ///< Renewed by notify_fork_child().
    std::atomic<bool> after_fork_failed = false;
    detail::counters statistics;

    bool selecting_here() const noexcept { return selecting_thread == std::this_thread::get_id(); }

    /// Whether the backend has no kernel objects that are this process's own.
    bool forked() const noexcept { return !process.is_current() || after_fork_failed; }

    /// Why nothing but unregister() and close() can be done; no error if it can.
    std::error_code unusable() const noexcept {
        if (!open)
            return error::closed;
        return forked() ? make_error_code(error::forked) : std::error_code();
    }

    std::error_code check(native_handle_type handle, interest wanted) const noexcept;

    /// After a failed modify(): as it was, or else not registered any more.
    void restore(token id) noexcept;

    /// Keeps the list that the selecting thread may be walking in step with what it changes.
    void cut_listed(detail::registration const& r, event events) noexcept {
        if (r.listed_in != list_number || !selecting_here())
            return;
        list[r.listed_at].key = r.key();
        list[r.listed_at].events &= events;
    }

    ready_list listed() const noexcept { return {list.data(), list.size()}; }

    /// Waits once, and fills the list. @return whether select() is done.
    bool wait_once(std::unique_lock<std::mutex>& lock, std::chrono::nanoseconds timeout,
        std::size_t max_events, std::error_code& ec);

    // event_sink, under the mutex.

    bool report(token id, event events, event_flags flags) noexcept override;
    void note_stale() noexcept override { ++statistics.stale_events; }
    std::optional<selector_key> find(token id) const noexcept override;
    void visit(visitor call, void* context) override;
};

/// A thread's turn to select, from the beginning to the end of select().
class base_selector::state::turn {
public:
    /// Precondition: nobody else selects.
    turn(state& s, std::unique_lock<std::mutex>& lock)
        : state_(s)
        , lock_(lock) {
        state_.selecting = true;
        state_.selecting_thread = std::this_thread::get_id();
        state_.list.clear();
        ++state_.list_number;
    }

    ~turn() {
        if (!lock_)
            lock_.lock();
        state_.wakeups.end_sleep();
        state_.waiting = false;
        state_.selecting = false;
        if (std::exchange(state_.close_pending, false))
            state_.backend->close();
        state_.changed.notify_all();
    }

    turn(turn const&) = delete;
    turn& operator=(turn const&) = delete;

private:
    state& state_;
    std::unique_lock<std::mutex>& lock_;
};

/// Keeps the selecting thread out of wait() during a change of a backend that can't be changed
/// during one; and thereby ends the hold that a blocked poll() has on its files.
class base_selector::state::pause {
public:
    pause(state& s, std::unique_lock<std::mutex>& lock)
        : state_(s) {
        if (!s.waiting || s.selecting_here() || s.backend->get_capabilities().live_updates ||
            s.forked()) // Then the thread that waits is another process's.
            return;
        paused_ = true;
        ++s.pauses;
        s.backend->wake();
        s.changed.wait(lock, [&s] { return !s.waiting; });
    }

    ~pause() {
        if (paused_ && --state_.pauses == 0)
            state_.changed.notify_all();
    }

    pause(pause const&) = delete;
    pause& operator=(pause const&) = delete;

private:
    state& state_;
    bool paused_ = false;
};

} // namespace boost_selectors

#endif
