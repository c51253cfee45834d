// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_DETAIL_REACTOR_SERVICES_HPP
#define BOOST_SELECTORS_ASIO_DETAIL_REACTOR_SERVICES_HPP

// The other functions that Asio's services call, and rare cases: construction and shutdown of the
// reactor, registration of descriptors, cancellation, timers, forks, and paused descriptors.

#include <boost_selectors/asio/detail/file_of.hpp>
#include <boost_selectors/asio/detail/selector_reactor.hpp>
#include <boost_selectors/asio/detail/versions.hpp>
#include <boost_selectors/asio/selector_service.hpp>
#include <type_traits>

namespace boost_selectors {

// Construction and shutdown

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

inline void selector_reactor::init_task() {
    scheduler_.init_task();
}

/// No other thread uses the context any more. But in the child of a fork, a mutex may be locked by
/// a thread that the child does not have.
inline void selector_reactor::shutdown() {
    if (selector_.is_inherited())
        renew_locks();
    {
        std::lock_guard const l(mutex_);
        shut_down_ = true;
    }
    op_queue<operation> abandoned;
    descriptors_.for_each([&](state& s) {
        lock_guard const l(s.mutex);
        if (!s.closed())
            close(s, abandoned, {});
    });
    timers_.get_all_timers(abandoned);
    scheduler_.abandon_operations(abandoned);
}

inline void selector_reactor::interrupt() {
    selector_.wakeup();
}

// Descriptors

inline detail::descriptor_state::descriptor_state(
    selector_reactor& own_reactor, void* first_identity, bool locking, int spins) noexcept
    : boost::asio::detail::operation(&selector_reactor::do_complete)
    , reactor(own_reactor)
    , mutex(locking, spins)
    , identity(first_identity) {}

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
    int error; // Not needed: the descriptor is Asio's own, and open.
    state& s = allocate(descriptor, detail::file_of(descriptor, error), true);
    data = &s;
    lock_guard const l(s.mutex);
    s.operations[op_type].push(op);
    boost::system::error_code ec;
    arm(s, detail::event_of(op_type), ec);
    if (ec) // Asio's services ignore the return value, so try again later.
        leave_out(s, pause_time);
    return 0;
}

inline selector_reactor::state& selector_reactor::allocate(
    socket_type descriptor, std::uint64_t file, bool internal) {
    state* s;
    {
        std::lock_guard const l(mutex_);
        s = &descriptors_.allocate();
    }
    lock_guard const l(s->mutex);
    s->descriptor = descriptor;
    s->file = file;
    detail::descriptor_table::renew_identity(*s);
    s->armed = s->remembered = event::none;
    s->mode = trigger::level;
    s->reads = {};
    s->unproductive = 0;
    s->internal = internal;
    BOOST_ASIO_HANDLER_REACTOR_REGISTRATION((context(), static_cast<std::uintmax_t>(descriptor),
        reinterpret_cast<std::uintmax_t>(s->identity)));
    return *s;
}

inline void selector_reactor::move_descriptor(
    socket_type, per_descriptor_data& target, per_descriptor_data& source) {
    target = std::exchange(source, nullptr);
}

inline void selector_reactor::deregister_descriptor(
    socket_type, per_descriptor_data& data, bool /*closing*/) {
    if (!data)
        return;
    if (selector_.is_inherited()) // A thread of the parent may have locked it.
        data->mutex.renew();
    // Unregister it even if it is about to be closed: a duplicate of the descriptor may keep the
    // file open, and with it the registration.
    op_queue<operation> aborted;
    {
        lock_guard const l(data->mutex);
        if (data->closed()) { // After shutdown(), cleanup_descriptor_data() must not free it.
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
    if (data->closed())
        data = nullptr;
    else
        close(*data, destroyed, {});
}

inline void selector_reactor::cleanup_descriptor_data(per_descriptor_data& data) {
    if (data)
        free(*std::exchange(data, nullptr));
}

inline void selector_reactor::free(state& s) {
    std::lock_guard const l(mutex_);
    descriptors_.free(s);
}

/// Unregisters the descriptor, takes its operations, and marks it as closed.
inline void selector_reactor::close(
    state& s, op_queue<operation>& aborted, boost::system::error_code const& reason) noexcept {
    unregister(s);
    take(s, aborted, reason);
    BOOST_ASIO_HANDLER_REACTOR_DEREGISTRATION((context(), static_cast<std::uintmax_t>(s.descriptor),
        reinterpret_cast<std::uintmax_t>(s.identity)));
    s.descriptor = invalid_native_handle;
    s.ready = event::none;
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

// Cancellation and immediate completion

inline void selector_reactor::cancel_ops(socket_type, per_descriptor_data& data) {
    if (!data)
        return;
    op_queue<operation> aborted;
    {
        lock_guard const l(data->mutex);
        take(*data, aborted, boost::asio::error::operation_aborted);
        unregister(*data); // After dup2(), the number may stand for another file.
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
        if (data->idle())
            unregister(*data); // As in cancel_ops().
    }
    scheduler_.post_deferred_completions(aborted);
}

inline void selector_reactor::post_immediate_completion(operation* op, bool is_continuation) const {
    scheduler_.post_immediate_completion(op, is_continuation);
}

inline void selector_reactor::call_post_immediate_completion(
    operation* op, bool is_continuation, void const* self) {
    static_cast<selector_reactor const*>(self)->post_immediate_completion(op, is_continuation);
}

// Timers, which are stored in Asio's queues

template <class Queue>
void selector_reactor::add_timer_queue(Queue& queue) {
    std::lock_guard const l(mutex_);
    timers_.insert(&queue);
}

template <class Queue>
void selector_reactor::remove_timer_queue(Queue& queue) {
    std::lock_guard const l(mutex_);
    timers_.erase(&queue);
}

template <class Queue>
void selector_reactor::schedule_timer(Queue& queue, typename Queue::time_type const& time,
    typename Queue::per_timer_data& timer, wait_op* op) {
    std::lock_guard const l(mutex_);
    if (shut_down_) {
        scheduler_.post_immediate_completion(op, false);
        return;
    }
    bool const earliest = queue.enqueue_timer(time, timer, op);
    scheduler_.work_started();
    ++pending_timers_;
    if (!earliest)
        return;
    note_earliest_timer(time);
    if (waiting_)
        selector_.wakeup();
}

template <class Queue>
std::size_t selector_reactor::cancel_timer(
    Queue& queue, typename Queue::per_timer_data& timer, std::size_t max_cancelled) {
    op_queue<operation> cancelled;
    std::size_t n;
    {
        std::lock_guard const l(mutex_);
        n = queue.cancel_timer(timer, cancelled, max_cancelled);
        note_cancelled_timers(n);
    }
    scheduler_.post_deferred_completions(cancelled);
    return n;
}

template <class Queue>
void selector_reactor::cancel_timer_by_key(
    Queue& queue, typename Queue::per_timer_data* timer, void* cancellation_key) {
    op_queue<operation> cancelled;
    {
        std::lock_guard const l(mutex_);
        queue.cancel_timer_by_key(timer, cancelled, cancellation_key);
        note_cancelled_timers(count(cancelled));
    }
    scheduler_.post_deferred_completions(cancelled);
}

template <class Queue>
void selector_reactor::move_timer(
    Queue& queue, typename Queue::per_timer_data& target, typename Queue::per_timer_data& source) {
    op_queue<operation> cancelled;
    {
        std::lock_guard const l(mutex_);
        note_cancelled_timers(queue.cancel_timer(target, cancelled));
        queue.move_timer(target, source);
    }
    scheduler_.post_deferred_completions(cancelled);
}

/// What expired together may have different expiry times: only the earliest is known. What had expired at
/// the end of the last wait was taken then. So a time before that was over already when it was set.
inline void selector_reactor::take_expired_timers(op_queue<operation>& due) {
    op_queue<operation> expired;
    timers_.get_ready_timers(expired);
    if (expired.empty())
        return;
    pending_timers_ -= count(expired);
    due.push(expired);
    if (auto const expiry = std::exchange(expiry_, never); expiry != never)
        timer_lateness_.add(wait_end_ - (std::max)(expiry, turn_begin_));
    find_expiry(clock::now()); // The next one may expire while handlers run.
}

inline void selector_reactor::note_cancelled_timers(std::size_t n) noexcept {
    pending_timers_ -= n;
    if (n > 0)
        timer_cancelled_.store(true, std::memory_order_relaxed);
}

/// Asio's queues say how long a timer still takes, but not how long ago it expired. So if one has
/// expired, the time that was known before stays.
/// @return how long the earliest timer still takes, in microseconds, at most `longest_wait`.
inline long selector_reactor::find_expiry(clock::time_point now) {
    timer_cancelled_.store(false, std::memory_order_relaxed);
    long const wait = timers_.wait_duration_usec(longest_wait);
    if (wait == 0)
        expiry_ = (std::min)(expiry_, now);
    else
        expiry_ = wait < longest_wait ? now + std::chrono::microseconds(wait) : never;
    return wait;
}

/// The timer of that time is the earliest of its queue.
template <class Time>
void selector_reactor::note_earliest_timer(Time const& time) {
    if constexpr (std::is_same_v<Time, clock::time_point>)
        expiry_ =
            timer_cancelled_.load(std::memory_order_relaxed) ? time : (std::min)(expiry_, time);
    else
        find_expiry(clock::now());
}

template <class Operation>
std::size_t selector_reactor::count(op_queue<Operation>& operations) noexcept {
    std::size_t n = 0;
    for (Operation* op = operations.front(); op;
         op = boost::asio::detail::op_queue_access::next(op))
        ++n;
    return n;
}

// Paused descriptors

/// Pauses the descriptor: it is watched again after @p time, or earlier if the pause of another one
/// ends earlier.
inline void selector_reactor::leave_out(state& s, std::chrono::milliseconds time) noexcept {
    std::lock_guard const l(mutex_);
    auto const end = clock::now() + time;
    if (!first_paused_ || end < pause_end_)
        pause_end_ = end;
    if (!s.next_paused) {
        s.next_paused = first_paused_ ? first_paused_ : &s;
        first_paused_ = &s;
    }
    if (waiting_)
        selector_.wakeup();
}

inline void selector_reactor::resume_paused(op_queue<operation>& due) {
    state* next = nullptr;
    {
        std::lock_guard const l(mutex_);
        if (!first_paused_ || clock::now() < pause_end_)
            return;
        std::swap(first_paused_, next);
    }
    while (next) {
        state& s = *next;
        {
            std::lock_guard const l(mutex_);
            next = std::exchange(s.next_paused, nullptr);
        }
        if (next == &s)
            next = nullptr;
        lock_guard const l(s.mutex);
        if (s.idle()) // The state may also have been closed, or stand for another descriptor now.
            continue;
        boost::system::error_code ec;
        arm(s, s.waited_for(), ec);
        s.unproductive = 1; // If nothing has changed, the next pause begins at once.
        if (!ec)
            continue;
        if (s.internal) // It has no handler.
            leave_out(s, pause_time);
        else
            take(s, due, ec);
    }
}

/// If the selector had to drop the registration, it is tried again before the next wait. If that
/// fails, the operations complete with the error.
inline void selector_reactor::note_dropped(state& s) {
    if (s.armed == event::none || selector_.find(s.descriptor))
        return;
    s.armed = event::none;
    if (!s.idle())
        leave_out(s, {});
}

// Descriptors whose number was reused

inline void selector_reactor::note_displacement(state& s) noexcept {
    if ((s.file & state::displaced) == 0)
        return;
    s.file &= ~state::displaced;
    s.armed = event::none;
}

/// Handles a number that was reused, because the program closed a descriptor that an I/O object of
/// Asio still owns. The new file takes the place of the old one. @return whether @p s can be
/// registered now.
inline bool selector_reactor::displace(state const& s) noexcept {
    auto const found = selector_.find(s.descriptor);
    if (!found)
        return true;
    state& other = descriptors_.find(found->data);
    std::uint64_t file = other.file;
    auto const now = selector_.find(s.descriptor);
    if (!now || now->data != found->data) // `file` may be another descriptor's.
        return displace(s);
    int error;
    if (file == s.file || detail::file_of(s.descriptor, error) != s.file || error != 0)
        return false;
    // This fails if the descriptor was closed, or the state reused, in the meantime.
    other.file.compare_exchange_strong(file, file | state::displaced);
    std::error_code ec;
    selector_.unregister(s.descriptor, ec);
    return true;
}

// Forks

inline void selector_reactor::notify_fork(boost::asio::execution_context::fork_event event) {
    std::error_code ec;
    switch (event) {
    case boost::asio::execution_context::fork_prepare:
        // The selector first: code inside its wait may need this reactor's mutex to finish.
        selector_.notify_fork(fork_event::prepare, ec);
        mutex_.hold();
        break;
    case boost::asio::execution_context::fork_parent:
        mutex_.release();
        selector_.notify_fork(fork_event::parent, ec);
        break;
    case boost::asio::execution_context::fork_child:
        if (!selector_.is_inherited()) // The child of vfork() uses its parent's memory.
            break;
        renew_locks();
        recreate_selector(ec);
        break;
    }
    boost::asio::detail::throw_error(detail::to_boost(ec), "selector re-registration");
}

/// Called in the child of a fork, which has no other thread yet.
inline void selector_reactor::renew_locks() {
    mutex_.renew();
    descriptors_.for_each([](state& s) { s.mutex.renew(); });
}

/// Recreates the selector's kernel objects in the child of a fork. Registrations that the selector
/// had to drop are tried again. So are paused descriptors, because a thread of the parent may have
/// been changing their list.
inline void selector_reactor::recreate_selector(std::error_code& ec) {
    selector_.notify_fork(fork_event::child, ec);
    {
        std::lock_guard const l(mutex_);
        first_paused_ = nullptr;
        descriptors_.for_each([](state& s) { s.next_paused = nullptr; });
    }
    descriptors_.for_each([this](state& s) {
        lock_guard const l(s.mutex);
        note_dropped(s);
        if (s.armed == event::none && !s.idle())
            leave_out(s, {});
    });
}

// Observers

inline void selector_reactor::note_speculation(reactor_op::status status) noexcept {
    speculations_.fetch_add(1, std::memory_order_relaxed);
    if (status != reactor_op::not_done)
        speculation_hits_.fetch_add(1, std::memory_order_relaxed);
}

inline void selector_reactor::note_work(clock::time_point wait_begin) noexcept {
    if (wait_end_ != clock::time_point()) // There was a wait before.
        lag_.add(wait_begin - wait_end_);
}

inline void selector_reactor::note_wait(
    clock::time_point begin, bool polls, std::size_t ready) noexcept {
    turn_begin_ = wait_end_ == clock::time_point() ? begin : wait_end_;
    wait_end_ = clock::now();
    auto const time = static_cast<std::uint64_t>((wait_end_ - begin).count());
    (polls ? polling_time_ : waiting_time_).add(time);
    if (ready > 0)
        ready_.add(ready);
}

inline context_statistics selector_reactor::get_statistics() {
    context_statistics s;
    static_cast<selector_statistics&>(s) = selector_.get_statistics();
    s.speculations = speculations_.load(std::memory_order_relaxed);
    s.speculation_hits = speculation_hits_.load(std::memory_order_relaxed);
    s.waiting = std::chrono::nanoseconds(waiting_time_.get());
    s.lag = lag_.snapshot();
    s.working = std::chrono::nanoseconds(s.lag.sum() + polling_time_.get());
    s.timer_lateness = timer_lateness_.snapshot();
    s.ready = ready_.snapshot();
    if (selector_.is_inherited()) // A thread of the parent may have held the locks.
        return s;
    std::uint32_t known;
    {
        std::lock_guard const l(mutex_);
        s.pending_timers = pending_timers_;
        known = descriptors_.size();
    }
    descriptors_.for_each_below(known, [&](state& d) {
        lock_guard const l(d.mutex);
        if (d.closed() || d.internal)
            return;
        ++s.descriptors;
        for (auto& operations : d.operations)
            s.pending_operations += count(operations);
    });
    return s;
}

inline context_statistics get_statistics(boost::asio::execution_context& context) {
    if (!boost::asio::has_service<selector_reactor>(context))
        return {};
    return boost::asio::use_service<selector_reactor>(context).get_statistics();
}

inline std::optional<std::chrono::steady_clock::time_point> selector_reactor::next_deadline() {
    std::lock_guard const l(mutex_);
    auto const now = clock::now();
    auto const wait = time_to_wait(-1, now);
    if (wait == (std::chrono::nanoseconds::max)())
        return std::nullopt;
    return now + std::chrono::ceil<clock::duration>(wait);
}

} // namespace boost_selectors

#endif
