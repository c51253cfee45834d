// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_IMPL_SELECTOR_REACTOR_HPP
#define BOOST_SELECTORS_ASIO_IMPL_SELECTOR_REACTOR_HPP

// The reactor's life, and its loop.

#include <algorithm>
#include <boost/asio/detail/handler_tracking.hpp>
#include <boost/asio/detail/scheduler.hpp>
#include <boost/asio/detail/throw_error.hpp>
#include <boost_selectors/asio/detail/to_boost.hpp>
#include <boost_selectors/asio/detail/versions.hpp>
#include <boost_selectors/asio/selector_service.hpp>
#include <thread>

namespace boost_selectors {

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

/// Nobody else uses the context any more. What is locked all the same in the child of a fork, a
/// thread has locked that is not there.
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
        if (!s.closed)
            close(s, abandoned, {});
    });
    timers_.get_all_timers(abandoned);
    scheduler_.abandon_operations(abandoned);
}

inline void selector_reactor::notify_fork(boost::asio::execution_context::fork_event event) {
    std::error_code ec;
    switch (event) {
    case boost::asio::execution_context::fork_prepare:
        // The selector first: what runs inside its wait may need our mutex to come to an end.
        selector_.notify_fork(fork_event::prepare, ec);
        mutex_.hold();
        break;
    case boost::asio::execution_context::fork_parent:
        mutex_.release();
        selector_.notify_fork(fork_event::parent, ec);
        break;
    case boost::asio::execution_context::fork_child:
        if (!selector_.is_inherited()) // The child of vfork() has its parent's memory.
            break;
        renew_locks();
        recreate_selector(ec);
        break;
    }
    boost::asio::detail::throw_error(detail::to_boost(ec), "selector re-registration");
}

/// In the child of a fork, which has no other thread yet.
inline void selector_reactor::renew_locks() {
    mutex_.renew();
    descriptors_.for_each([](state& s) { s.mutex.renew(); });
}

/// Gives the child of a fork a selector of its own. What the selector had to drop is tried again.
inline void selector_reactor::recreate_selector(std::error_code& ec) {
    selector_.notify_fork(fork_event::child, ec);
    descriptors_.for_each([this](state& s) {
        lock_guard const l(s.mutex);
        note_dropped(s);
    });
}

inline void selector_reactor::init_task() {
    scheduler_.init_task();
}

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
    std::lock_guard const l(mutex_);
    waiting_ = false;
    timers_.get_ready_timers(due);
}

inline void selector_reactor::interrupt() {
    selector_.wakeup();
}

inline ready_list selector_reactor::wait(long usec) {
    constexpr std::size_t max_events = 128;
    constexpr std::chrono::milliseconds retry_interval(1);
    /// If the wait fails or throws, nothing is left that run() would do after it.
    struct failed_wait {
        selector_reactor& reactor;
        bool failed;
        ~failed_wait() {
            if (!failed)
                return;
            std::lock_guard const l(reactor.mutex_);
            reactor.waiting_ = false;
        }
    } scope{*this, true};
    note_lag();
    std::chrono::nanoseconds timeout(0);
    if (usec != 0) {
        std::lock_guard const l(mutex_);
        timeout = time_to_wait(usec);
        waiting_ = true;
    }
    std::error_code ec;
    ready_list list = selector_.select(timeout, max_events, ec);
    if (ec == error::forked) { // A child that goes on without notify_fork(), as after daemon(3).
        mutex_.forget_holder();
        recreate_selector(ec);
        if (!ec)
            list = selector_.select(timeout, max_events, ec);
    }
    if (detail::is_transient(ec)) { // As if nothing were ready, but without spinning.
        std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(timeout, retry_interval));
        ec.clear();
    }
    if (ec)
        boost::asio::detail::throw_error(detail::to_boost(ec), "select");
    wait_end_ = clock::now();
    scope.failed = false;
    return list;
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
    std::lock_guard const l(mutex_);
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
    bool const any_paused = first_paused_ != detail::descriptor_table::none;
    if (usec < 0 && timers_.all_empty() && !any_paused)
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
    if (any_paused)
        timeout = std::clamp<std::chrono::nanoseconds>(pause_end_ - clock::now(), {}, timeout);
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

} // namespace boost_selectors

#endif
