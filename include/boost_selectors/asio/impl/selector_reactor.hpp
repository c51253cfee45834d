// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_IMPL_SELECTOR_REACTOR_HPP
#define BOOST_SELECTORS_ASIO_IMPL_SELECTOR_REACTOR_HPP

#include <algorithm>
#include <boost/asio/detail/handler_tracking.hpp>
#include <boost/asio/detail/scheduler.hpp>
#include <boost/asio/detail/throw_error.hpp>
#include <boost/asio/error.hpp>
#include <boost_selectors/asio/detail/file_of.hpp>
#include <boost_selectors/asio/detail/versions.hpp>
#include <boost_selectors/asio/selector_service.hpp>
#include <optional>

namespace boost_selectors {
namespace detail {

/// As Asio would have reported it.
inline boost::system::error_code to_boost(std::error_code const& ec) {
    if (ec == error::already_registered)
        return boost::system::errc::make_error_code(boost::system::errc::file_exists);
    if (ec == std::errc::operation_not_permitted) // A kind of file that can't be waited for.
        return boost::asio::error::operation_not_supported;
    if (ec.category() == std::system_category())
        return {ec.value(), boost::asio::error::get_system_category()};
    return ec;
}

inline descriptor_state::descriptor_state(
    selector_reactor& own_reactor, std::uint32_t own_index, bool locking, int spins) noexcept
    : boost::asio::detail::operation(&selector_reactor::complete)
    , reactor(own_reactor)
    , mutex(locking, spins)
    , index(own_index) {}

} // namespace detail

inline selector_reactor::selector_reactor(boost::asio::execution_context& context)
    : selector_reactor(context, boost::asio::use_service<boost::asio::detail::scheduler>(context),
          detail::get_locking(
              context, boost::asio::use_service<boost::asio::detail::scheduler>(context))) {}

inline selector_reactor::selector_reactor(boost::asio::execution_context& context,
    boost::asio::detail::scheduler& scheduler, detail::locking_configuration const& locking)
    : execution_context_service_base(context)
    , scheduler_(scheduler)
    , selector_(boost::asio::use_service<selector_service>(context).selector())
    , has_edge_(selector_.get_capabilities().edge)
    , has_priority_(selector_.get_capabilities().priority)
    , mutex_(locking.registration, locking.registration_spins)
    , descriptors_(*this, locking.io, locking.io_spins) {}

inline void selector_reactor::shutdown() {
    {
        lock_guard const l(mutex_);
        shut_down_ = true;
    }
    op_queue<operation> abandoned;
    descriptors_.for_each([&](state& s) {
        lock_guard const l(s.mutex);
        if (!s.closed)
            close(s, abandoned, {});
    });
    timers_.get_all_timers(abandoned);
    scheduler_.abandon_operations(abandoned);
}

inline void selector_reactor::notify_fork(boost::asio::execution_context::fork_event event) {
    if (event != boost::asio::execution_context::fork_child)
        return;
    std::error_code ec;
    selector_.notify_fork_child(ec);
    descriptors_.for_each([this](state& s) {
        lock_guard const l(s.mutex);
        note_dropped(s);
    });
    boost::asio::detail::throw_error(detail::to_boost(ec), "selector re-registration");
}

inline void selector_reactor::init_task() {
    scheduler_.init_task();
}

// Descriptors

inline selector_reactor::state& selector_reactor::allocate(
    socket_type descriptor, std::uint64_t file, bool internal) {
    state* s;
    {
        lock_guard const l(mutex_);
        s = &descriptors_.allocate();
    }
    lock_guard const l(s->mutex);
    s->descriptor = descriptor;
    s->file = file;
    s->displaced = false;
    ++s->generation;
    s->armed = s->remembered = s->unwanted = event::none;
    s->mode = trigger::level;
    s->reads = {};
    s->unproductive = s->back_off = 0;
    s->internal = internal;
    s->free_when_performed = false;
    s->closed = false;
    BOOST_ASIO_HANDLER_REACTOR_REGISTRATION((context(), static_cast<std::uintmax_t>(descriptor),
        reinterpret_cast<std::uintmax_t>(detail::descriptor_table::identity(*s))));
    return *s;
}

inline void selector_reactor::free(state& s) {
    lock_guard const l(mutex_);
    descriptors_.free(s);
}

inline int selector_reactor::register_descriptor(
    socket_type descriptor, per_descriptor_data& data) {
    data = nullptr;
    int error;
    std::uint64_t const file = detail::file_of(descriptor, error);
    if (error == 0)
        data = &allocate(descriptor, file, false);
    return error;
}

inline int selector_reactor::register_internal_descriptor(
    int op_type, socket_type descriptor, per_descriptor_data& data, reactor_op* op) {
    int error; // The selector will tell it, too.
    state& s = allocate(descriptor, detail::file_of(descriptor, error), true);
    op_queue<operation> refused; // Destroys what it holds.
    boost::system::error_code ec;
    {
        lock_guard const l(s.mutex);
        s.operations[op_type].push(op);
        arm(s, detail::event_of(op_type), ec);
        if (ec)
            close(s, refused, ec);
    }
    data = ec ? nullptr : &s;
    if (ec)
        free(s);
    return ec.value();
}

inline void selector_reactor::move_descriptor(
    socket_type, per_descriptor_data& target, per_descriptor_data& source) {
    target = std::exchange(source, nullptr);
}

inline void selector_reactor::deregister_descriptor(
    socket_type, per_descriptor_data& data, bool /*closing*/) {
    if (!data)
        return;
    // Also before a close: a duplicate of the descriptor may keep the file, and with it a
    // registration, alive.
    op_queue<operation> aborted;
    {
        lock_guard const l(data->mutex);
        if (data->closed) { // Shut down: not to be freed by cleanup_descriptor_data().
            data = nullptr;
            return;
        }
        close(*data, aborted, boost::asio::error::operation_aborted);
    }
    scheduler_.post_deferred_completions(aborted);
}

inline void selector_reactor::deregister_internal_descriptor(
    socket_type, per_descriptor_data& data) {
    if (!data)
        return;
    op_queue<operation> destroyed;
    lock_guard const l(data->mutex);
    if (data->closed) {
        data = nullptr;
        return;
    }
    if (!data->performing)
        return close(*data, destroyed, {});
    unregister(*data); // perform_internal() destroys the operation.
    data->closed = true;
}

inline void selector_reactor::cleanup_descriptor_data(per_descriptor_data& data) {
    if (!data)
        return;
    bool in_use;
    {
        lock_guard const l(data->mutex);
        in_use = data->free_when_performed = data->performing;
    }
    if (!in_use)
        free(*data);
    data = nullptr;
}

/// Ends the descriptor's time: it is not registered any more, and its operations are taken away.
inline void selector_reactor::close(
    state& s, op_queue<operation>& aborted, boost::system::error_code const& reason) noexcept {
    unregister(s);
    take(s, aborted, reason);
    BOOST_ASIO_HANDLER_REACTOR_DEREGISTRATION((context(), static_cast<std::uintmax_t>(s.descriptor),
        reinterpret_cast<std::uintmax_t>(detail::descriptor_table::identity(s))));
    s.descriptor = invalid_native_handle;
    s.ready = event::none;
    s.closed = true;
}

inline void selector_reactor::take(
    state& s, op_queue<operation>& taken, boost::system::error_code const& reason) noexcept {
    for (auto& operations : s.operations) {
        while (reactor_op* const op = operations.front()) {
            if (reason)
                op->ec_ = reason;
            operations.pop();
            taken.push(op);
        }
    }
}

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
    trigger const before = s.mode;
    if (wanted.mode == trigger::edge)
        s.mode = trigger::edge; // By then an edge may have come, which handle() must not leave.
    std::error_code ec;
    try {
        selector_.modify(s.descriptor, wanted, ec);
    } catch (...) {
        s.mode = before;
        throw;
    }
    if (ec) {
        s.mode = before;
        return note_dropped(s);
    }
    s.armed = wanted.events;
    s.mode = wanted.mode;
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

/// Has the descriptor watched again after some time.
inline void selector_reactor::leave_out(state& s, std::chrono::milliseconds time) {
    lock_guard const l(mutex_);
    paused_.push_back({detail::descriptor_table::identity(s), clock::now() + time});
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
    auto const key = selector_.find(s.descriptor);
    if (!key)
        return true;
    state& other = descriptors_.find(key->data);
    int error;
    if (other.file == s.file || detail::file_of(s.descriptor, error) != s.file || error != 0)
        return false;
    other.displaced = true;
    std::error_code ec;
    selector_.unregister(s.descriptor, ec);
    return true;
}

// Operations

inline void selector_reactor::start_op(int op_type, socket_type, per_descriptor_data& data,
    reactor_op* op, bool is_continuation, bool allow_speculative,
    void (*on_immediate)(operation*, bool, void const*), void const* immediate_argument) {
    if (!data) {
        op->ec_ = boost::asio::error::bad_descriptor;
        on_immediate(op, is_continuation, immediate_argument);
        return;
    }
    state& s = *data;
    unique_lock l(s.mutex);
    if (s.closed) {
        l.unlock();
        on_immediate(op, is_continuation, immediate_argument);
        return;
    }
    if (s.operations[op_type].empty()) {
        event const kind = detail::event_of(op_type);
        s.unwanted &= ~kind;
        if (!allow_speculative)
            s.ready &= ~kind;
        // Out-of-band data is read before normal data. Without `allow_speculative` (a wait, a
        // connect) only the selector can tell: what is remembered may be over.
        bool const try_first =
            allow_speculative &&
            (op_type != read_op ||
                (s.operations[except_op].empty() &&
                    (!has(s.armed, kind) || has(s.remembered, kind) || s.reads.worth_a_try())));
        if (try_first) {
            reactor_op::status const status = op->perform();
            note_speculation(status);
            if (op_type == read_op)
                s.reads.note(status != reactor_op::not_done);
            if (status != reactor_op::done)
                s.remembered &= ~kind;
            if (status != reactor_op::not_done) {
                l.unlock();
                on_immediate(op, is_continuation, immediate_argument);
                return;
            }
        } else if (op_type == read_op) {
            s.reads.note_wait();
        }
        boost::system::error_code ec;
        arm(s, kind, ec);
        if (ec) {
            op->ec_ = ec;
            l.unlock();
            on_immediate(op, is_continuation, immediate_argument);
            return;
        }
    }
    s.operations[op_type].push(op);
    scheduler_.work_started();
}

inline void selector_reactor::post_immediate_completion(operation* op, bool is_continuation) const {
    scheduler_.post_immediate_completion(op, is_continuation);
}

inline void selector_reactor::call_post_immediate_completion(
    operation* op, bool is_continuation, void const* self) {
    static_cast<selector_reactor const*>(self)->post_immediate_completion(op, is_continuation);
}

inline void selector_reactor::cancel_ops(socket_type, per_descriptor_data& data) {
    if (!data)
        return;
    op_queue<operation> aborted;
    {
        lock_guard const l(data->mutex);
        take(*data, aborted, boost::asio::error::operation_aborted);
    }
    scheduler_.post_deferred_completions(aborted);
}

inline void selector_reactor::cancel_ops_by_key(
    socket_type, per_descriptor_data& data, int op_type, void* cancellation_key) {
    if (!data)
        return;
    op_queue<operation> aborted;
    {
        lock_guard const l(data->mutex);
        auto& operations = data->operations[op_type];
        op_queue<reactor_op> others;
        while (reactor_op* const op = operations.front()) {
            operations.pop();
            if (op->cancellation_key_ == cancellation_key) {
                op->ec_ = boost::asio::error::operation_aborted;
                aborted.push(op);
            } else {
                others.push(op);
            }
        }
        operations.push(others);
    }
    scheduler_.post_deferred_completions(aborted);
}

// Timers

template <class Queue>
void selector_reactor::add_timer_queue(Queue& queue) {
    lock_guard const l(mutex_);
    timers_.insert(&queue);
}

template <class Queue>
void selector_reactor::remove_timer_queue(Queue& queue) {
    lock_guard const l(mutex_);
    timers_.erase(&queue);
}

template <class Queue>
void selector_reactor::schedule_timer(Queue& queue, typename Queue::time_type const& time,
    typename Queue::per_timer_data& timer, wait_op* op) {
    lock_guard const l(mutex_);
    if (shut_down_) {
        scheduler_.post_immediate_completion(op, false);
        return;
    }
    bool const earliest = queue.enqueue_timer(time, timer, op);
    scheduler_.work_started();
    if (earliest && waiting_)
        selector_.wakeup();
}

template <class Queue>
std::size_t selector_reactor::cancel_timer(
    Queue& queue, typename Queue::per_timer_data& timer, std::size_t max_cancelled) {
    op_queue<operation> cancelled;
    std::size_t n;
    {
        lock_guard const l(mutex_);
        n = queue.cancel_timer(timer, cancelled, max_cancelled);
    }
    scheduler_.post_deferred_completions(cancelled);
    return n;
}

template <class Queue>
void selector_reactor::cancel_timer_by_key(
    Queue& queue, typename Queue::per_timer_data* timer, void* cancellation_key) {
    op_queue<operation> cancelled;
    {
        lock_guard const l(mutex_);
        queue.cancel_timer_by_key(timer, cancelled, cancellation_key);
    }
    scheduler_.post_deferred_completions(cancelled);
}

template <class Queue>
void selector_reactor::move_timer(
    Queue& queue, typename Queue::per_timer_data& target, typename Queue::per_timer_data& source) {
    op_queue<operation> cancelled;
    {
        lock_guard const l(mutex_);
        queue.cancel_timer(target, cancelled);
        queue.move_timer(target, source);
    }
    scheduler_.post_deferred_completions(cancelled);
}

// The loop

inline void selector_reactor::run(long usec, op_queue<operation>& due) {
    state* busy;
    do {
        busy = nullptr;
        for (ready_event const& ready : wait(usec))
            if (state* const s = handle(ready, due))
                busy = s;
        if (busy && due.empty()) { // It would be reported again and again.
            lock_guard const until_done(busy->mutex);
        }
    } while (busy && due.empty() && usec == 0); // poll() runs all that is ready.
    resume_paused(due);
    lock_guard const l(mutex_);
    waiting_ = false;
    timers_.get_ready_timers(due);
}

inline void selector_reactor::interrupt() {
    selector_.wakeup();
}

inline std::span<ready_event const> selector_reactor::wait(long usec) {
    constexpr std::size_t max_events = 128;
    note_lag();
    std::chrono::nanoseconds timeout(0);
    if (usec != 0) {
        lock_guard const l(mutex_);
        timeout = time_to_wait(usec);
        waiting_ = true;
    }
    try {
        auto const list = selector_.select(timeout, max_events);
        wait_end_ = clock::now();
        return list;
    } catch (...) {
        lock_guard const l(mutex_);
        waiting_ = false;
        throw;
    }
}

inline void selector_reactor::note_speculation(reactor_op::status status) noexcept {
    speculations_.fetch_add(1, std::memory_order_relaxed);
    if (status != reactor_op::not_done)
        speculation_hits_.fetch_add(1, std::memory_order_relaxed);
}

inline void selector_reactor::note_lag() noexcept {
    if (wait_end_ == clock::time_point()) // There was no wait yet.
        return;
    auto const lag = (clock::now() - wait_end_).count();
    if (lag > longest_lag_.load(std::memory_order_relaxed))
        longest_lag_.store(lag, std::memory_order_relaxed);
}

inline context_statistics selector_reactor::take_statistics() {
    context_statistics s{selector_.get_statistics()};
    s.speculations = speculations_.load(std::memory_order_relaxed);
    s.speculation_hits = speculation_hits_.load(std::memory_order_relaxed);
    s.longest_lag = clock::duration(longest_lag_.exchange(0, std::memory_order_relaxed));
    return s;
}

inline std::optional<std::chrono::steady_clock::time_point> selector_reactor::next_deadline() {
    lock_guard const l(mutex_);
    auto const wait = time_to_wait(-1);
    if (wait == std::chrono::nanoseconds::max())
        return std::nullopt;
    return clock::now() + std::chrono::ceil<clock::duration>(wait);
}

inline context_statistics get_statistics(boost::asio::execution_context& context) {
    if (!boost::asio::has_service<selector_reactor>(context))
        return {};
    return boost::asio::use_service<selector_reactor>(context).take_statistics();
}

inline std::chrono::nanoseconds selector_reactor::time_to_wait(long usec) const {
    using std::chrono::microseconds;
    if (usec < 0 && timers_.all_empty() && paused_.empty())
        return std::chrono::nanoseconds::max();
    // No longer than five minutes, so that a change of the system's clock is noticed by then.
    constexpr long longest = 5L * 60 * 1'000'000;
    if (usec < 0 || usec > longest)
        usec = longest;
    long wait = timers_.wait_duration_usec(usec);
    // The kernel may be late by a thousandth of a timeout. A short wait makes up for it.
    constexpr long noticeable = 20'000;
    if (wait < usec && wait > noticeable)
        wait -= wait / 500;
    std::chrono::nanoseconds timeout = microseconds(wait);
    if (!paused_.empty()) {
        auto const first = std::ranges::min(paused_, {}, &pause::end).end;
        timeout = std::clamp<std::chrono::nanoseconds>(first - clock::now(), {}, timeout);
    }
    return timeout;
}

/// @return the descriptor, if nothing was done because another thread is at it: it will be
/// reported again if it is still ready then.
inline selector_reactor::state* selector_reactor::handle(
    ready_event const& ready, op_queue<operation>& due) {
    void* const identity = ready.key.data;
#if defined(BOOST_ASIO_ENABLE_HANDLER_TRACKING)
    unsigned mask = 0;
    if (ready.readable())
        mask |= BOOST_ASIO_HANDLER_REACTOR_READ_EVENT;
    if (ready.writable())
        mask |= BOOST_ASIO_HANDLER_REACTOR_WRITE_EVENT;
    if (ready.hang_up || ready.error)
        mask |= BOOST_ASIO_HANDLER_REACTOR_ERROR_EVENT;
    BOOST_ASIO_HANDLER_REACTOR_EVENTS(
        (context(), reinterpret_cast<std::uintmax_t>(identity), mask));
#endif
    state& s = descriptors_.find(identity);
    unique_lock l(s.mutex, std::try_to_lock);
    if (!l) {
        if (s.mode == trigger::level)
            return &s;
        l.lock();
    }
    if (!is_current(s, identity))
        return nullptr;
    if (s.internal) {
        perform_internal(s, l);
        return nullptr;
    }
    event const waited_for = ready.events & s.waited_for();
    if (event const unwanted = ready.events & ~waited_for; unwanted != event::none)
        note_unwanted(s, unwanted, ready.hang_up || ready.error);
    if (waited_for == event::none)
        return nullptr;
    s.ready |= waited_for;
    if (s.queued) { // And the thread that took it from there sleeps.
        perform_ready(s, due);
    } else {
        s.queued = true;
        due.push(&s);
    }
    return nullptr;
}

inline void selector_reactor::complete(
    void* scheduler, operation* descriptor, boost::system::error_code const& ec, std::size_t) {
    if (!scheduler)
        return;
    state& s = static_cast<state&>(*descriptor);
    selector_reactor& self = s.reactor;
    op_queue<operation> finished;
    auto const finish_later = [&] {
        self.scheduler_.compensating_work_started(); // It counts this as an operation that ended.
        self.scheduler_.post_deferred_completions(finished);
    };
    try {
        lock_guard const l(s.mutex);
        s.queued = false;
        self.perform_ready(s, finished);
    } catch (...) { // The selector threw.
        finish_later();
        throw;
    }
    operation* const first = finished.front();
    if (!first)
        return finish_later();
    finished.pop();
    self.scheduler_.post_deferred_completions(finished);
    first->complete(scheduler, ec, 0);
}

inline void selector_reactor::perform_ready(state& s, op_queue<operation>& finished) {
    event const ready = std::exchange(s.ready, event::none);
    bool waited_for = false;
    bool progress = false;
    // From the last: out-of-band data is read before normal data.
    for (int kind = max_ops - 1; kind >= 0; --kind) {
        if (!has(ready, detail::event_of(kind)) || s.operations[kind].empty())
            continue;
        waited_for = true;
        progress |= perform(s, kind, finished);
    }
    if (waited_for)
        note_progress(s, progress);
}

/// @return whether an operation was finished.
inline bool selector_reactor::perform(state& s, int kind, op_queue<operation>& finished) {
    bool any = false;
    while (reactor_op* const op = s.operations[kind].front()) {
        reactor_op::status const status = op->perform();
        if (status != reactor_op::done)
            s.remembered &= ~detail::event_of(kind);
        if (status == reactor_op::not_done)
            break;
        any = true;
        s.operations[kind].pop();
        finished.push(op);
        if (status == reactor_op::done_and_exhausted)
            break;
    }
    return any;
}

/// Without the descriptor's lock: the operation takes locks under which it may be deregistered.
inline void selector_reactor::perform_internal(state& s, unique_lock& l) {
    reactor_op* op = nullptr;
    for (auto& operations : s.operations)
        if (!operations.empty())
            op = operations.front();
    s.performing = true;
    l.unlock();
    op->perform();
    l.lock();
    s.performing = false;
    if (!s.closed)
        return;
    op_queue<operation> destroyed;
    take(s, destroyed, {});
    l.unlock();
    if (s.free_when_performed)
        free(s);
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
        s.unproductive = s.back_off = 0;
        if (s.mode != trigger::level)
            modify(s, s.armed);
        return;
    }
    if (s.mode == trigger::edge || ++s.unproductive < 2)
        return;
    s.unproductive = 0;
    if (has_edge_)
        return modify(s, {s.armed, trigger::edge});
    constexpr std::uint8_t most_doublings = 6;
    leave_out(s, std::chrono::milliseconds(1 << s.back_off));
    s.back_off = std::min<std::uint8_t>(static_cast<std::uint8_t>(s.back_off + 1), most_doublings);
    unregister(s);
}

/// Takes one out whose time is over.
inline std::optional<void*> selector_reactor::next_to_resume() {
    lock_guard const l(mutex_);
    if (paused_.empty())
        return std::nullopt;
    auto const due = std::ranges::find_if(
        paused_, [now = clock::now()](pause const& p) { return p.end <= now; });
    if (due == paused_.end())
        return std::nullopt;
    void* const identity = due->identity;
    paused_.erase(due);
    return identity;
}

inline void selector_reactor::resume_paused(op_queue<operation>& due) {
    while (auto const identity = next_to_resume()) {
        state& s = descriptors_.find(*identity);
        lock_guard const l(s.mutex);
        if (!is_current(s, *identity) || s.idle())
            continue;
        boost::system::error_code ec;
        arm(s, s.waited_for(), ec);
        if (ec)
            take(s, due, ec);
    }
}

} // namespace boost_selectors

#endif
