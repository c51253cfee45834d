// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SELECTOR_STATE_HPP
#define BOOST_SELECTORS_SRC_SELECTOR_STATE_HPP

#include "counters.hpp"
#include "process_mark.hpp"
#include "registrations.hpp"
#include "sleep_handshake.hpp"
#include "system.hpp"
#include "this_thread.hpp"
#include <atomic>
#include <boost_selectors/base_selector.hpp>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace boost_selectors {

/// The data of a selector, and the sink to which its backend reports.
struct base_selector::state final : event_sink {
    explicit state(std::unique_ptr<selector_backend> b) noexcept
        : backend(std::move(b)) {}

    class guard;
    class turn;
    class pause;

    std::mutex mutex; ///< Guards all members below, except atomic ones, `wakeups` and `process`.
    std::condition_variable changed; ///< `waiting`, `pauses` or `forking_thread` has changed.
    std::unique_ptr<selector_backend> const backend;
    detail::registrations map;

    std::vector<ready_event> list; ///< The last result of select(), for the selecting thread only.
    std::uint64_t list_number = 0;
    detail::thread_number selecting_thread =
        0; ///< The thread that is in select(), or the last one that was.

    bool selecting = false;
    bool waiting = false;       ///< A thread is in the backend's wait().
    bool close_pending = false; ///< close() was called from inside that wait().
    int pauses = 0;             ///< How many threads want the wait to pause; see `pause`.

    detail::sleep_handshake wakeups;
    std::atomic<bool> open = true;
    detail::counters statistics;

    detail::process_mark process;        ///< The process that this state belongs to.
    std::atomic<bool> inherited = false; ///< This is a child, and after_fork() has not succeeded.
    /// At the fork, another thread was using the backend, which may be in an inconsistent state.
    bool in_use_at_fork = false;
    /// At the fork, another thread was changing this state, all of which may be inconsistent.
    bool torn = false;
    detail::thread_number forking_thread = 0; ///< Other threads wait until it has forked.

    bool selecting_here() const noexcept { return selecting_thread == detail::this_thread(); }
    bool forking_here() const noexcept { return forking_thread == detail::this_thread(); }
    bool forking_elsewhere() const noexcept { return forking_thread != 0 && !forking_here(); }

    bool has_map() const noexcept { return open && !torn; }

    /// Returns whether the backend lacks kernel objects of this process: in a child, until
    /// after_fork() has succeeded.
    bool forked() const noexcept { return inherited || !process.is_current(); }

    // selector_fork.cpp

    /// Runs once in a child: ensures that the child does not wait for threads of the parent.
    void adopt() noexcept;
    void notify_fork(fork_event event, std::error_code& ec);
    void prepare_fork();
    void end_fork() noexcept;
    void go_on_in_child(std::error_code& ec);
    /// Leaks the state instead of destroying it, because it may be inconsistent.
    static void leak(std::unique_ptr<state> s) noexcept;
    state* leaked_before = nullptr;

    /// Returns why the selector is only usable for unregister() and close(); no error if it is
    /// usable.
    std::error_code unusable() const noexcept {
        if (!open)
            return error::closed;
        return forked() ? make_error_code(error::forked) : std::error_code();
    }

    std::error_code check(native_handle_type handle, interest wanted) const noexcept;

    // Implement register_handle(), modify() and native_handle(). They may throw.

    selector_key add(selector_key const& key, std::error_code& ec);
    /// @param data null if the data does not change.
    selector_key change(
        native_handle_type handle, interest wanted, void* const* data, std::error_code& ec);
    native_handle_type export_handle(std::error_code& ec);

    /// Restores the registration after a failed modify(). If that fails too, drops the
    /// registration.
    void restore(token id);

    /// Applies a change of a registration to the last list, if the selecting thread makes the
    /// change: it may be iterating over the list.
    void cut_listed(detail::registration const& r, event events) noexcept {
        if (r.listed_in != list_number || !selecting_here())
            return;
        list[r.listed_at].key = r.key();
        list[r.listed_at].events &= events;
    }

    ready_list listed() const noexcept { return {list.data(), list.size()}; }

    /// Waits once, and fills the list. @return whether select() is done.
    bool wait_once(
        guard& lock, std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec);

    // Overrides of event_sink; the mutex is locked.

    bool report(token id, event events, event_flags flags) noexcept override;
    void note_stale() noexcept override { ++statistics.stale_events; }
    std::optional<selector_key> find(token id) const noexcept override;
    void visit(visitor call, void* context) override;
};

/// Locks the selector's mutex. If another thread is forking, waits until it has forked.
class base_selector::state::guard {
public:
    explicit guard(state& s)
        : state_(s)
        , lock_(s.mutex, std::defer_lock) {
        if (!s.process.is_current())
            s.adopt();
        lock_.lock();
        wait([] { return true; });
    }

    /// Unlocks the mutex while it exists.
    class released {
    public:
        explicit released(guard& lock)
            : lock_(lock.lock_) {
            lock_.unlock();
        }
        ~released() { lock_.lock(); }
        released(released const&) = delete;
        released& operator=(released const&) = delete;

    private:
        std::unique_lock<std::mutex>& lock_;
    };

    /// Waits on `changed` until @p done returns true and no other thread is forking.
    template <class Done>
    void wait(Done done) {
        while (!done() || state_.forking_elsewhere()) {
            detail::no_cancellation const meanwhile;
            state_.changed.wait(lock_);
        }
    }

private:
    state& state_;
    std::unique_lock<std::mutex> lock_;
};

/// Marks this thread as the selecting one, from the beginning to the end of select().
class base_selector::state::turn {
public:
    /// Precondition: no other thread is in select().
    explicit turn(state& s)
        : state_(s) {
        state_.selecting = true;
        state_.selecting_thread = detail::this_thread();
        state_.list.clear();
        ++state_.list_number;
    }

    ~turn() {
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
};

/// Keeps the selecting thread out of wait() during a change, if the backend can't be changed during
/// a wait. This also makes a blocked poll() release the files that it keeps open.
class base_selector::state::pause {
public:
    pause(state& s, guard& lock, bool needed)
        : state_(s) {
        if (!needed || !s.waiting || s.selecting_here())
            return;
        paused_ = true;
        ++s.pauses;
        s.backend->wake();
        lock.wait([&s] { return !s.waiting; });
    }

    /// Pauses for a change of what the backend watches, unless it supports changes during a wait.
    pause(state& s, guard& lock)
        : pause(s, lock, !s.backend->get_capabilities().live_updates) {}

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
