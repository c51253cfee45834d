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

/// A selector: tells which of many handles are ready to be read from or written to.
///
/// The one interface to what the systems call select, poll, epoll, kqueue or IOCP, modelled on
/// Python's `selectors.BaseSelector`. A selector owns a selector_backend, which makes the system's
/// calls; the behaviour is the same on each.
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
/// Each function that can fail exists twice, but for get_map(): one throws `std::system_error`, the
/// other takes a `std::error_code&` as its last parameter and sets it. An exception of the backend,
/// and `std::bad_alloc`, leave the first form unchanged. The second form turns them into a code:
/// that of a `std::system_error`, errc::not_enough_memory, or error::backend_failed. But both forms
/// of select() let them through, since callbacks of another event loop may run in there. A call
/// that fails changes nothing, unless it says otherwise. After close() every call but find(),
/// wakeup(), the observers, and notify_fork() in a parent fails with error::closed. In the child of
/// a fork the same calls, but for unregister() and close(), fail with error::forked until
/// notify_fork() has succeeded.
///
/// @par Duties of the caller
/// Unregister a handle before it is closed by `close(2)`. (unregister() afterwards works too, by
/// the old handle's value; but in between, the number may already stand for something else.)
///
/// @par Thread safety
/// One thread at a time selects. Everything else may be called from any thread at any time, also
/// while a thread is blocked in select(), and takes effect in that very wait. A selector must not
/// be destroyed while it is in use.
///
/// @par Complexity
/// Finding a handle's registration takes constant time. Each backend documents what the system's
/// part costs, and how it grows.
///
/// @see https://docs.python.org/3/library/selectors.html
class BOOST_SELECTORS_DECL base_selector {
public:
    /// No limit; the default for `max_events`.
    static constexpr std::size_t unlimited = (std::numeric_limits<std::size_t>::max)();

    /// A selector with nothing registered, on @p backend.
    /// @throws std::system_error errc::invalid_argument if it is null.
    explicit base_selector(std::unique_ptr<selector_backend> backend);

    base_selector(base_selector const&) = delete;
    base_selector& operator=(base_selector const&) = delete;

    /// Closes the selector. Precondition: no thread uses it.
    virtual ~base_selector();

    /// @{
    /// Starts watching @p handle.
    ///
    /// @param handle a descriptor, or an object with a native_handle().
    /// @param wanted what to report; at least one event.
    /// @param data handed back in the key; not owned.
    /// @return the new key.
    /// @throws std::system_error error::invalid_handle, error::invalid_events,
    ///     error::already_registered, error::unsupported_trigger, error::unsupported_event,
    ///     error::limit_reached, error::closed; or the system's error: EBADF for a closed handle,
    ///     EPERM for a kind of file that the system can't watch.
    selector_key register_handle(handle_argument handle, interest wanted, void* data = nullptr);
    selector_key register_handle(
        handle_argument handle, interest wanted, void* data, std::error_code& ec);
    /// @}

    /// Starts watching @p handle, without data: as the forms with data.
    selector_key register_handle(handle_argument handle, interest wanted, std::error_code& ec);

    /// @{
    /// Changes what is wanted of a registered handle; its data stays.
    ///
    /// Arms edge and oneshot triggering again, even if nothing else changes. If the system refuses,
    /// the old registration is restored, or dropped if that fails too; find() says which.
    ///
    /// @param handle a registered descriptor, or an object with a native_handle().
    /// @param wanted what to report from now on; at least one event.
    /// @return the new key.
    /// @throws std::system_error as register_handle(), and error::not_registered.
    selector_key modify(handle_argument handle, interest wanted);
    selector_key modify(handle_argument handle, interest wanted, std::error_code& ec);
    /// @}

    /// @{
    /// Changes what is wanted of a registered handle, and its data.
    ///
    /// As the form without data. Changing only the data of a level-triggered registration costs no
    /// system call.
    ///
    /// @param handle a registered descriptor, or an object with a native_handle().
    /// @param wanted what to report from now on; at least one event.
    /// @param data handed back in the key from now on; not owned.
    /// @return the new key.
    /// @throws std::system_error as register_handle(), and error::not_registered.
    selector_key modify(handle_argument handle, interest wanted, void* data);
    selector_key modify(handle_argument handle, interest wanted, void* data, std::error_code& ec);
    /// @}

    /// @{
    /// Stops watching @p handle.
    ///
    /// When it returns, the system no longer holds the file on the selector's behalf, so that a
    /// `close()` of the file afterwards takes effect at once, also while another thread is in
    /// select(). The handle may have been closed already, and its number reused: the new owner of
    /// the number is not touched.
    ///
    /// @return the key that was registered.
    /// @throws std::system_error error::not_registered, error::invalid_handle, error::closed.
    selector_key unregister(handle_argument handle);
    selector_key unregister(handle_argument handle, std::error_code& ec);
    /// @}

    /// @{
    /// Waits until a handle is ready or wakeup() is called.
    ///
    /// @return the ready handles, each once; empty after a wakeup. Valid until the next call of
    ///     select(), for the thread that called. If that thread unregisters or modifies a handle
    ///     while it walks the list, the handle's entry becomes event::none or is cut.
    /// @throws std::system_error error::closed (also if another thread closes the selector during
    ///     the wait), error::already_selecting, or the system's error.
    ready_list select();
    ready_list select(std::error_code& ec);
    /// @}

    /// @{
    /// Waits no longer than @p timeout.
    ///
    /// A signal does not end the wait, unless its handler calls wakeup().
    ///
    /// @param timeout of any `std::chrono` unit. Zero or less does not wait at all. A finer timeout
    ///     than capabilities::resolution is rounded up to it. One that doesn't fit into 292 years
    ///     has no end.
    /// @param max_events the most handles that are returned. No ready handle starves: those left
    ///     out come first next time. With 0 the call fails with errc::invalid_argument.
    /// @return as the forms without a timeout; empty also when the time is over.
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

    /// Waits no longer than @p timeout, and returns all ready handles: as the form with
    /// `unlimited`.
    template <class Rep, class Period>
    ready_list select(std::chrono::duration<Rep, Period> timeout, std::error_code& ec) {
        return select_for(to_nanoseconds(timeout), unlimited, ec);
    }

    /// @{
    /// Waits no longer than until @p end.
    ///
    /// @param end a time of any clock. The clock is read once, when the function is called: if it
    ///     is set meanwhile, the wait does not follow.
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

    /// Waits no longer than until @p end, and returns all ready handles: as the form with
    /// `unlimited`.
    template <class Clock, class Duration>
    ready_list select_until(std::chrono::time_point<Clock, Duration> end, std::error_code& ec) {
        return select_for(time_until(end), unlimited, ec);
    }

    /// @{
    /// Returns the key of a registered handle.
    ///
    /// @return what was asked for by the last register_handle() or modify(), as a value.
    /// @throws std::system_error error::not_registered, error::invalid_handle, error::closed.
    selector_key get_key(handle_argument handle) const;
    selector_key get_key(handle_argument handle, std::error_code& ec) const;
    /// @}

    /// Returns the key of @p handle, or nothing if it is not registered or the selector is closed.
    std::optional<selector_key> find(handle_argument handle) const noexcept;

    /// Returns a live view of all registrations.
    /// @return valid as long as the selector.
    /// @throws std::system_error error::closed, error::forked.
    map_view get_map() const;

    /// Ends the wait of the thread in select(), or the next one if none is.
    ///
    /// Any number of calls before that count as one. What the caller wrote before is seen by the
    /// thread that returns from select(). After close() it does nothing. A system call is made
    /// only if somebody sleeps, or may sleep at the native_handle().
    ///
    /// @par Thread safety
    /// May be called from any thread and any signal handler. But a thread whose signal handlers
    /// call it must not be cancelled by pthread_cancel(3), which would end the handler.
    void wakeup() noexcept;

    /// Removes all registrations and gives the system's resources back.
    ///
    /// Those that wakeup() needs are kept until the destructor. A select() in another thread fails
    /// with error::closed. Calling it again does nothing.
    void close() noexcept;

    /// Whether close() has not been called.
    bool is_open() const noexcept;

    /// Returns the backend's name: "epoll", "poll", "select", ...
    /// @return valid as long as the selector; the same throughout its life.
    std::string_view name() const noexcept;

    /// Returns what the backend can do beyond level triggering; constant.
    capabilities get_capabilities() const noexcept;

    /// @{
    /// Returns the backend if it is a B, also from inside a forwarding_backend; null if it is none.
    ///
    /// @tparam B a class derived from selector_backend.
    /// @return valid as long as the selector. Its state belongs to the selecting thread, unless the
    ///     backend says otherwise.
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
    /// Returns a descriptor that is readable while select() would return at once: to put this
    /// selector into another one.
    ///
    /// @return stays the selector's, valid until close(). It must not be read from.
    /// @throws std::system_error error::closed; operation_not_supported where a backend has none.
    native_handle_type native_handle();
    native_handle_type native_handle(std::error_code& ec);
    /// @}

    /// @{
    /// To be called around a fork, so that the child can go on with the selector.
    ///
    /// With fork_event::prepare the selector is brought to rest: a select() in another thread
    /// leaves the system's wait, and other threads that use the selector wait from now on, until
    /// the same thread of the parent calls with fork_event::parent. That thread may use it
    /// meanwhile. Without it, whoever forks must see to it that no other thread uses the selector.
    ///
    /// With fork_event::child the kernel objects that the child shares with its parent are replaced
    /// by new ones, and all handles are registered again. Those that the child has closed already
    /// are dropped. In the child of `vfork()`, which uses its parent's memory, nothing is done.
    ///
    /// A child that was not told may destroy and close the selector, and unregister handles. It
    /// changes nothing that its parent sees, and waits for no thread of the parent. If another
    /// thread was just changing the selector, unregister() fails with error::forked. Without
    /// fork_event::prepare, fork_event::child too fails if another thread was using the selector.
    ///
    /// @param event what has happened, or is about to.
    /// @throws std::system_error (for fork_event::child alone) errc::operation_not_supported if the
    ///     backend has no after_fork(). error::forked if another thread was using the
    ///     selector, without fork_event::prepare. The system's error, if it refused new kernel
    ///     objects: the registrations stay, and the function may be called again. Or the first
    ///     error of a handle: those that the system refused are dropped, the others are registered.
    void notify_fork(fork_event event);
    void notify_fork(fork_event event, std::error_code& ec);
    /// @}

    /// Whether this process is the child of a fork, and notify_fork() has not succeeded in it.
    ///
    /// @par Thread safety
    /// May be called from any thread and any signal handler.
    bool is_inherited() const noexcept;

    /// Returns what the selector has done so far.
    ///
    /// The counters are read one after the other, and wrap around.
    ///
    /// @par Thread safety
    /// From any thread, also during a select().
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
