// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_SUPPORT_HPP
#define BOOST_SELECTORS_TEST_SUPPORT_HPP

/// @file
/// Helpers for the tests: streams to watch, and functions that wait for a condition. The system
/// calls of the suite are in this header, in system.hpp and in posix_support.hpp.

#include <atomic>
#include <boost/assert/source_location.hpp>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/base_selector.hpp>
#include <boost_selectors/make_selector.hpp>
#include <boost_selectors/test/system.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace boost_selectors {

// Boost.Test calls these functions to print the values of a failed BOOST_TEST.

inline std::ostream& boost_test_print_type(std::ostream& out, error e) {
    return out << make_error_code(e);
}

inline std::ostream& boost_test_print_type(std::ostream& out, selector_key const& key) {
    return out << "key(" << key.handle << ", " << key.wanted << ", " << key.data << ')';
}

} // namespace boost_selectors

namespace boost_selectors::test {

using namespace std::chrono_literals;

/// Upper bound for any wait in a test, even on the slowest machine. A test that waits longer fails.
inline constexpr std::chrono::seconds deadline{60};

/// How long a test waits for an event that must not come, so that it sees the event if it does.
inline constexpr std::chrono::milliseconds moment{30};

// GCC defines a macro for each sanitizer; Clang has a feature for each.
#if defined(__has_feature)
#    define BOOST_SELECTORS_TEST_HAS_FEATURE(name) __has_feature(name)
#else
#    define BOOST_SELECTORS_TEST_HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_THREAD__) || BOOST_SELECTORS_TEST_HAS_FEATURE(thread_sanitizer)
inline constexpr bool under_thread_sanitizer = true;
#else
inline constexpr bool under_thread_sanitizer = false;
#endif
#if defined(__SANITIZE_ADDRESS__) || BOOST_SELECTORS_TEST_HAS_FEATURE(address_sanitizer)
inline constexpr bool under_sanitizer = true;
#else
inline constexpr bool under_sanitizer = under_thread_sanitizer;
#endif
#undef BOOST_SELECTORS_TEST_HAS_FEATURE

#if defined(_WIN32)
inline constexpr bool on_windows = true;
#else
inline constexpr bool on_windows = false;
#endif

/// Returns how many rounds a test runs: @p n, or a tenth of it under a sanitizer and on Windows.
constexpr int rounds(int n) noexcept {
    return under_sanitizer || on_windows ? n / 10 : n;
}

[[noreturn]] inline void throw_last_error(char const* what) {
    throw std::system_error(sys::last_error(), what);
}

inline int checked(long long result, char const* what) {
    if (result < 0)
        throw_last_error(what);
    return static_cast<int>(result);
}

/// Owns a descriptor.
class unique_handle {
public:
    unique_handle() = default;
    explicit unique_handle(native_handle_type handle) noexcept
        : handle_(handle) {}
    unique_handle(unique_handle&& other) noexcept
        : handle_(other.release()) {}
    unique_handle& operator=(unique_handle&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~unique_handle() { close(); }

    native_handle_type native_handle() const noexcept { return handle_; }

    native_handle_type release() noexcept { return std::exchange(handle_, invalid_native_handle); }

    void close() noexcept {
        if (is_valid(handle_))
            sys::close(release());
    }

private:
    native_handle_type handle_ = invalid_native_handle;
};

/// The two ends of a connection. Both are non-blocking, and can be read and written.
struct stream_pair {
    unique_handle first;
    unique_handle second;
};

/// Takes ownership of a handle that a system call returned, and makes it non-blocking.
inline unique_handle make_nonblocking(native_handle_type result, char const* what) {
    if (!is_valid(result))
        throw_last_error(what);
    unique_handle handle(result);
    checked(sys::set_nonblocking(result), what);
    return handle;
}

inline unique_handle make_socket(int family, int type) {
    sys::start();
    return make_nonblocking(::socket(family, type, 0), "socket");
}

stream_pair make_tcp_pair();

/// Makes a pair of streams of the cheapest kind that the system has.
inline stream_pair make_stream_pair() {
#if defined(_WIN32)
    return make_tcp_pair();
#else
    int fds[2];
    checked(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds), "socketpair");
    return {make_nonblocking(fds[0], "socketpair"), make_nonblocking(fds[1], "socketpair")};
#endif
}

inline std::vector<stream_pair> make_stream_pairs(std::size_t n) {
    std::vector<stream_pair> pairs(n);
    for (stream_pair& pair : pairs)
        pair = make_stream_pair();
    return pairs;
}

inline sockaddr_in loopback() noexcept {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/// Makes a TCP socket that is bound to a free port of the loopback interface.
inline unique_handle make_bound_socket() {
    unique_handle handle = make_socket(AF_INET, SOCK_STREAM);
    sockaddr_in const address = loopback();
    checked(
        ::bind(handle.native_handle(), reinterpret_cast<sockaddr const*>(&address), sizeof address),
        "bind");
    return handle;
}

inline unique_handle make_listener() {
    unique_handle handle = make_bound_socket();
    checked(::listen(handle.native_handle(), 16), "listen");
    return handle;
}

/// Starts to connect to the address that @p target is bound to. It does not wait for the result.
inline unique_handle begin_connect(unique_handle const& target) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    checked(::getsockname(target.native_handle(), generic, &size), "getsockname");
    unique_handle handle = make_socket(AF_INET, SOCK_STREAM);
    // A refused connection is not an error here: connect_error() returns it later.
    if (::connect(handle.native_handle(), generic, size) != 0 &&
        !sys::would_block(sys::last_error()) && sys::last_error() != std::errc::connection_refused)
        throw_last_error("connect");
    return handle;
}

/// Returns the result of the connect of @p handle. There is no error if it is connected.
inline std::error_code connect_error(unique_handle const& handle) {
    int value = 0;
    socklen_t size = sizeof value;
    checked(::getsockopt(handle.native_handle(), SOL_SOCKET, SO_ERROR,
                reinterpret_cast<char*>(&value), &size),
        "getsockopt");
    sockaddr_in address{};
    size = sizeof address;
    if (value == 0 &&
        ::getpeername(handle.native_handle(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
        value = sys::last_error().value();
    return {value, std::system_category()};
}

/// Waits for events of one handle by poll(), without a selector. @return false after @p timeout.
inline bool ready_by_system(
    native_handle_type handle, event wanted, std::chrono::milliseconds timeout = deadline) {
    int events = has(wanted, event::read) ? POLLIN : 0;
    events |= has(wanted, event::write) ? POLLOUT : 0;
    events |= has(wanted, event::priority) ? POLLPRI : 0;
    return checked(sys::poll(handle, static_cast<short>(events), static_cast<int>(timeout.count())),
               "poll") > 0;
}

inline unique_handle accept(unique_handle const& listener) {
    ready_by_system(listener.native_handle(), event::read);
    return make_nonblocking(::accept(listener.native_handle(), nullptr, nullptr), "accept");
}

inline stream_pair make_tcp_pair() {
    unique_handle const listener = make_listener();
    unique_handle first = begin_connect(listener);
    unique_handle second = accept(listener);
    ready_by_system(first.native_handle(), event::write);
    for (auto const* end : {&first, &second}) { // Makes it as fast as a local stream.
        int const on = 1;
        checked(::setsockopt(end->native_handle(), IPPROTO_TCP, TCP_NODELAY,
                    reinterpret_cast<char const*>(&on), sizeof on),
            "setsockopt");
    }
    return {std::move(first), std::move(second)};
}

inline std::size_t send(unique_handle const& to, std::string_view bytes) {
    return static_cast<std::size_t>(
        checked(sys::write(to.native_handle(), bytes.data(), bytes.size()), "write"));
}

/// Sends one byte of urgent data.
inline void send_urgent(unique_handle const& to) {
    checked(::send(to.native_handle(), "!", 1, MSG_OOB), "send");
}

inline void receive_urgent(unique_handle const& from) {
    char byte;
    checked(::recv(from.native_handle(), &byte, 1, MSG_OOB), "recv");
}

/// Reads the available bytes.
/// @return an empty string at the end of the stream; nullopt if a read would block.
inline std::optional<std::string> receive(unique_handle const& from, std::size_t max = 65536) {
    std::string bytes(max, '\0');
    auto const n = sys::read(from.native_handle(), bytes.data(), bytes.size());
    if (n < 0 && sys::would_block(sys::last_error()))
        return std::nullopt;
    bytes.resize(static_cast<std::size_t>(checked(n, "read")));
    return bytes;
}

inline void drain(unique_handle const& from) {
    for (auto bytes = receive(from); bytes && !bytes->empty();)
        bytes = receive(from);
}

/// Sends until a write would block.
inline void fill(unique_handle const& to) {
    std::string const bytes(65536, 'x');
    while (sys::write(to.native_handle(), bytes.data(), bytes.size()) >= 0) {
    }
    if (!sys::would_block(sys::last_error()))
        throw_last_error("write");
}

/// Returns whether everything has been read and the other side has ended the stream.
inline bool at_end(unique_handle const& handle) {
    auto const bytes = receive(handle);
    return bytes && bytes->empty();
}

/// Ends the stream in the direction from @p handle to its peer.
inline void end_writing(unique_handle const& handle) {
    checked(::shutdown(handle.native_handle(), sys::end_of_writing), "shutdown");
}

/// Closes a TCP socket so that its peer receives a reset.
inline void reset_connection(unique_handle& handle) {
    linger const at_once{1, 0};
    checked(::setsockopt(handle.native_handle(), SOL_SOCKET, SO_LINGER,
                reinterpret_cast<char const*>(&at_once), sizeof at_once),
        "setsockopt");
    handle.close();
}

/// Returns the value of a handle that was open and has been closed.
inline native_handle_type closed_handle() {
    return make_stream_pair().first.native_handle();
}

using sys::is_not_open;

/// Waits until @p condition holds. @return false after the deadline.
template <class Condition>
bool eventually(Condition condition) {
    auto const end = std::chrono::steady_clock::now() + deadline;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        std::this_thread::sleep_for(200us);
    }
    return true;
}

class stopwatch {
public:
    std::chrono::nanoseconds elapsed() const { return std::chrono::steady_clock::now() - start_; }

    /// Returns whether the elapsed time is far shorter than a wait that nothing ends.
    bool no_time() const { return elapsed() < deadline / 2; }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Returns the entry of @p handle in a list from select(); null if there is none.
inline ready_event const* find_ready(ready_list list, handle_argument const& handle) {
    for (ready_event const& ready : list)
        if (ready.key.handle == handle.get())
            return &ready;
    return nullptr;
}

/// Returns the events that @p handle is ready for, according to a list from select().
inline event events_of(ready_list list, handle_argument const& handle) {
    ready_event const* const ready = find_ready(list, handle);
    return ready ? ready->events : event::none;
}

/// Returns whether the selector reports nothing for a moment.
inline bool silent(base_selector& selector) {
    return selector.select(moment).empty();
}

/// Returns whether the selector reports nothing, and hardly uses processor time while it waits.
inline bool silent_and_asleep(base_selector& selector) {
    // Before that, the selector may have to find stale events and drop them.
    for (int i = 0; i < 3; ++i)
        if (!selector.select(1ms).empty())
            return false;
    constexpr auto timeout = 60ms;
    auto const before = sys::processor_time();
    bool const empty = selector.select(timeout).empty();
    return empty && sys::processor_time() - before < timeout / 2;
}

/// Returns whether a wake-up ends the next wait at once.
inline bool woken(base_selector& selector) {
    stopwatch const watch;
    return selector.select(deadline).empty() && watch.no_time();
}

/// Checks that both forms of a function fail with the error @p expected.
/// @param function called with a std::error_code&, then without arguments.
template <class Error, class F>
void check_fails(
    Error expected, F function, boost::source_location where = BOOST_CURRENT_LOCATION) {
    BOOST_TEST_CONTEXT("called in line " << where.line()) {
        std::error_code ec;
        function(ec);
        BOOST_CHECK_MESSAGE(ec == expected, "the error is " << ec << ' ' << ec.message());
        try {
            function();
            BOOST_ERROR("no exception");
        } catch (std::system_error const& e) {
            BOOST_CHECK_MESSAGE(e.code() == expected, "the exception is " << e.what());
        }
    }
}

/// Checks that the form with an error_code clears it if there is no error.
template <class F>
void check_clears_error(F function, boost::source_location where = BOOST_CURRENT_LOCATION) {
    BOOST_TEST_CONTEXT("called in line " << where.line()) {
        std::error_code ec = error::closed;
        function(ec);
        BOOST_CHECK_MESSAGE(!ec, "the error is " << ec << ' ' << ec.message());
    }
}

/// A call of select() in another thread.
class background_select {
public:
    /// Starts the thread, and gives it time to block in select().
    explicit background_select(base_selector& selector)
        : background_select(selector, std::chrono::nanoseconds::max()) {}

    template <class Rep, class Period>
    background_select(base_selector& selector, std::chrono::duration<Rep, Period> timeout)
        : selector_(selector)
        , thread_([this, timeout] { run(timeout); }) {
        eventually([this] { return started_.load(); });
        std::this_thread::sleep_for(10ms);
    }

    ~background_select() {
        stopwatch const watch;
        while (!done_) {
            selector_.wakeup();
            std::this_thread::sleep_for(1ms);
            if (!watch.no_time())
                selector_.close(); // If wake-ups do not work.
        }
        thread_.join();
    }

    background_select(background_select const&) = delete;
    background_select& operator=(background_select const&) = delete;

    /// Returns whether select() has returned.
    bool ended() const noexcept { return done_; }

    /// Waits until select() returns. @return false after the deadline.
    bool ends() const {
        return eventually([this] { return ended(); });
    }

    // Precondition of these: select() has returned.
    ready_list list() const noexcept { return {list_.data(), list_.size()}; }
    std::error_code error() const noexcept { return error_; }
    std::chrono::nanoseconds duration() const noexcept { return duration_; }

    /// Returns the thread, so that a test can send signals to it.
    std::thread& thread() noexcept { return thread_; }

private:
    template <class Duration>
    void run(Duration timeout) {
        started_ = true;
        stopwatch const watch;
        // Another thread of the test may be in select() as well.
        do {
            auto const list = selector_.select(timeout, error_);
            list_.assign(list.begin(), list.end());
        } while (error_ == boost_selectors::error::already_selecting);
        duration_ = watch.elapsed();
        done_ = true;
    }

    base_selector& selector_;
    std::vector<ready_event> list_;
    std::error_code error_;
    std::chrono::nanoseconds duration_{};
    std::atomic<bool> started_ = false;
    std::atomic<bool> done_ = false;
    std::thread thread_;
};

/// Several threads that run the same function. An exception counts as a failure.
class crew {
public:
    /// @param work called with the number of the worker and a counter. It adds its failures to the
    ///     counter.
    crew(int workers, std::function<void(int, std::atomic<int>&)> work)
        : running_(workers)
        , work_(std::move(work)) {
        for (int i = 0; i < workers; ++i)
            threads_.emplace_back([this, i] { run(i); });
    }

    ~crew() { join(); }

    bool running() const noexcept { return running_ > 0; }

    /// Waits until all threads have ended. @return the number of failures.
    int join() {
        for (std::thread& thread : threads_)
            if (thread.joinable())
                thread.join();
        return failures_;
    }

private:
    void run(int i) {
        try {
            work_(i, failures_);
        } catch (std::exception const&) {
            ++failures_;
        }
        --running_;
    }

    std::atomic<int> running_;
    std::atomic<int> failures_ = 0;
    std::function<void(int, std::atomic<int>&)> work_;
    std::vector<std::thread> threads_;
};

} // namespace boost_selectors::test

#endif
