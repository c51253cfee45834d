// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_BASE_SELECTOR_HPP
#define BOOST_SELECTORS_BASE_SELECTOR_HPP

#include <boost_selectors/capabilities.hpp>
#include <boost_selectors/config.hpp>
#include <boost_selectors/error.hpp>
#include <boost_selectors/map_view.hpp>
#include <boost_selectors/ready_event.hpp>
#include <boost_selectors/selector_key.hpp>
#include <boost_selectors/selector_statistics.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>

namespace boost_selectors {

/// What a backend knows a registration by. No two registrations of a selector ever have the
/// same token, and 0 is nobody's: a backend can use it for its own wake-up.
enum class token : std::uint64_t {};

/// A selector: tells which of many handles are ready to be read from or written to.
///
/// The one interface to what the systems call select, poll, epoll, kqueue or IOCP, modelled on
/// Python's `selectors.BaseSelector`. The behaviour is the same on each.
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
/// other takes a `std::error_code&` as its last parameter and sets it. Both let `std::bad_alloc`
/// through, and whatever a user's backend throws. A call that fails changes nothing, unless it says
/// otherwise. After close() every call but find(), wakeup() and the observers fails with
/// error::closed.
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
/// Finding a handle's registration takes constant time. What the system's part costs, and how it
/// grows, each backend says.
///
/// @par Writing a selector
/// Derive from this class and define the protected virtual functions. The public functions
/// validate, keep the map of handles, lock, resume interrupted waits and give the errors, so a
/// backend holds nothing but its system's calls. The derived class's destructor calls close().
///
/// @see https://docs.python.org/3/library/selectors.html
class BOOST_SELECTORS_DECL base_selector {
public:
    /// As many ready handles as there are: select()'s `max_events` unless one says otherwise.
    static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

    base_selector(base_selector const&) = delete;
    base_selector& operator=(base_selector const&) = delete;

    /// The derived class's destructor has called close() by now.
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
    /// When it returns the system has let go of the file, so that a `close()` of the file
    /// afterwards takes effect at once, also while another thread is in select(). The handle may
    /// have been closed already, and its number reused: the new owner of the number is not touched.
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
    std::span<ready_event const> select();
    std::span<ready_event const> select(std::error_code& ec);
    /// @}

    /// @{
    /// Waits no longer than @p timeout.
    ///
    /// A signal does not end the wait, unless its handler calls wakeup().
    ///
    /// @param timeout of any `std::chrono` unit. Zero or less does not wait at all; fractions of
    /// the
    ///     system's grain (capabilities::resolution) are rounded up; what doesn't fit into 292
    ///     years waits forever.
    /// @param max_events at most so many handles are returned. No ready handle starves: those left
    ///     out come first next time. With 0 the call fails with errc::invalid_argument.
    /// @return as the forms without a timeout; empty also when the time is over.
    /// @throws std::system_error as the forms without a timeout.
    template <class Rep, class Period>
    std::span<ready_event const> select(
        std::chrono::duration<Rep, Period> timeout, std::size_t max_events = unlimited) {
        return select_for(to_nanoseconds(timeout), max_events);
    }

    template <class Rep, class Period>
    std::span<ready_event const> select(
        std::chrono::duration<Rep, Period> timeout, std::size_t max_events, std::error_code& ec) {
        return select_for(to_nanoseconds(timeout), max_events, ec);
    }
    /// @}

    /// Waits no longer than @p timeout, and returns all ready handles: as the form with
    /// `unlimited`.
    template <class Rep, class Period>
    std::span<ready_event const> select(
        std::chrono::duration<Rep, Period> timeout, std::error_code& ec) {
        return select_for(to_nanoseconds(timeout), unlimited, ec);
    }

    /// @{
    /// The key of a registered handle.
    ///
    /// @return what was asked for by the last register_handle() or modify(), as a value.
    /// @throws std::system_error error::not_registered, error::invalid_handle, error::closed.
    selector_key get_key(handle_argument handle) const;
    selector_key get_key(handle_argument handle, std::error_code& ec) const;
    /// @}

    /// The key of @p handle, or nothing if it is not registered or the selector is closed.
    std::optional<selector_key> find(handle_argument handle) const noexcept;

    /// A live view of all registrations.
    /// @return valid as long as the selector.
    /// @throws std::system_error error::closed.
    map_view get_map() const;

    /// Ends the wait of the thread in select(), or the next one if none is.
    ///
    /// Any number of calls before that count as one. What the caller wrote before is seen by the
    /// thread that returns from select(). After close() it does nothing. A system call is made
    /// only if somebody sleeps, or may sleep at the native_handle().
    ///
    /// @par Thread safety
    /// May be called from any thread and any signal handler.
    void wakeup() noexcept;

    /// Forgets all registrations and gives the system's resources back.
    ///
    /// Those that wakeup() needs are kept until the destructor. A select() in another thread fails
    /// with error::closed. Calling it again does nothing.
    void close() noexcept;

    /// Whether close() has not been called.
    bool is_open() const noexcept;

    /// The backend's name: "epoll", "poll", "select", ...
    /// @return valid as long as the selector.
    std::string_view name() const noexcept { return do_name(); }

    /// What the backend can do beyond level triggering. The same throughout a selector's life.
    capabilities get_capabilities() const noexcept { return do_capabilities(); }

    /// @{
    /// A descriptor that is readable while select() would return at once: to put this selector
    /// into another one.
    ///
    /// @return stays the selector's, valid until close(). It must not be read from.
    /// @throws std::system_error error::closed; operation_not_supported where a backend has none.
    native_handle_type native_handle() const;
    native_handle_type native_handle(std::error_code& ec) const;
    /// @}

    /// @{
    /// To be called in the child after a fork, before anything else.
    ///
    /// What parent and child would share is made anew, and all handles are registered again.
    /// Handles that the child has closed already are dropped. No other thread may have used the
    /// selector during the fork.
    ///
    /// @throws std::system_error the first error of the system; the handles that it refused are
    ///     dropped, the others are registered.
    void notify_fork_child();
    void notify_fork_child(std::error_code& ec);
    /// @}

    /// What the selector has done so far.
    ///
    /// The counters are read one after the other, and wrap around.
    ///
    /// @par Thread safety
    /// From any thread, also during a select().
    selector_statistics get_statistics() const noexcept;

protected:
    /// A selector with nothing registered. Throws `std::bad_alloc`.
    base_selector();

    // The contract of a backend. do_wait() is called without the selector's lock, do_wakeup(),
    // do_capabilities() and do_name() with or without it, all others with it held. So none of them
    // but do_wait() may call a public function of the same selector.
    //
    // do_collect(), do_close() and do_fork_child() are never called while a thread is inside
    // do_wait(); do_register(), do_modify() and do_unregister() only if the backend has
    // capabilities::live_updates, or by code that runs inside do_wait().
    //
    // Each do_wait() that gave no error is followed by one do_collect(), in the same thread and
    // before the next do_wait(), unless the selector was closed meanwhile.

    /// Starts watching. On error nothing may be kept.
    ///
    /// @param handle valid, and not registered.
    /// @param wanted at least one event, and nothing that do_capabilities() denies.
    /// @param id to be reported.
    /// @param ec clear when it is called.
    virtual void do_register(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) = 0;

    /// Changes what is watched, and arms edge and oneshot triggering again.
    ///
    /// On error the old state should remain; it is asked for again in any case.
    virtual void do_modify(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) = 0;

    /// Stops watching, and ends the kernel's hold on the file before it returns.
    ///
    /// The handle may be closed by now, or its number may stand for another file.
    virtual void do_unregister(native_handle_type handle, token id) noexcept = 0;

    /// Waits for an event, a do_wakeup(), or the end of the timeout; called without the lock.
    /// @param timeout zero polls, `nanoseconds::max()` is forever.
    /// @param max_events more need not be fetched; at least 1 and at most the number of handles.
    /// @param ec EINTR here, and the base resumes the wait.
    virtual void do_wait(
        std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec) = 0;

    /// Calls report() for what the last do_wait() found, and resets the wake-up.
    ///
    /// Never blocks. Not called after a do_wait() that gave an error.
    virtual void do_collect() = 0;

    /// Ends a do_wait() that is under way, or the next one. From any thread or signal handler.
    virtual void do_wakeup() noexcept = 0;

    /// Gives back all resources but those of do_wakeup(), which may still be called.
    virtual void do_close() noexcept = 0;

    /// What get_capabilities() returns: always the same. From any thread.
    virtual capabilities do_capabilities() const noexcept = 0;

    /// What name() returns: always the same. From any thread.
    virtual std::string_view do_name() const noexcept = 0;

    /// Makes anew, empty, what a child process would share with its parent.
    ///
    /// The base registers the handles again, by do_register(). On error it drops all of them;
    /// unless defined, that is operation_not_supported.
    virtual void do_fork_child(std::error_code& ec);

    /// What native_handle() returns; goes with capabilities::pollable. Unless defined, it gives
    /// operation_not_supported. Once it was called, wakeup() reaches do_wakeup() also if nobody
    /// sleeps, but once only until the next select().
    virtual native_handle_type do_native_handle(std::error_code& ec) const;

    /// To be called from do_collect(): the registration @p id is ready for @p events.
    ///
    /// May be called several times for one registration. Cuts to what was wanted.
    ///
    /// @param id as given to do_register(); of a registration that has ended, too.
    /// @param events what the system told.
    /// @param hang_up the other side has hung up: counts as everything that was wanted.
    /// @param error the handle has an error: counts as everything that was wanted.
    /// @return false if the registration has ended; the event was dropped and counted.
    bool report(token id, event events, bool hang_up = false, bool error = false) noexcept;

    /// Calls do_register() again for each registration whose handle is still open: for a backend
    /// that had to start afresh. @p ec is the first error other than EBADF.
    void register_all(std::error_code& ec);

    /// The registration's place: small, dense, and nobody else's as long as it is registered.
    static constexpr std::size_t index_of(token id) noexcept {
        return static_cast<std::size_t>(static_cast<std::uint64_t>(id) & index_mask);
    }

private:
    friend class default_selector;
    friend class map_view;
    struct state;
    class pause;

    static constexpr std::uint64_t index_mask = (1u << 24) - 1;

    template <class Rep, class Period>
    static constexpr std::chrono::nanoseconds to_nanoseconds(
        std::chrono::duration<Rep, Period> timeout) {
        using nanoseconds = std::chrono::nanoseconds;
        using wide = std::chrono::duration<long double, std::nano>;
        if (!(timeout > timeout.zero()))
            return nanoseconds::zero();
        if (wide(timeout) >= wide(nanoseconds::max()))
            return nanoseconds::max();
        if constexpr (std::chrono::treat_as_floating_point_v<Rep>)
            return std::chrono::ceil<nanoseconds>(wide(timeout));
        else
            return std::chrono::ceil<nanoseconds>(timeout);
    }

    std::span<ready_event const> select_for(
        std::chrono::nanoseconds timeout, std::size_t max_events);
    std::span<ready_event const> select_for(
        std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec);
    selector_key modify(
        native_handle_type handle, interest wanted, void* const* data, std::error_code& ec);
    std::error_code check(native_handle_type handle, interest wanted) const noexcept;
    void restore(token id) noexcept;
    void forward_to(base_selector& other) noexcept;
    bool reported(token id, event events, bool hang_up, bool error) noexcept;
    std::optional<selector_key> next_key(std::size_t& position) const;
    std::size_t size() const noexcept;

    std::unique_ptr<state> state_;
};

} // namespace boost_selectors

#endif
