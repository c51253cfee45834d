// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_IMPL_REACTOR_DESCRIPTORS_HPP
#define BOOST_SELECTORS_ASIO_IMPL_REACTOR_DESCRIPTORS_HPP

// A descriptor's time with the reactor, from its registration on.

#include <boost/asio/detail/handler_tracking.hpp>
#include <boost/asio/detail/scheduler.hpp>
#include <boost/asio/error.hpp>
#include <boost_selectors/asio/detail/file_of.hpp>
#include <utility>

namespace boost_selectors {

inline detail::descriptor_state::descriptor_state(
    selector_reactor& own_reactor, std::uint32_t own_index, bool locking, int spins) noexcept
    : boost::asio::detail::operation(&selector_reactor::complete)
    , reactor(own_reactor)
    , mutex(locking, spins)
    , index(own_index) {}

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
    s->displaced = false;
    ++s->generation;
    s->armed = s->remembered = s->unwanted = event::none;
    s->mode = trigger::level;
    s->reads = {};
    s->unproductive = 0;
    s->internal = internal;
    s->free_when_performed = false;
    s->closed = false;
    BOOST_ASIO_HANDLER_REACTOR_REGISTRATION((context(), static_cast<std::uintmax_t>(descriptor),
        reinterpret_cast<std::uintmax_t>(detail::descriptor_table::identity(*s))));
    return *s;
}

inline void selector_reactor::free(state& s) {
    std::lock_guard const l(mutex_);
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
    int error; // It is Asio's own descriptor, and open.
    state& s = allocate(descriptor, detail::file_of(descriptor, error), true);
    data = &s;
    lock_guard const l(s.mutex);
    s.operations[op_type].push(op);
    boost::system::error_code ec;
    arm(s, detail::event_of(op_type), ec);
    if (ec) // Asio's services don't look at what is returned.
        leave_out(s, pause_time);
    return 0;
}

inline void selector_reactor::move_descriptor(
    socket_type, per_descriptor_data& target, per_descriptor_data& source) {
    target = std::exchange(source, nullptr);
}

inline void selector_reactor::deregister_descriptor(
    socket_type, per_descriptor_data& data, bool /*closing*/) {
    if (!data)
        return;
    if (selector_.is_inherited()) // A thread may have locked it that is not there.
        data->mutex.renew();
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

} // namespace boost_selectors

#endif
