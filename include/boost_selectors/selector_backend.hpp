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

/// What a selector stands on: the system's calls, or those of another event loop.
///
/// A base_selector owns one. To write a backend, derive from this class and define the seven pure
/// virtual functions, and the three others if the backend can do what they offer. Everything else
/// is the selector's work: it validates arguments, keeps the map of handles, locks, measures time,
/// resumes interrupted waits, and drops events of registrations that have ended. To wrap another
/// backend, derive from forwarding_backend. test::conformance_suite() tests a backend.
///
/// @par Order of calls
/// Each wait() that set no error is followed by one collect() on the same thread, before the next
/// wait(), unless the selector was closed in between, or an exception came between: that of a
/// wrapper around this backend, or of collect() itself. Then what was found must not get lost.
/// add(), modify(), remove() and wake() may be called between the two. close() is called once, and
/// never during a wait(). After it only wake() is called. An exception that leaves add(), modify()
/// or after_fork() counts as their failure; one that leaves wait() or collect() leaves select(). In
/// the child of a fork abandon() is called first, and then nothing but after_fork() and the
/// destructor until after_fork() has succeeded; not even the destructor if another thread of the
/// parent was at the backend.
///
/// @par Thread safety
/// wait() is called without the selector's lock, wake() with or without it, all others with it.
/// So only code that runs inside wait() may call public functions of the same selector. While a
/// thread is inside wait(), add(), modify() and remove() are called only if
/// capabilities::live_updates is set, or by code that runs inside that wait().
class BOOST_SELECTORS_DECL selector_backend {
public:
    selector_backend(selector_backend const&) = delete;
    selector_backend& operator=(selector_backend const&) = delete;

    /// Gives back all resources. If a selector owned the backend, it has called close() before, or
    /// abandon() in the child of a fork.
    virtual ~selector_backend();

    /// Returns the name that was given to the constructor: "epoll", "poll", ...
    std::string_view name() const noexcept { return name_; }

    /// Returns what was given to the constructor.
    capabilities const& get_capabilities() const noexcept { return can_; }

protected:
    /// @param name copied.
    /// @param can what the backend can do; constant from now on.
    selector_backend(std::string_view name, capabilities can);

private:
    friend class base_selector;
    friend class forwarding_backend;

    /// Starts watching. On failure nothing may be kept.
    ///
    /// @param handle not negative, and not registered. If it is not open, the call fails with
    /// EBADF,
    ///     also where the system would take it.
    /// @param wanted at least one event, and nothing that get_capabilities() denies.
    /// @param id to be reported.
    /// @param ec clear when the function is called.
    virtual void add(native_handle_type handle, interest wanted, token id, std::error_code& ec) = 0;

    /// Changes what is watched, and arms edge and oneshot triggering again.
    ///
    /// On failure the old state should remain. The selector asks for it again in any case, and if
    /// that fails too, it calls remove().
    virtual void modify(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) = 0;

    /// Stops watching, and ends the kernel's hold on the file before it returns.
    ///
    /// The handle may have been closed, and its number may stand for another file by now.
    virtual void remove(native_handle_type handle, token id) noexcept = 0;

    /// Waits for an event, for wake(), or for the end of the timeout.
    ///
    /// @param timeout zero does not block, `nanoseconds::max()` has no end. It may be cut: the
    ///     selector waits again for the rest.
    /// @param max_events a hint: more events need not be fetched. At least 1, and at most the
    ///     number of handles.
    /// @param ec clear when the function is called. After EINTR the selector waits again; every
    ///     other error leaves select().
    virtual void wait(
        std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec) = 0;

    /// Reports what the last wait() found, and resets the wake-up. Never blocks.
    ///
    /// More than \c max_events may be reported: the selector keeps the rest. A oneshot registration
    /// that was reported, and a handle that was found closed, must not end further waits until
    /// modify().
    ///
    /// @param sink valid during the call.
    virtual void collect(event_sink& sink) = 0;

    /// Ends the wait() that is under way, or the next one.
    ///
    /// Called from any thread and from signal handlers, also after close(): it may use only
    /// async-signal-safe functions, must keep `errno`, and must not touch a descriptor that may
    /// belong to somebody else by then.
    virtual void wake() noexcept = 0;

    /// Gives back all resources but those of wake().
    virtual void close() noexcept = 0;

    /// Closes this process's copies of descriptors, in the child of a fork.
    ///
    /// It may do nothing else: what the child shares with its parent stays as it is, and another
    /// thread of the parent may have been in wait(), so that the rest of the backend is half
    /// changed. It may come after close(). If it is not overridden, the child keeps the copies.
    virtual void abandon() noexcept;

    /// Replaces what the child of a fork shares with its parent, with nothing watched.
    ///
    /// First closes this process's copies of all shared kernel objects, as abandon() does, then
    /// creates new ones. On failure it holds none of them, and it may be called again. On success
    /// the selector adds all handles again. If it is not overridden, it fails with
    /// errc::operation_not_supported and changes nothing; the selector can't be used in a child.
    virtual void after_fork(std::error_code& ec);

    /// Returns a descriptor that is readable while there is something to collect; goes with
    /// capabilities::pollable.
    ///
    /// From the first call on, base_selector::wakeup() reaches wake() even if nobody is in wait(),
    /// but only once until the next select(). If it is not overridden, it fails with
    /// errc::operation_not_supported.
    virtual native_handle_type native_handle(std::error_code& ec);

    std::string const name_;
    capabilities const can_;
};

} // namespace boost_selectors

#endif
