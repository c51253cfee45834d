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

/// What a selector holds, and where its backend reports to.
struct base_selector::state final : event_sink {
    explicit state(std::unique_ptr<selector_backend> b) noexcept
        : backend(std::move(b)) {}

    class guard;
    class turn;
    class pause;

    std::mutex mutex; ///< Guards all below but the atomic members, `wakeups` and `process`.
    std::condition_variable changed; ///< `waiting`, `pauses` or `forking_thread` has.
    std::unique_ptr<selector_backend> const backend;
    detail::registrations map;

    std::vector<ready_event> list; ///< What select() returned last; the selecting thread's own.
    std::uint64_t list_number = 0;
    detail::thread_number selecting_thread =
        0; ///< That of the select() under way, or of the last one.

    bool selecting = false;
    bool waiting = false;       ///< The backend's wait() is under way.
    bool close_pending = false; ///< Closed from inside that wait().
    int pauses = 0;             ///< Threads that want the wait to pause; see `pause`.

    detail::sleep_handshake wakeups;
    std::atomic<bool> open = true;
    detail::counters statistics;

    detail::process_mark process;        ///< Whose mutex this is.
    std::atomic<bool> inherited = false; ///< By a child, and not yet replaced by after_fork().
    bool in_use_at_fork = false; ///< By another thread of the parent: the backend is half-changed.
    bool torn = false;           ///< And so is all else here.
    detail::thread_number forking_thread = 0; ///< Others wait until it has forked.

    bool selecting_here() const noexcept { return selecting_thread == detail::this_thread(); }
    bool forking_here() const noexcept { return forking_thread == detail::this_thread(); }
    bool forking_elsewhere() const noexcept { return forking_thread != 0 && !forking_here(); }

    bool has_map() const noexcept { return open && !torn; }

    /// Whether the backend has no kernel objects that are this process's own.
    bool forked() const noexcept { return inherited || !process.is_current(); }

    // selector_fork.cpp

    /// In a child: sees to it, once, that no thread of the parent is waited for.
    void adopt() noexcept;
    void notify_fork(fork_event event, std::error_code& ec);
    void prepare_fork();
    void end_fork() noexcept;
    void go_on_in_child(std::error_code& ec);
    /// Instead of destroying what is half-changed.
    static void leak(std::unique_ptr<state> s) noexcept;
    state* leaked_before = nullptr;

    /// Why nothing but unregister() and close() can be done; no error if it can.
    std::error_code unusable() const noexcept {
        if (!open)
            return error::closed;
        return forked() ? make_error_code(error::forked) : std::error_code();
    }

    std::error_code check(native_handle_type handle, interest wanted) const noexcept;

    // What register_handle(), modify() and native_handle() do; these may throw.

    selector_key add(selector_key const& key, std::error_code& ec);
    /// @param data null if it stays.
    selector_key change(
        native_handle_type handle, interest wanted, void* const* data, std::error_code& ec);
    native_handle_type export_handle(std::error_code& ec);

    /// After a failed modify(): as it was, or else not registered any more.
    void restore(token id);

    /// Keeps the list that the selecting thread may be walking in step with what it changes.
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

    // event_sink, under the mutex.

    bool report(token id, event events, event_flags flags) noexcept override;
    void note_stale() noexcept override { ++statistics.stale_events; }
    std::optional<selector_key> find(token id) const noexcept override;
    void visit(visitor call, void* context) override;
};

/// Holds the selector's mutex, while no other thread forks.
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

    /// Lets others have it for a time.
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

    /// Waits for `changed` until @p done().
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

/// A thread's turn to select, from the beginning to the end of select().
class base_selector::state::turn {
public:
    /// Precondition: nobody else selects.
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

/// Keeps the selecting thread out of wait() during a change of a backend that can't be changed
/// during one; and thereby ends the hold that a blocked poll() has on its files.
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

    /// For a change of what the backend watches.
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
