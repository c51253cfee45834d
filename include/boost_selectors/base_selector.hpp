// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_BASE_SELECTOR_HPP
#define BOOST_SELECTORS_BASE_SELECTOR_HPP

#include <boost_selectors/capabilities.hpp>
#include <boost_selectors/config.hpp>
#include <boost_selectors/error.hpp>
#include <boost_selectors/fork_event.hpp>
#include <boost_selectors/map_view.hpp>
#include <boost_selectors/ready_event.hpp>
#include <boost_selectors/selector_backend.hpp>
#include <boost_selectors/selector_key.hpp>
#include <boost_selectors/selector_statistics.hpp>
#include <chrono>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <type_traits>

namespace boost_selectors {

/// Waits until handles are ready to be read from or written to, and returns the ready ones.
///
/// One interface to select, poll, epoll, io_uring, kqueue and IOCP, modelled on Python's
/// `selectors.BaseSelector`. A handle is a file descriptor, or a `SOCKET` on Windows. A selector
/// owns a selector_backend, which makes the system calls. The behaviour is the same on every
/// backend.
///
/// @par Example
/// @code
/// boost_selectors::default_selector selector;
/// selector.register_handle(socket, event::read, &session);
/// for (ready_event const& ready : selector.select(std::chrono::seconds(1)))
///     static_cast<session_type*>(ready.key.data)->on_readable();
/// @endcode
///
/// @par Errors
/// - Every member function that can fail, except get_map(), has two forms. One throws
///   `std::system_error`. The other takes a `std::error_code&` as its last parameter, and sets it.
/// - A call that fails changes nothing, unless its documentation says otherwise.
/// - The throwing form passes on exceptions of the backend, and `std::bad_alloc`, unchanged. The
///   other form converts them to an error code: the code of a `std::system_error`,
///   errc::not_enough_memory, or error::backend_failed. select() and select_until() pass them on in
///   both forms, because callbacks of another event loop may run inside the wait.
/// - After close(), these functions fail with error::closed: register_handle(), modify(),
///   unregister(), select(), select_until(), get_key(), get_map(), native_handle(), and
///   notify_fork() with fork_event::child.
/// - In the child of a fork, the same functions except unregister() and notify_fork() fail with
///   error::forked until notify_fork() has succeeded.
///
/// @par Duties of the caller
/// Unregister a handle before it is closed by `close(2)`. A call of unregister() after the close
/// works too, with the handle's old value. But between the two calls, the system may give the same
/// number to another file.
///
/// @par Thread safety
/// Only one thread at a time can be in select(); a second call fails with error::already_selecting.
/// Every other function may be called from any thread at any time, also while a thread is blocked
/// in select(). Changes take effect in that same wait. Precondition of the destructor: no thread
/// uses the selector.
///
/// @par Complexity
/// Finding a handle's registration takes constant time. Each backend documents the cost of its
/// system calls, and how it grows.
///
/// @see https://docs.python.org/3/library/selectors.html
class BOOST_SELECTORS_DECL base_selector {
public:
    /// No limit; the default for `max_events`.
    static constexpr std::size_t unlimited = (std::numeric_limits<std::size_t>::max)();

    /// Makes a selector on @p backend, with nothing registered.
    /// @throws std::system_error errc::invalid_argument if @p backend is null.
    explicit base_selector(std::unique_ptr<selector_backend> backend);

    base_selector(base_selector const&) = delete;
    base_selector& operator=(base_selector const&) = delete;

    /// Closes the selector. Precondition: no thread uses it.
    virtual ~base_selector();

    /// @{
    /// Registers @p handle, and starts watching it.
    ///
    /// @param handle a descriptor, or an object with a native_handle().
    /// @param wanted the events to report, at least one, and their trigger.
    /// @param data any pointer; select() returns it in the key. The selector does not own it.
    /// @return the new key.
    /// @throws std::system_error error::invalid_handle, error::invalid_events,
    ///     error::already_registered, error::unsupported_trigger, error::unsupported_event,
    ///     error::limit_reached, error::closed; or the system's error: EBADF for a closed handle,
    ///     EPERM for a kind of file that the system can't watch.
    selector_key register_handle(handle_argument handle, interest wanted, void* data = nullptr);
    selector_key register_handle(
        handle_argument handle, interest wanted, void* data, std::error_code& ec);
    /// @}

    /// Registers @p handle with a null `data`. Otherwise the same as the forms with `data`.
    selector_key register_handle(handle_argument handle, interest wanted, std::error_code& ec);

    /// @{
    /// Changes the events and the trigger of a registered handle, and keeps its data.
    ///
    /// Arms edge and oneshot triggering again, even if nothing else changes. If the system refuses
    /// the change, the selector restores the old registration. If that fails too, it drops the
    /// registration. After a failure, find() shows whether the handle is still registered.
    ///
    /// @param handle a registered descriptor, or an object with a native_handle().
    /// @param wanted the events to report from now on, at least one, and their trigger.
    /// @return the new key.
    /// @throws std::system_error as register_handle(), and error::not_registered.
    selector_key modify(handle_argument handle, interest wanted);
    selector_key modify(handle_argument handle, interest wanted, std::error_code& ec);
    /// @}

    /// @{
    /// Changes the events, the trigger and the data of a registered handle.
    ///
    /// Otherwise the same as the forms without `data`. Changing only the data of a level-triggered
    /// registration costs no system call.
    ///
    /// @param handle a registered descriptor, or an object with a native_handle().
    /// @param wanted the events to report from now on, at least one, and their trigger.
    /// @param data the pointer that select() returns in the key from now on; not owned.
    /// @return the new key.
    /// @throws std::system_error as register_handle(), and error::not_registered.
    selector_key modify(handle_argument handle, interest wanted, void* data);
    selector_key modify(handle_argument handle, interest wanted, void* data, std::error_code& ec);
    /// @}

    /// @{
    /// Unregisters @p handle, and stops watching it.
    ///
    /// When it returns, the system no longer keeps the file open on the selector's behalf. So a
    /// `close()` of the file afterwards takes effect at once, even while another thread is in
    /// select(). The handle may already be closed, and its number reused; the file that has the
    /// number now is not affected.
    ///
    /// @param handle a registered descriptor, or an object with a native_handle().
    /// @return the key that was registered.
    /// @throws std::system_error error::not_registered, error::invalid_handle, error::closed.
    selector_key unregister(handle_argument handle);
    selector_key unregister(handle_argument handle, std::error_code& ec);
    /// @}

    /// @{
    /// Waits, without a time limit, until a handle is ready or wakeup() is called.
    ///
    /// @return the ready handles, each once; empty if only wakeup() ended the wait. The list is
    ///     valid until the next call of select(), in the calling thread only. If that thread
    ///     unregisters a handle meanwhile, the events of the handle's entry become event::none. If
    ///     it modifies a handle, events that are no longer wanted are removed from the entry.
    /// @throws std::system_error error::closed (also if another thread closes the selector during
    ///     the wait), error::already_selecting, or the system's error.
    ready_list select();
    ready_list select(std::error_code& ec);
    /// @}

    /// @{
    /// Waits until a handle is ready or wakeup() is called, but no longer than @p timeout.
    ///
    /// A signal does not end the wait, unless its handler calls wakeup().
    ///
    /// @param timeout a duration of any `std::chrono` unit. With zero or less, the call does not
    ///     block. A timeout that is finer than capabilities::resolution is rounded up to it. A
    ///     timeout that is longer than 292 years means no time limit.
    /// @param max_events the maximum number of handles to return. Ready handles that are left out
    ///     come first in the next list, so none of them starves. With 0, the call fails with
    ///     errc::invalid_argument.
    /// @return as the forms without a timeout; also empty if the timeout expired.
    /// @throws std::system_error as the forms without a timeout.
    template <class Rep, class Period>
    ready_list select(
        std::chrono::duration<Rep, Period> timeout, std::size_t max_events = unlimited) {
        return select_for(to_nanoseconds(timeout), max_events);
    }

    template <class Rep, class Period>
    ready_list select(
        std::chrono::duration<Rep, Period> timeout, std::size_t max_events, std::error_code& ec) {
        return select_for(to_nanoseconds(timeout), max_events, ec);
    }
    /// @}

    /// Waits no longer than @p timeout, and returns all ready handles: the same as the form with
    /// `max_events`, called with `unlimited`.
    template <class Rep, class Period>
    ready_list select(std::chrono::duration<Rep, Period> timeout, std::error_code& ec) {
        return select_for(to_nanoseconds(timeout), unlimited, ec);
    }

    /// @{
    /// Waits until a handle is ready or wakeup() is called, but no longer than until @p end.
    ///
    /// @param end a time point of any clock. The clock is read only at the start of the call. If
    ///     the clock is set during the wait, the wait does not become longer or shorter.
    /// @param max_events as for select().
    /// @return as select() with a timeout.
    /// @throws std::system_error as select().
    template <class Clock, class Duration>
    ready_list select_until(
        std::chrono::time_point<Clock, Duration> end, std::size_t max_events = unlimited) {
        return select_for(time_until(end), max_events);
    }

    template <class Clock, class Duration>
    ready_list select_until(
        std::chrono::time_point<Clock, Duration> end, std::size_t max_events, std::error_code& ec) {
        return select_for(time_until(end), max_events, ec);
    }
    /// @}

    /// Waits no longer than until @p end, and returns all ready handles: the same as the form with
    /// `max_events`, called with `unlimited`.
    template <class Clock, class Duration>
    ready_list select_until(std::chrono::time_point<Clock, Duration> end, std::error_code& ec) {
        return select_for(time_until(end), unlimited, ec);
    }

    /// @{
    /// Returns the key of a registered handle.
    ///
    /// @return a copy of the key as the last register_handle() or modify() set it.
    /// @throws std::system_error error::not_registered, error::invalid_handle, error::closed.
    selector_key get_key(handle_argument handle) const;
    selector_key get_key(handle_argument handle, std::error_code& ec) const;
    /// @}

    /// Returns the key of @p handle, or nullopt if it is not registered or the selector is closed.
    std::optional<selector_key> find(handle_argument handle) const noexcept;

    /// Returns a live view of all registrations.
    /// @return valid as long as the selector.
    /// @throws std::system_error error::closed, error::forked.
    map_view get_map() const;

    /// Ends the wait of the thread in select(). If no thread is in select(), ends the next wait.
    ///
    /// Several calls before the wait ends count as one. The thread that returns from select() sees
    /// everything that the caller of wakeup() wrote before the call. After close(), the function
    /// does nothing. It makes a system call only if a thread is blocked in select(), or may be
    /// waiting for the native_handle().
    ///
    /// @par Thread safety
    /// May be called from any thread and any signal handler. But do not cancel a thread by
    /// pthread_cancel(3) if its signal handlers call wakeup(): the cancellation would end the
    /// handler.
    void wakeup() noexcept;

    /// Removes all registrations and releases the system resources.
    ///
    /// Resources that wakeup() needs are kept until the destructor. A select() in another thread
    /// fails with error::closed. Further calls of close() do nothing.
    void close() noexcept;

    /// Returns whether the selector is open: true until close() is called.
    bool is_open() const noexcept;

    /// Returns the backend's name: "epoll", "poll", "select", ...
    /// @return valid during the lifetime of the selector; the name never changes.
    std::string_view name() const noexcept;

    /// Returns what the backend supports beyond level triggering. The result never changes.
    capabilities get_capabilities() const noexcept;

    /// @{
    /// Returns the backend as a B. If the backend is a forwarding_backend, searches the backends
    /// inside it, too.
    ///
    /// @tparam B a class derived from selector_backend.
    /// @return null if there is no B. Valid during the lifetime of the selector. Only the thread
    ///     that calls select() may use the backend's state, unless the backend documents otherwise.
    template <class B>
    B* backend_as() noexcept {
        for (selector_backend* b = backend(); b != nullptr; b = inner_of(*b))
            if (B* const found = dynamic_cast<B*>(b))
                return found;
        return nullptr;
    }
    template <class B>
    B const* backend_as() const noexcept {
        return const_cast<base_selector*>(this)->backend_as<B>();
    }
    /// @}

    /// @{
    /// Returns a descriptor that is readable while select() would return at once. It can be
    /// registered with another selector.
    ///
    /// @return owned by the selector, and valid until close(). It must not be read from.
    /// @throws std::system_error error::closed; errc::operation_not_supported if the backend has no
    ///     such descriptor.
    native_handle_type native_handle();
    native_handle_type native_handle(std::error_code& ec);
    /// @}

    /// @{
    /// Prepares the selector for a fork, and makes it usable in the child. Call it before and after
    /// each fork.
    ///
    /// fork_event::prepare pauses the selector until the same thread of the parent calls
    /// notify_fork() with fork_event::parent. A select() in another thread leaves the system's wait
    /// but does not return. Other threads that use the selector block. The calling thread may use
    /// the selector meanwhile. Without fork_event::prepare, the fork has a precondition: no other
    /// thread uses the selector.
    ///
    /// fork_event::child replaces the kernel objects that the child shares with its parent by new
    /// ones, and registers all handles again. Handles that the child has already closed are
    /// dropped. In the child of `vfork()`, which uses its parent's memory, the call does nothing.
    ///
    /// A child in which notify_fork() was not called may still unregister handles, and close and
    /// destroy the selector. These calls change nothing that the parent sees, and wait for no
    /// thread of the parent. But unregister() fails with error::forked if another thread of the
    /// parent was changing the selector at the time of the fork. If fork_event::prepare was left
    /// out, fork_event::child fails as well if another thread was using the selector at that time.
    ///
    /// @param event which of the three calls this is.
    /// @throws std::system_error only with fork_event::child. errc::operation_not_supported if the
    ///     backend does not override after_fork(). error::forked if fork_event::prepare was left
    ///     out and another thread was using the selector. The system's error if it refused the new
    ///     kernel objects; then the registrations stay, and the function may be called again.
    ///     Otherwise the first error that the system reported for a handle; then the handles that
    ///     the system refused are dropped, and the others are registered.
    void notify_fork(fork_event event);
    void notify_fork(fork_event event, std::error_code& ec);
    /// @}

    /// Returns whether this process is the child of a fork in which notify_fork() has not succeeded
    /// yet.
    ///
    /// @par Thread safety
    /// May be called from any thread and any signal handler.
    bool is_inherited() const noexcept;

    /// Returns counters of what the selector has done so far.
    ///
    /// The counters are read one after the other, not as one consistent snapshot. They wrap around
    /// on overflow.
    ///
    /// @par Thread safety
    /// May be called from any thread, also while another thread is in select().
    selector_statistics get_statistics() const noexcept;

private:
    friend class map_view;
    struct state;

    template <class Rep, class Period>
    static constexpr std::chrono::nanoseconds to_nanoseconds(
        std::chrono::duration<Rep, Period> timeout) {
        using nanoseconds = std::chrono::nanoseconds;
        using wide = std::chrono::duration<long double, std::nano>;
        if (!(timeout > timeout.zero()))
            return nanoseconds::zero();
        if (wide(timeout) >= wide((nanoseconds::max)()))
            return (nanoseconds::max)();
        if constexpr (std::chrono::treat_as_floating_point_v<Rep>)
            return std::chrono::ceil<nanoseconds>(wide(timeout));
        else
            return std::chrono::ceil<nanoseconds>(timeout);
    }

    template <class Clock, class Duration>
    static std::chrono::nanoseconds time_until(std::chrono::time_point<Clock, Duration> end) {
        using wide = std::chrono::duration<long double, std::nano>; // Holds any time point.
        auto const left = wide(end.time_since_epoch()) - wide(Clock::now().time_since_epoch());
        if (left <= wide::zero())
            return std::chrono::nanoseconds::zero();
        return left < wide(std::chrono::hours(24)) ? to_nanoseconds(end - Clock::now())
                                                   : to_nanoseconds(left);
    }

    ready_list select_for(std::chrono::nanoseconds timeout, std::size_t max_events);
    ready_list select_for(
        std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec);
    selector_backend* backend() noexcept;
    static selector_backend* inner_of(selector_backend& backend) noexcept;
    std::optional<selector_key> next_key(std::size_t& position) const;
    std::size_t size() const noexcept;

    std::unique_ptr<state> state_;
};

} // namespace boost_selectors

#endif
