// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_IMPL_REACTOR_OPERATIONS_HPP
#define BOOST_SELECTORS_ASIO_IMPL_REACTOR_OPERATIONS_HPP

// Operations: started, cancelled, and performed when their descriptor is ready.

#include <boost/asio/detail/scheduler.hpp>
#include <boost/asio/error.hpp>
#include <utility>

namespace boost_selectors {

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
        unregister(*data); // After dup2() another file may have the number.
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

inline void selector_reactor::note_speculation(reactor_op::status status) noexcept {
    speculations_.fetch_add(1, std::memory_order_relaxed);
    if (status != reactor_op::not_done)
        speculation_hits_.fetch_add(1, std::memory_order_relaxed);
}

inline void selector_reactor::complete(
    void* scheduler, operation* descriptor, boost::system::error_code const& ec, std::size_t) {
    if (!scheduler)
        return;
    state& s = static_cast<state&>(*descriptor);
    selector_reactor& self = s.reactor;
    op_queue<operation> finished;
    /// Unless an operation completes here: posts what is finished, also if the selector throws.
    struct finish_later {
        selector_reactor& reactor;
        op_queue<operation>& finished;
        bool needed;
        ~finish_later() {
            if (!needed)
                return;
            // The scheduler counts this call as an operation that ended.
            reactor.scheduler_.compensating_work_started();
            reactor.scheduler_.post_deferred_completions(finished);
        }
    } scope{self, finished, true};
    {
        lock_guard const l(s.mutex);
        s.queued = false;
        self.perform_ready(s, finished);
    }
    operation* const first = finished.front();
    if (!first)
        return;
    scope.needed = false;
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

} // namespace boost_selectors

#endif
