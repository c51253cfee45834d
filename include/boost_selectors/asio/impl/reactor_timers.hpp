// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_IMPL_REACTOR_TIMERS_HPP
#define BOOST_SELECTORS_ASIO_IMPL_REACTOR_TIMERS_HPP

// Timers, which Asio's queues hold.

#include <boost/asio/detail/scheduler.hpp>

namespace boost_selectors {

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
    if (earliest && waiting_)
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
    }
    scheduler_.post_deferred_completions(cancelled);
}

template <class Queue>
void selector_reactor::move_timer(
    Queue& queue, typename Queue::per_timer_data& target, typename Queue::per_timer_data& source) {
    op_queue<operation> cancelled;
    {
        std::lock_guard const l(mutex_);
        queue.cancel_timer(target, cancelled);
        queue.move_timer(target, source);
    }
    scheduler_.post_deferred_completions(cancelled);
}

} // namespace boost_selectors

#endif
