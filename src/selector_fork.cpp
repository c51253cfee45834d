// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A fork copies only the thread that forks, but also the unfinished changes of all other threads.
// So after fork_event::prepare, other threads are kept out of the selector and of the backend's
// wait until the fork is over. And a child first checks whether the mutex is held by a thread that
// the child does not have.

#include "selector_state.hpp"
#include <exception>
#include <new>

namespace boost_selectors {

using detail::registration;

void base_selector::state::notify_fork(fork_event event, std::error_code& ec) {
    ec.clear();
    switch (event) {
    case fork_event::prepare:
        return prepare_fork();
    case fork_event::parent:
        return end_fork();
    case fork_event::child:
        return go_on_in_child(ec);
    }
    ec = std::make_error_code(std::errc::invalid_argument);
}

bool base_selector::is_inherited() const noexcept {
    return state_->forked();
}

void base_selector::state::prepare_fork() {
    guard lock(*this);
    pause const rest(*this, lock, true);
    forking_thread = detail::this_thread();
}

void base_selector::state::end_fork() noexcept {
    guard const lock(*this);
    forking_thread = 0;
    changed.notify_all();
}

void base_selector::state::adopt() noexcept {
    if (!process.begin_adoption())
        return;
    bool const free = mutex.try_lock();
    if (free)
        mutex.unlock();
    else
        ::new (&mutex) std::mutex;
    ::new (&changed) std::condition_variable; // Threads of the parent may wait on it.
    torn |= !free && !forking_here();
    in_use_at_fork |= torn || (waiting && !selecting_here());
    forking_thread = 0;
    selecting = waiting = close_pending = false;
    pauses = 0;
    wakeups.end_sleep();
    inherited = true;
    backend->abandon();
    process.end_adoption();
}

void base_selector::state::go_on_in_child(std::error_code& ec) {
    detail::no_cancellation const meanwhile;
    guard const lock(*this);
    if (!open)
        ec = error::closed;
    else if (in_use_at_fork)
        ec = error::forked;
    if (ec || !inherited) // The child of vfork() uses its parent's memory.
        return;
    backend->after_fork(ec);
    if (ec)
        return;
    inherited = false;
    std::exception_ptr thrown;
    for (registration& r : map.slots()) {
        if (!r.in_use())
            continue;
        std::error_code failed;
        bool threw = false;
        try {
            backend->add(r.handle, r.wanted, map.token_of(r), failed);
        } catch (...) {
            threw = true;
            if (!thrown)
                thrown = std::current_exception();
        }
        if (!failed && !threw)
            continue;
        cut_listed(r, event::none);
        map.erase(r);
        if (failed && failed != std::errc::bad_file_descriptor && !ec)
            ec = failed;
    }
    if (thrown)
        std::rethrow_exception(thrown);
}

void base_selector::state::leak(std::unique_ptr<state> s) noexcept {
    static std::atomic<state*> all = nullptr; // Keeps it reachable for leak checkers.
    state* const leaked = s.release();
    leaked->leaked_before = all.exchange(leaked);
}

} // namespace boost_selectors
