// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_IMPL_REACTOR_INTEREST_HPP
#define BOOST_SELECTORS_ASIO_IMPL_REACTOR_INTEREST_HPP

// What the selector watches for, and when it does not.

#include <boost_selectors/asio/detail/file_of.hpp>
#include <boost_selectors/asio/detail/to_boost.hpp>
#include <boost_selectors/error.hpp>

namespace boost_selectors {

/// Has the selector watch for @p wanted too, level-triggered. Where it can't watch for out-of-band
/// data and errors, those who wait for such do so until they are cancelled, as on Asio's kqueue
/// reactor.
inline void selector_reactor::arm(state& s, event wanted, boost::system::error_code& ec) {
    note_displacement(s);
    if (!has_priority_)
        wanted &= ~event::priority;
    interest const all{s.armed | wanted};
    if (all.events == event::none || (all.events == s.armed && s.mode == trigger::level))
        return;
    std::error_code failure;
    if (s.armed != event::none) {
        selector_.modify(s.descriptor, all, failure);
        if (failure == error::not_registered) // The selector had to drop it.
            s.armed = event::none;
    }
    if (s.armed == event::none) {
        void* const identity = detail::descriptor_table::identity(s);
        selector_.register_handle(s.descriptor, all, identity, failure);
        if (failure == error::already_registered && displace(s))
            selector_.register_handle(s.descriptor, all, identity, failure);
    }
    if (failure == error::forked) // First wait() has to give this child a selector of its own.
        return leave_out(s, {});
    if (failure) {
        note_dropped(s);
        ec = detail::to_boost(failure);
        return;
    }
    s.armed = all.events;
    s.mode = trigger::level;
    s.unproductive = 0;
}

inline void selector_reactor::disarm(state& s, event unwanted) {
    event const rest = s.armed & ~unwanted;
    if (rest == event::none)
        unregister(s);
    else if (rest != s.armed)
        modify(s, {rest, s.mode});
}

inline void selector_reactor::unregister(state& s) noexcept {
    note_displacement(s);
    if (s.armed == event::none)
        return;
    std::error_code ec;
    selector_.unregister(s.descriptor, ec); // It can fail only if it is not registered.
    s.armed = event::none;
}

/// Changes what is watched. If the system refuses, what was watched remains.
inline void selector_reactor::modify(state& s, interest wanted) {
    note_displacement(s);
    if (s.armed == event::none)
        return;
    trigger const old_mode = s.mode;
    if (wanted.mode == trigger::edge)
        s.mode = trigger::edge; // Before an edge can come, which handle() must not leave.
    std::error_code ec;
    selector_.modify(s.descriptor, wanted, ec);
    s.mode = ec ? old_mode : wanted.mode;
    if (ec)
        return note_dropped(s);
    s.armed = wanted.events;
}

/// If the selector had to drop the registration: tries again before the next wait, which tells the
/// operations the reason if that fails.
inline void selector_reactor::note_dropped(state& s) {
    if (s.armed == event::none || selector_.find(s.descriptor))
        return;
    s.armed = event::none;
    if (!s.idle())
        leave_out(s, {});
}

/// Has the descriptor watched again after @p time, or sooner if another one's time is over.
inline void selector_reactor::leave_out(state& s, std::chrono::milliseconds time) noexcept {
    std::lock_guard const l(mutex_);
    auto const end = clock::now() + time;
    if (first_paused_ == detail::descriptor_table::none || end < pause_end_)
        pause_end_ = end;
    if (!std::exchange(s.paused, true))
        s.next_paused = std::exchange(first_paused_, s.index);
    if (waiting_)
        selector_.wakeup();
}

inline void selector_reactor::note_displacement(state& s) noexcept {
    if (!s.displaced)
        return;
    s.displaced = false;
    s.armed = event::none;
}

/// Somebody closed a descriptor that an I/O object of Asio still owns, and its number is used
/// again: the new file takes the place. @return whether that is so.
inline bool selector_reactor::displace(state const& s) noexcept {
    auto const found = selector_.find(s.descriptor);
    if (!found)
        return true;
    state& other = descriptors_.find(found->data);
    int error;
    if (other.file == s.file || detail::file_of(s.descriptor, error) != s.file || error != 0)
        return false;
    other.displaced = true;
    std::error_code ec;
    selector_.unregister(s.descriptor, ec);
    return true;
}

/// Readiness that no operation waits for. The next one is probably about to come.
inline void selector_reactor::note_unwanted(state& s, event unwanted, bool hang_up) {
    s.remembered |= unwanted;
    if (hang_up && s.idle()) // A hang-up is reported as long as the handle is registered at all.
        disarm(s, all_events);
    else
        disarm(s, unwanted & (s.reads.sure() ? s.unwanted | event::read : s.unwanted));
    s.unwanted = (s.unwanted | unwanted) & s.armed;
}

/// Readiness that operations wait for, but that lets none of them proceed (an unread error queue
/// of a UDP socket, say), must not make the loop spin.
inline void selector_reactor::note_progress(state& s, bool any) {
    if (any) {
        s.unproductive = 0;
        if (s.mode != trigger::level)
            modify(s, s.armed);
        return;
    }
    if (s.mode == trigger::edge || ++s.unproductive < 2)
        return;
    s.unproductive = 0;
    if (has_edge_)
        return modify(s, {s.armed, trigger::edge});
    unregister(s);
    leave_out(s, pause_time);
}

inline void selector_reactor::resume_paused(op_queue<operation>& due) {
    std::uint32_t next = detail::descriptor_table::none;
    {
        std::lock_guard const l(mutex_);
        if (first_paused_ == next || clock::now() < pause_end_)
            return;
        std::swap(first_paused_, next);
    }
    while (next != detail::descriptor_table::none) {
        state& s = descriptors_.at(next);
        {
            std::lock_guard const l(mutex_);
            next = s.next_paused;
            s.paused = false;
        }
        lock_guard const l(s.mutex);
        if (s.idle()) // It may also have been closed, and may be another descriptor by now.
            continue;
        boost::system::error_code ec;
        arm(s, s.waited_for(), ec);
        s.unproductive = 1; // If nothing has changed, the next pause begins at once.
        if (!ec)
            continue;
        if (s.internal) // Nobody can be told.
            leave_out(s, pause_time);
        else
            take(s, due, ec);
    }
}

} // namespace boost_selectors

#endif
