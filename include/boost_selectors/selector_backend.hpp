// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SELECTOR_BACKEND_HPP
#define BOOST_SELECTORS_SELECTOR_BACKEND_HPP

#include <boost_selectors/capabilities.hpp>
#include <boost_selectors/config.hpp>
#include <boost_selectors/event_sink.hpp>
#include <boost_selectors/interest.hpp>
#include <boost_selectors/native_handle.hpp>
#include <boost_selectors/token.hpp>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

namespace boost_selectors {

/// The base class of backends. A backend makes the system calls of a selector, or the calls of
/// another event loop.
///
/// A base_selector owns one backend. To write a backend, derive from this class and define the
/// seven pure virtual functions. Override the three others if the backend supports what they do.
/// The selector does everything else: it validates arguments, keeps the map of handles, locks,
/// measures time, resumes interrupted waits, and drops events of registrations that have ended. To
/// wrap another backend, derive from forwarding_backend. test::conformance_suite() tests a backend.
///
/// @par Order of calls
/// - After each wait() that set no error, collect() is called once, on the same thread and before
///   the next wait(). add(), modify(), remove() and wake() may be called between the two.
/// - collect() is not called if the selector was closed after the wait(), or if a wrapper around
///   this backend threw an exception. After an exception of a wrapper, or of collect() itself, the
///   backend must not lose the events that wait() found.
/// - close() is called once, and never during a wait(). After it, only wake() is called, and
///   abandon() in the child of a fork.
/// - If add(), modify() or after_fork() throws an exception, it counts as failed. If wait() or
///   collect() throws one, select() throws it too.
/// - In the child of a fork, abandon() is called first. Then only after_fork() and the destructor
///   are called until after_fork() has succeeded. The destructor is not called if another thread of
///   the parent was using the backend at the time of the fork.
///
/// @par Thread safety
/// wait() is called without the selector's lock, wake() with or without it, and all other functions
/// with it. So only code that runs inside wait() may call public functions of the same selector.
/// While a thread is inside wait(), add(), modify() and remove() are called only if
/// capabilities::live_updates is set, or by code that runs inside that wait().
class BOOST_SELECTORS_DECL selector_backend {
public:
    selector_backend(selector_backend const&) = delete;
    selector_backend& operator=(selector_backend const&) = delete;

    /// Releases all resources. If a selector owned the backend, the selector has already called
    /// close(), or abandon() in the child of a fork.
    virtual ~selector_backend();

    /// Returns the name that was passed to the constructor: "epoll", "poll", ...
    /// @return valid during the lifetime of the backend.
    std::string_view name() const noexcept { return name_; }

    /// Returns the capabilities that were passed to the constructor.
    capabilities const& get_capabilities() const noexcept { return can_; }

protected:
    /// Stores the name and the capabilities.
    /// @param name copied.
    /// @param can the features that the backend supports; they can't change later.
    selector_backend(std::string_view name, capabilities can);

private:
    friend class base_selector;
    friend class forwarding_backend;

    /// Starts watching a handle. On failure, the backend must keep nothing of it.
    ///
    /// @param handle not negative, and not registered. If it is not open, the call must fail with
    ///     EBADF, even if the system would accept it.
    /// @param wanted at least one event, and only events and triggers that get_capabilities()
    ///     includes.
    /// @param id the token to report.
    /// @param ec to be set on failure; clear when the function is called.
    virtual void add(native_handle_type handle, interest wanted, token id, std::error_code& ec) = 0;

    /// Changes the events and the trigger of a handle, and arms edge and oneshot triggering again.
    ///
    /// On failure, the backend should keep the old state. The selector then calls modify() with the
    /// old interest in any case. If that fails too, it calls remove().
    virtual void modify(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) = 0;

    /// Stops watching a handle. When it returns, the kernel no longer keeps the file open for the
    /// backend.
    ///
    /// The handle may already be closed, and its number may stand for another file.
    virtual void remove(native_handle_type handle, token id) noexcept = 0;

    /// Waits for an event, for wake(), or for the end of the timeout.
    ///
    /// @param timeout with zero, the call does not block; `nanoseconds::max()` means no time limit.
    ///     The backend may shorten a timeout: the selector waits again for the remaining time.
    /// @param max_events a hint: the backend need not fetch more events. At least 1, and at most
    ///     the number of handles.
    /// @param ec to be set on failure; clear when the function is called. After EINTR the selector
    ///     waits again. select() fails with every other error.
    virtual void wait(
        std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec) = 0;

    /// Reports the events that the last wait() found, and resets the wake-up. It must not block.
    ///
    /// It may report more than `max_events` events: the selector keeps the rest. A oneshot
    /// registration that was reported must not end another wait before modify() is called. The same
    /// holds for a handle that was found closed.
    ///
    /// @param sink receives the reports; valid only during the call.
    virtual void collect(event_sink& sink) = 0;

    /// Ends the wait() that is in progress, or else the next one.
    ///
    /// It is called from any thread and from signal handlers, also after close(). So it may use
    /// only async-signal-safe functions, must keep `errno`, and must not use a descriptor whose
    /// number the system may have given to another file.
    virtual void wake() noexcept = 0;

    /// Releases all resources except those that wake() needs.
    virtual void close() noexcept = 0;

    /// Closes this process's copies of descriptors, in the child of a fork.
    ///
    /// It must do nothing else, for two reasons. It must not change the kernel objects that the
    /// child shares with its parent. And another thread of the parent may have been in wait(), so
    /// the other members of the backend may be in an inconsistent state. abandon() may be called
    /// after close(). If it is not overridden, the child keeps the copies.
    virtual void abandon() noexcept;

    /// Recreates the kernel objects that the child of a fork shares with its parent. Afterwards
    /// nothing is watched.
    ///
    /// It first closes this process's copies of all shared kernel objects, as abandon() does, and
    /// then creates new ones. On failure the backend holds none of them, and the function may be
    /// called again. On success the selector adds all handles again. If it is not overridden, it
    /// fails with errc::operation_not_supported and changes nothing; then the selector can't be
    /// used in a child process.
    virtual void after_fork(std::error_code& ec);

    /// Returns a descriptor that is readable while there is something to collect. To be overridden
    /// if capabilities::pollable is set.
    ///
    /// From the first call on, base_selector::wakeup() calls wake() even if no thread is in wait(),
    /// but only once until the next select(). If native_handle() is not overridden, it fails with
    /// errc::operation_not_supported.
    virtual native_handle_type native_handle(std::error_code& ec);

    std::string const name_;
    capabilities const can_;
};

} // namespace boost_selectors

#endif
