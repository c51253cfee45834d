// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_DETAIL_SELECTOR_REACTOR_HPP
#define BOOST_SELECTORS_ASIO_DETAIL_SELECTOR_REACTOR_HPP

// The path of a read through this file, from top to bottom:
//
//     socket.async_read_some()
//         start_op()        tries the read if that is worth it; otherwise queues the operation
//             arm()         and makes the selector watch the descriptor
//     context.run()
//         run()             one thread at a time waits, and distributes what is ready
//             wait()        calls selector.select()
//             handle()      puts the descriptor into the scheduler's queue
//         do_complete()     runs on the thread that takes the descriptor from the queue
//             perform_io()  performs the descriptor's operations
//         the handler
//
// A descriptor_state stores readiness in three members:
//
//     armed       Events that the selector watches. They stay when the last operation is done,
//                 because the next operation usually starts soon.
//     ready       Events that were reported, but whose operations have not been performed yet.
//     remembered  Events that were reported while no operation waited for them. The next operation
//                 is tried at once (except waits and connects). If no operation starts before the
//                 event is reported again, the event is no longer watched; otherwise the event loop
//                 would spin. A hang-up, and data whose reads never had to wait, are no longer
//                 watched after the first report.
//
// A thread that has work for a sleeping thread calls interrupt(). No wake-up is lost: the waking
// thread records the wake-up, and then checks whether a thread sleeps; a thread that is about to
// sleep records that, and then checks for wake-ups. So at least one of them sees the other
// (base_selector does this for every backend). If no thread sleeps, the next wait ends at once.
//
// A thread that sets a timer or pauses a descriptor wakes the waiting thread if `waiting_` is set.
// `waiting_` is set under the same mutex under which the time to wait is computed.

#include <algorithm>
#include <atomic>
#include <boost/asio/detail/op_queue.hpp>
#include <boost/asio/detail/reactor_op.hpp>
#include <boost/asio/detail/scheduler_task.hpp>
#include <boost/asio/detail/socket_types.hpp>
#include <boost/asio/detail/timer_queue_base.hpp>
#include <boost/asio/detail/timer_queue_set.hpp>
#include <boost/asio/detail/wait_op.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost_selectors/asio/detail/descriptor_table.hpp>
#include <boost_selectors/asio/detail/live_histogram.hpp>
#include <boost_selectors/asio/detail/mixed_program.hpp>
#include <boost_selectors/asio/detail/optional_mutex.hpp>
#include <boost_selectors/asio/detail/requirements.hpp>
#include <boost_selectors/asio/get_statistics.hpp>
#include <boost_selectors/base_selector.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

// scheduler.hpp needs this class, so it can't be included before the class.

namespace boost {
namespace asio {
BOOST_ASIO_INLINE_NAMESPACE_BEGIN
namespace detail {
class scheduler;
} // namespace detail
BOOST_ASIO_INLINE_NAMESPACE_END
} // namespace asio
} // namespace boost

namespace boost_selectors {
namespace detail {
struct locking_configuration;
}
namespace test {
struct reactor_inspector;
}

/// Boost.Asio's reactor, on any selector. Asio's socket, descriptor, signal and timer services call
/// it. It implements Asio's reactor interface; no other code needs it.
///
/// A handle is registered with the selector when an operation first has to wait: level-triggered,
/// for the events that operations wait for. run() queues ready descriptors in the scheduler. The
/// thread that takes a descriptor from the queue performs its I/O, and then calls the handler.
///
/// Locks are taken in this order: a descriptor's, then the selector's or `mutex_`, then the
/// scheduler's. None is held while the selector waits. A thread that forks keeps other threads away
/// from what the selector's mutex and `mutex_` guard.
class selector_reactor
    : public boost::asio::detail::execution_context_service_base<selector_reactor>,
      public boost::asio::detail::scheduler_task {
public:
    using operation = boost::asio::detail::operation;
    using reactor_op = boost::asio::detail::reactor_op;
    using socket_type = boost::asio::detail::socket_type;
    using wait_op = boost::asio::detail::wait_op;
    template <class Operation>
    using op_queue = boost::asio::detail::op_queue<Operation>;

    enum op_types {
        read_op = detail::read_kind,
        write_op = detail::write_kind,
        connect_op = detail::write_kind,
        except_op = detail::except_kind,
        max_ops = detail::kinds
    };

    using per_descriptor_data = detail::descriptor_state*;

    explicit selector_reactor(boost::asio::execution_context& context);

    void shutdown() override;
    void notify_fork(boost::asio::execution_context::fork_event event) override;
    void init_task();

    /// @return 0, or the system's error: EBADF for a descriptor that is not open.
    int register_descriptor(socket_type descriptor, per_descriptor_data& data);
    int register_internal_descriptor(
        int op_type, socket_type descriptor, per_descriptor_data& data, reactor_op* op);
    void move_descriptor(
        socket_type descriptor, per_descriptor_data& target, per_descriptor_data& source);
    void deregister_descriptor(socket_type descriptor, per_descriptor_data& data, bool closing);
    void deregister_internal_descriptor(socket_type descriptor, per_descriptor_data& data);
    void cleanup_descriptor_data(per_descriptor_data& data);

    void start_op(int op_type, socket_type descriptor, per_descriptor_data& data, reactor_op* op,
        bool is_continuation, bool allow_speculative,
        void (*on_immediate)(operation*, bool, void const*), void const* immediate_argument);
    void start_op(int op_type, socket_type descriptor, per_descriptor_data& data, reactor_op* op,
        bool is_continuation, bool allow_speculative) {
        start_op(op_type, descriptor, data, op, is_continuation, allow_speculative,
            &selector_reactor::call_post_immediate_completion, this);
    }

    void post_immediate_completion(operation* op, bool is_continuation) const;
    static void call_post_immediate_completion(
        operation* op, bool is_continuation, void const* self);

    void cancel_ops(socket_type descriptor, per_descriptor_data& data);
    void cancel_ops_by_key(
        socket_type descriptor, per_descriptor_data& data, int op_type, void* cancellation_key);

    // A timer queue's template parameters differ between versions of Asio.

    template <class Queue>
    void add_timer_queue(Queue& queue);
    template <class Queue>
    void remove_timer_queue(Queue& queue);
    template <class Queue>
    void schedule_timer(Queue& queue, typename Queue::time_type const& time,
        typename Queue::per_timer_data& timer, wait_op* op);
    template <class Queue>
    std::size_t cancel_timer(Queue& queue, typename Queue::per_timer_data& timer,
        std::size_t max_cancelled = (std::numeric_limits<std::size_t>::max)());
    template <class Queue>
    void cancel_timer_by_key(
        Queue& queue, typename Queue::per_timer_data* timer, void* cancellation_key);
    template <class Queue>
    void move_timer(Queue& queue, typename Queue::per_timer_data& target,
        typename Queue::per_timer_data& source);

    /// Waits for readiness or a timer. Puts the descriptors whose operations can proceed, and the
    /// operations of timers that expired, into @p due. Passes on exceptions of the selector.
    /// @param usec the maximum time in microseconds; 0 polls, a negative number means no time
    ///     limit.
    void run(long usec, op_queue<operation>& due) override;
    void interrupt() override;

    context_statistics get_statistics();

    /// Returns when run() has something to do even if nothing becomes ready; nullopt means never.
    std::optional<std::chrono::steady_clock::time_point> next_deadline();

    /// Performs the operations of a ready descriptor, and completes the first one that is done. The
    /// scheduler calls this function.
    /// @param scheduler null if the descriptor is only to be dropped.
    static void do_complete(
        void* scheduler, operation* descriptor, boost::system::error_code const& ec, std::size_t);

private:
    friend struct test::reactor_inspector; // Lets tests inspect the reactor.

    using state = detail::descriptor_state;
    using lock_guard = detail::optional_lock_guard;
    using unique_lock = detail::optional_unique_lock;
    using clock = std::chrono::steady_clock;

    /// How long a descriptor is paused if its readiness lets no operation proceed. Its other events
    /// may be noticed that much later.
    static constexpr std::chrono::milliseconds pause_time{4};

    /// Five minutes in microseconds, so that a change of the system's clock is noticed.
    static constexpr long longest_wait = 5L * 60 * 1'000'000;

    static constexpr clock::time_point never = (clock::time_point::max)();

    selector_reactor(boost::asio::execution_context& context,
        boost::asio::detail::scheduler& scheduler, detail::locking_configuration const& locking);

    state& allocate(socket_type descriptor, std::uint64_t file, bool internal);
    void free(state& s);
    bool is_current(state const& s, void* identity) const noexcept {
        return !s.closed() && s.identity == identity;
    }
    void close(
        state& s, op_queue<operation>& aborted, boost::system::error_code const& reason) noexcept;
    static void take(
        state& s, op_queue<operation>& taken, boost::system::error_code const& reason) noexcept;

    void arm(state& s, event wanted, boost::system::error_code& ec);
    void disarm(state& s, event unwanted);
    void unregister(state& s) noexcept;
    void modify(state& s, interest wanted);
    void note_dropped(state& s);
    void leave_out(state& s, std::chrono::milliseconds time) noexcept;
    static void note_displacement(state& s) noexcept;
    bool displace(state const& s) noexcept;
    void remember(state& s, event unwanted, bool hang_up);
    void note_progress(state& s, bool any);
    void resume_paused(op_queue<operation>& due);

    void note_speculation(reactor_op::status status) noexcept;
    void perform_io(state& s, op_queue<operation>& finished);
    bool perform(state& s, int kind, op_queue<operation>& finished);

    void renew_locks();
    void recreate_selector(std::error_code& ec);
    ready_list wait(long usec);
    void note_work(clock::time_point wait_begin) noexcept;
    void note_wait(clock::time_point begin, bool polls, std::size_t ready) noexcept;
    std::chrono::nanoseconds time_to_wait(long usec, clock::time_point now);
    long find_expiry(clock::time_point now);
    template <class Time>
    void note_earliest_timer(Time const& time);
    void take_expired_timers(op_queue<operation>& due);
    void note_cancelled_timers(std::size_t n) noexcept;
    template <class Operation>
    static std::size_t count(op_queue<Operation>& operations) noexcept;
    void handle(ready_event const& ready, op_queue<operation>& due);

    boost::asio::detail::scheduler& scheduler_;
    base_selector& selector_;
    bool const has_edge_;
    bool const has_priority_;
    std::atomic<std::uint64_t> speculations_{0};
    std::atomic<std::uint64_t> speculation_hits_{0};
    detail::live_histogram lag_;            ///< See context_statistics.
    detail::live_histogram ready_;          ///< See context_statistics.
    detail::live_histogram timer_lateness_; ///< See context_statistics.
    detail::live_sum waiting_time_;         ///< In nanoseconds.
    detail::live_sum polling_time_;         ///< In nanoseconds.
    clock::time_point wait_end_;            ///< The end of the last wait.
    clock::time_point turn_begin_; ///< The end of the wait before, or the first wait's begin.

    detail::holdable_mutex mutex_; ///< Guards everything below; the table can be read without it.
    detail::descriptor_table descriptors_;
    boost::asio::detail::timer_queue_set timers_;
    std::size_t pending_timers_ = 0; ///< Their operations.
    /// When the earliest timer expires or has expired; too early if `timer_cancelled_`.
    clock::time_point expiry_ = never;
    std::atomic<bool> timer_cancelled_{false};
    state* first_paused_ = nullptr; ///< The list of paused states.
    clock::time_point pause_end_;   ///< When paused states are watched again.
    /// The time to wait was computed. Code that shortens it must call wakeup().
    bool waiting_ = false;
    bool shut_down_ = false;
};

} // namespace boost_selectors

// Headers that the functions below need. Some of them need the class above.

#include <boost/asio/detail/handler_tracking.hpp>
#include <boost/asio/detail/scheduler.hpp>
#include <boost/asio/detail/throw_error.hpp>
#include <boost/asio/error.hpp>
#include <boost_selectors/asio/detail/to_boost.hpp>
#include <boost_selectors/error.hpp>
#include <thread>
#include <utility>

namespace boost_selectors {

// Starting an operation

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
    if (s.closed()) {
        l.unlock();
        on_immediate(op, is_continuation, immediate_argument);
        return;
    }
    if (s.operations[op_type].empty()) {
        event const kind = detail::event_of(op_type);
        bool const remembered = has(s.remembered, kind);
        s.remembered &= ~kind;
        if (!allow_speculative)
            s.ready &= ~kind;
        // Out-of-band data is read before normal data. Without `allow_speculative` (for a wait or a
        // connect), only a new report counts, because remembered readiness may be outdated.
        bool const try_first =
            allow_speculative && (op_type != read_op || (s.operations[except_op].empty() &&
                                                            (!has(s.armed, kind) || remembered ||
                                                                s.reads.worth_a_try())));
        if (try_first) {
            reactor_op::status const status = op->perform();
            note_speculation(status);
            if (op_type == read_op)
                s.reads.note_try(status != reactor_op::not_done);
            if (status != reactor_op::not_done) {
                if (op_type == read_op)
                    s.unproductive = 0;
                l.unlock();
                on_immediate(op, is_continuation, immediate_argument);
                return;
            }
        } else if (op_type == read_op) {
            s.reads.note_skipped();
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

/// Makes the selector watch for @p wanted, too, level-triggered. If the selector can't watch for
/// out-of-band data and errors, operations that wait for them wait until they are cancelled, as on
/// Asio's kqueue reactor.
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
        selector_.register_handle(s.descriptor, all, s.identity, failure);
        if (failure == error::already_registered && displace(s))
            selector_.register_handle(s.descriptor, all, s.identity, failure);
    }
    if (failure == error::forked) // wait() will recreate the selector for this child.
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

// Waiting, and queuing ready descriptors in the scheduler

inline void selector_reactor::run(long usec, op_queue<operation>& due) {
    for (ready_event const& ready : wait(usec))
        handle(ready, due);
    resume_paused(due);
    std::lock_guard const l(mutex_);
    waiting_ = false;
    take_expired_timers(due);
}

inline ready_list selector_reactor::wait(long usec) {
    constexpr std::size_t max_events = 128;
    constexpr std::chrono::milliseconds retry_interval(1);
    /// If the wait fails or throws, ends it, and resets `waiting_`, which run() does otherwise.
    struct failed_wait {
        selector_reactor& reactor;
        bool failed;
        ~failed_wait() {
            if (!failed)
                return;
            reactor.wait_end_ = clock::now();
            std::lock_guard const l(reactor.mutex_);
            reactor.waiting_ = false;
        }
    } scope{*this, true};
    clock::time_point const begin = clock::now();
    note_work(begin);
    std::chrono::nanoseconds timeout(0);
    if (usec != 0 || timer_cancelled_.load(std::memory_order_relaxed)) {
        std::lock_guard const l(mutex_);
        timeout = time_to_wait(usec, begin);
        waiting_ = usec != 0;
    }
    std::error_code ec;
    ready_list list = selector_.select(timeout, max_events, ec);
    if (ec == error::forked) { // A child without notify_fork(), as after daemon(3).
        mutex_.forget_holder();
        recreate_selector(ec);
        if (!ec)
            list = selector_.select(timeout, max_events, ec);
    }
    if (ec && detail::is_transient(ec)) { // As if nothing were ready, but run() must not spin.
        if (usec != 0)
            std::this_thread::sleep_for(retry_interval);
        ec.clear();
    }
    if (ec)
        boost::asio::detail::throw_error(detail::to_boost(ec), "select");
    note_wait(begin, usec == 0, list.size());
    scope.failed = false;
    return list;
}

/// @return zero if @p usec is.
inline std::chrono::nanoseconds selector_reactor::time_to_wait(long usec, clock::time_point now) {
    if (usec < 0 && timers_.all_empty() && !first_paused_) {
        expiry_ = never;
        return (std::chrono::nanoseconds::max)();
    }
    long wait = find_expiry(now);
    if (usec < 0 || usec > longest_wait)
        usec = longest_wait;
    // The kernel may be late by a thousandth of a timeout. So wait a little less, and then once
    // more for the short rest.
    constexpr long noticeable = 20'000;
    if (wait < usec && wait > noticeable)
        wait -= wait / 500;
    std::chrono::nanoseconds timeout = std::chrono::microseconds((std::min)(wait, usec));
    if (first_paused_)
        timeout = std::clamp<std::chrono::nanoseconds>(pause_end_ - now, {}, timeout);
    return timeout;
}

inline void selector_reactor::handle(ready_event const& ready, op_queue<operation>& due) {
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
    lock_guard const l(s.mutex);
    if (!is_current(s, identity))
        return;
    if (s.internal) { // Its operation is never done.
        s.operations[read_op].front()->perform();
        return;
    }
    event const waited_for = ready.events & s.waited_for();
    if (event const unwanted = ready.events & ~waited_for; unwanted != event::none)
        remember(s, unwanted, ready.hang_up || ready.error);
    if (waited_for == event::none)
        return;
    s.ready |= waited_for;
    if (s.queued) { // A thread has taken it from the queue, but not performed it yet.
        perform_io(s, due);
    } else {
        s.queued = true;
        due.push(&s);
    }
}

/// Handles readiness that no operation waits for. The next operation will probably start soon.
inline void selector_reactor::remember(state& s, event unwanted, bool hang_up) {
    if (hang_up && s.idle()) // A hang-up is reported as long as the handle is registered at all.
        disarm(s, all_events);
    else
        disarm(s, unwanted & (s.reads.sure() ? s.remembered | event::read : s.remembered));
    s.remembered = (s.remembered | unwanted) & s.armed;
}

// Performing the operations of a descriptor from the queue

inline void selector_reactor::do_complete(
    void* scheduler, operation* descriptor, boost::system::error_code const& ec, std::size_t) {
    if (!scheduler)
        return;
    state& s = static_cast<state&>(*descriptor);
    selector_reactor& self = s.reactor;
    op_queue<operation> finished;
    /// Posts the finished operations if none is completed here, or if one throws.
    struct finish_later {
        selector_reactor& reactor;
        op_queue<operation>& finished;
        bool needed;
        ~finish_later() {
            if (!needed)
                return;
            // The scheduler counts this call as one finished operation.
            reactor.scheduler_.compensating_work_started();
            reactor.scheduler_.post_deferred_completions(finished);
        }
    } scope{self, finished, true};
    {
        lock_guard const l(s.mutex);
        s.queued = false;
        self.perform_io(s, finished);
    }
    operation* const first = finished.front();
    if (!first)
        return;
    scope.needed = false;
    finished.pop();
    self.scheduler_.post_deferred_completions(finished);
    first->complete(scheduler, ec, 0);
}

inline void selector_reactor::perform_io(state& s, op_queue<operation>& finished) {
    event const ready = std::exchange(s.ready, event::none);
    bool waited_for = false;
    bool progress = false;
    // In reverse order, because out-of-band data is read before normal data.
    for (int kind = max_ops - 1; kind >= 0; --kind) {
        if (!has(ready, detail::event_of(kind)) || s.operations[kind].empty())
            continue;
        waited_for = true;
        progress |= perform(s, kind, finished);
    }
    if (waited_for)
        note_progress(s, progress);
}

/// Performs the operations of one kind. @return whether an operation was finished.
inline bool selector_reactor::perform(state& s, int kind, op_queue<operation>& finished) {
    bool any = false;
    while (reactor_op* const op = s.operations[kind].front()) {
        reactor_op::status const status = op->perform();
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

/// Keeps the event loop from spinning if readiness lets none of the waiting operations proceed (an
/// unread error queue, for example). If the selector supports edge triggering, the descriptor
/// becomes edge-triggered. To pause it instead would be slow: with an unread notification of
/// MSG_ZEROCOPY, a round trip would take 4 ms instead of 14 us.
inline void selector_reactor::note_progress(state& s, bool any) {
    if (any) {
        s.unproductive = 0;
        if (s.mode != trigger::level)
            modify(s, {s.armed, trigger::level});
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

// Changing what the selector watches

inline void selector_reactor::disarm(state& s, event unwanted) {
    event const rest = s.armed & ~unwanted;
    if (rest == event::none)
        unregister(s);
    else if (rest != s.armed)
        modify(s, {rest, s.mode});
}

/// Changes what is watched. If the system refuses, either the old registration stays, and what is
/// ready is reported once more, even if it is edge-triggered; or the selector had to drop the
/// registration, and it is tried again before the next wait.
inline void selector_reactor::modify(state& s, interest wanted) {
    note_displacement(s);
    if (s.armed == event::none)
        return;
    std::error_code ec;
    selector_.modify(s.descriptor, wanted, ec);
    if (ec)
        return note_dropped(s);
    s.armed = wanted.events;
    s.mode = wanted.mode;
}

inline void selector_reactor::unregister(state& s) noexcept {
    note_displacement(s);
    if (s.armed == event::none)
        return;
    std::error_code ec;
    selector_.unregister(s.descriptor, ec); // It can fail only if it is not registered.
    s.armed = event::none;
}

} // namespace boost_selectors

#include <boost_selectors/asio/detail/reactor_services.hpp>

#endif
