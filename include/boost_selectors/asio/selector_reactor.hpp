// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_SELECTOR_REACTOR_HPP
#define BOOST_SELECTORS_ASIO_SELECTOR_REACTOR_HPP

#include <atomic>
#include <boost/asio/detail/op_queue.hpp>
#include <boost/asio/detail/reactor_op.hpp>
#include <boost/asio/detail/scheduler_task.hpp>
#include <boost/asio/detail/socket_types.hpp>
#include <boost/asio/detail/timer_queue_base.hpp>
#include <boost/asio/detail/timer_queue_set.hpp>
#include <boost/asio/detail/wait_op.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost_selectors/asio/context_statistics.hpp>
#include <boost_selectors/asio/detail/descriptor_table.hpp>
#include <boost_selectors/asio/detail/mixed_program.hpp>
#include <boost_selectors/asio/detail/optional_mutex.hpp>
#include <boost_selectors/asio/detail/requirements.hpp>
#include <boost_selectors/base_selector.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

// Asio's scheduler names this class where it is defined, so it can't be included before.

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

/// Boost.Asio's reactor, on any selector: what Asio's socket, descriptor, signal and timer services
/// call. Its interface is Asio's; nobody else need use it.
///
/// A handle is registered with the selector when an operation first has to wait, level-triggered,
/// for what operations wait for. A descriptor that run() finds ready is queued in the scheduler,
/// and the thread that takes it from there performs its I/O and calls the handler, one after the
/// other. The interest stays when the descriptor's queue runs empty, since the next operation is
/// about to come; readiness that finds none is remembered, and if it comes again, or if reads have
/// long found their data there at the first try, the interest is dropped.
///
/// Locks are taken in this order: a descriptor's, then the selector's or `mutex_`, then the
/// scheduler's. None is held while the selector waits. While a thread forks, it keeps others away
/// from what the selector's and `mutex_` guard.
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

    /// Waits for readiness or a timer, and puts into @p due the descriptors whose operations can
    /// proceed, and the timers' operations. Lets through what the selector throws.
    /// @param usec as long at the most, in microseconds; 0 polls, a negative number is for ever.
    void run(long usec, op_queue<operation>& due) override;
    void interrupt() override;

    /// The lag starts anew.
    context_statistics take_statistics();

    /// When run() has something to do at the latest, without an event; nothing if there is nothing.
    std::optional<std::chrono::steady_clock::time_point> next_deadline();

    /// What the scheduler does with a descriptor that is ready: performs its operations, and
    /// completes the first of those that are done.
    /// @param scheduler null if the descriptor is to be forgotten.
    static void complete(
        void* scheduler, operation* descriptor, boost::system::error_code const& ec, std::size_t);

private:
    friend struct test::reactor_inspector; // The tests' look inside.

    using state = detail::descriptor_state;
    using lock_guard = detail::optional_lock_guard;
    using unique_lock = detail::optional_unique_lock;
    using clock = std::chrono::steady_clock;

    /// How long a descriptor is left out whose readiness leads to nothing: as late may other
    /// readiness of it be.
    static constexpr std::chrono::milliseconds pause_time{4};

    selector_reactor(boost::asio::execution_context& context,
        boost::asio::detail::scheduler& scheduler, detail::locking_configuration const& locking);

    state& allocate(socket_type descriptor, std::uint64_t file, bool internal);
    void free(state& s);
    bool is_current(state const& s, void* identity) const noexcept {
        return !s.closed && detail::descriptor_table::identity(s) == identity;
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
    void note_unwanted(state& s, event unwanted, bool hang_up);
    void note_progress(state& s, bool any);
    void resume_paused(op_queue<operation>& due);

    void note_speculation(reactor_op::status status) noexcept;
    void perform_ready(state& s, op_queue<operation>& finished);
    bool perform(state& s, int kind, op_queue<operation>& finished);
    void perform_internal(state& s, unique_lock& l);

    void renew_locks();
    void recreate_selector(std::error_code& ec);
    ready_list wait(long usec);
    void note_lag() noexcept;
    std::chrono::nanoseconds time_to_wait(long usec) const;
    state* handle(ready_event const& ready, op_queue<operation>& due);

    boost::asio::detail::scheduler& scheduler_;
    base_selector& selector_;
    bool const has_edge_;
    bool const has_priority_;
    std::atomic<std::uint64_t> speculations_{0};
    std::atomic<std::uint64_t> speculation_hits_{0};
    std::atomic<clock::rep> longest_lag_{0};
    clock::time_point wait_end_; ///< Of the last wait.

    detail::holdable_mutex mutex_; ///< Guards all below.
    detail::descriptor_table descriptors_;
    boost::asio::detail::timer_queue_set timers_;
    std::uint32_t first_paused_ = detail::descriptor_table::none; ///< States that are left out.
    clock::time_point pause_end_;                                 ///< When those are watched again.
    bool waiting_ = false; ///< For a time that was computed before now.
    bool shut_down_ = false;
};

} // namespace boost_selectors

#include <boost_selectors/asio/impl/reactor_descriptors.hpp>
#include <boost_selectors/asio/impl/reactor_interest.hpp>
#include <boost_selectors/asio/impl/reactor_operations.hpp>
#include <boost_selectors/asio/impl/reactor_timers.hpp>
#include <boost_selectors/asio/impl/selector_reactor.hpp>

#endif
