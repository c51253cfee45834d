// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_ASIO_SUPPORT_HPP
#define BOOST_SELECTORS_TEST_ASIO_SUPPORT_HPP

/// @file
/// Helpers for the tests of the Asio layer, in addition to those for the core. They use nothing of
/// that layer, so the same tests can be compiled with Asio's own reactor for comparison.

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio.hpp>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/make_selector.hpp>
#include <boost_selectors/test/support.hpp>
#include <cerrno>
#include <chrono>
#include <concepts>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#if !defined(_WIN32)
#    include <sys/wait.h>
#endif

#if defined(__GNUC__) // Functions deprecated by newer versions of Asio must still work.
#    pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#endif

namespace asio_test {

namespace asio = boost::asio;
namespace sys = boost_selectors::test::sys;
using asio::ip::tcp;
using asio::ip::udp;
using error_code = boost::system::error_code;
using steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

using boost_selectors::test::deadline;
using boost_selectors::test::eventually;
using boost_selectors::test::moment;
using boost_selectors::test::on_windows;
using boost_selectors::test::under_sanitizer;
using boost_selectors::test::under_thread_sanitizer;

#if defined(BOOST_ASIO_ENABLE_HANDLER_TRACKING)
inline constexpr bool under_tracking = true; // It prints a few lines for each handler.
#else
inline constexpr bool under_tracking = false;
#endif

/// The number of rounds: a tenth of @p n under a sanitizer, under Wine, and with handler tracking.
constexpr int rounds(int n) noexcept {
    return under_tracking ? n / 10 : boost_selectors::test::rounds(n);
}

/// The name of the selector that a plain io_context runs on here.
inline std::string backend() {
    return std::string(boost_selectors::make_selector()->name());
}

/// A test's precondition: the selector has a descriptor that another loop can wait for.
inline boost::test_tools::assertion_result is_pollable(boost::unit_test::test_unit_id) {
    auto const selector = boost_selectors::make_selector();
    boost::test_tools::assertion_result result(selector->get_capabilities().pollable);
    result.message() << selector->name() << " has no descriptor to wait for";
    return result;
}

/// Ends the program if a test hangs, for example after a lost wake-up.
class watchdog {
public:
    explicit watchdog(std::chrono::seconds limit = deadline)
        : thread_([this, limit] { watch(limit); }) {}

    ~watchdog() {
        {
            std::scoped_lock const lock(mutex_);
            done_ = true;
        }
        changed_.notify_one();
        thread_.join();
    }

    watchdog(watchdog const&) = delete;
    watchdog& operator=(watchdog const&) = delete;

private:
    void watch(std::chrono::seconds limit) {
        std::unique_lock lock(mutex_);
        if (changed_.wait_for(lock, limit, [this] { return done_; }))
            return;
        std::cout.flush();
        std::fprintf(stderr, "The test '%s' hangs.\n",
            boost::unit_test::framework::current_test_case().full_name().c_str());
        std::_Exit(EXIT_FAILURE); // Boost.Test would catch abort().
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    bool done_ = false;
    std::thread thread_;
};

/// Runs until there is no work left. @return the number of handlers.
inline std::size_t run(asio::io_context& context) {
    watchdog const guard;
    context.restart();
    return context.run();
}

/// Runs until @p condition holds. @return false after the deadline.
template <class Condition>
bool run_until(asio::io_context& context, Condition condition) {
    auto const end = steady::now() + deadline;
    while (!condition()) {
        if (steady::now() > end)
            return false;
        if (context.stopped())
            context.restart();
        if (context.run_one_until(end) == 0)
            std::this_thread::sleep_for(100us); // No work now; another thread may add some.
    }
    return true;
}

/// Polls several times, so that all readiness has been processed. @return the number of handlers.
inline std::size_t poll_often(asio::io_context& context, int times = 5) {
    std::size_t handlers = 0;
    for (int i = 0; i < times; ++i) {
        context.restart();
        handlers += context.poll();
    }
    return handlers;
}

/// Runs a context in a thread of its own, until destroyed.
class background_run {
public:
    explicit background_run(asio::io_context& context)
        : context_(context)
        , work_(context.get_executor())
        , thread_([&] { context.run(); }) {}

    ~background_run() {
        context_.stop();
        thread_.join();
    }

    background_run(background_run const&) = delete;
    background_run& operator=(background_run const&) = delete;

    std::thread& thread() noexcept { return thread_; }

private:
    asio::io_context& context_;
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    watchdog guard_;
    std::thread thread_;
};

/// The arguments that a handler was called with.
struct outcome {
    int calls = 0;
    error_code ec;
    std::size_t value = 0; ///< The number of bytes, or the signal's number.

    bool succeeded() const { return calls == 1 && !ec; }
    bool failed(error_code const& with) const { return calls == 1 && ec == with; }
    bool aborted() const { return failed(asio::error::operation_aborted); }
};

/// A handler that stores its arguments in an outcome.
struct into {
    explicit into(outcome& o)
        : target(&o) {}

    void operator()(error_code ec) const {
        ++target->calls;
        target->ec = ec;
    }

    template <std::integral Value>
    void operator()(error_code ec, Value value) const {
        (*this)(ec);
        target->value = static_cast<std::size_t>(value);
    }

    outcome* target;
};

template <class Protocol>
struct socket_pair {
    typename Protocol::socket first;
    typename Protocol::socket second;
};

inline tcp::endpoint loopback() {
    return {asio::ip::address_v4::loopback(), 0};
}

/// A connection over the loopback interface; its ends belong to two contexts.
inline socket_pair<tcp> connect_tcp(asio::io_context& one, asio::io_context& other) {
    tcp::acceptor acceptor(other, loopback());
    socket_pair<tcp> pair{tcp::socket(one), tcp::socket(other)};
    pair.first.connect(acceptor.local_endpoint());
    acceptor.accept(pair.second);
    pair.first.set_option(tcp::no_delay(true));
    pair.second.set_option(tcp::no_delay(true));
    return pair;
}

inline socket_pair<tcp> connect_tcp(asio::io_context& context) {
    return connect_tcp(context, context);
}

/// Two UDP sockets on the loopback interface, each connected to the other.
inline socket_pair<udp> connect_udp(asio::io_context& context) {
    udp::endpoint const any(asio::ip::address_v4::loopback(), 0);
    socket_pair<udp> pair{udp::socket(context, any), udp::socket(context, any)};
    pair.first.connect(pair.second.local_endpoint());
    pair.second.connect(pair.first.local_endpoint());
    return pair;
}

#if defined(BOOST_ASIO_HAS_LOCAL_SOCKETS) && !defined(_WIN32)

using local_stream = asio::local::stream_protocol;
using asio::local::connect_pair;

/// A connected pair of Unix sockets: the cheapest kind. If one end closes, the other is hung up at
/// once.
template <class Protocol = local_stream>
socket_pair<Protocol> connect_local(asio::io_context& context) {
    socket_pair<Protocol> pair{
        typename Protocol::socket(context), typename Protocol::socket(context)};
    connect_pair(pair.first, pair.second);
    return pair;
}

#else

using local_stream = tcp;

template <class First, class Second>
void connect_pair(First& first, Second& second) {
    asio::io_context context;
    tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
    first.connect(acceptor.local_endpoint());
    acceptor.accept(second);
}

inline socket_pair<tcp> connect_local(asio::io_context& context) {
    return connect_tcp(context);
}

#endif

/// A port of the loopback interface that has no listener.
template <class Protocol>
typename Protocol::endpoint deserted() {
    asio::io_context context;
    typename Protocol::socket socket(context, {asio::ip::address_v4::loopback(), 0});
    return socket.local_endpoint();
}

/// The bytes that a read has put into a buffer.
inline std::string text(std::array<char, 64> const& data, std::size_t size) {
    return {data.data(), size};
}

template <class Stream>
void send(Stream& to, std::string_view bytes) {
    asio::write(to, asio::buffer(bytes));
}

/// Sends until the socket's buffers are full. @return the number of bytes.
template <class Socket>
std::size_t fill(Socket& to) {
    std::string const bytes(65536, 'x');
    sys::set_nonblocking(to.native_handle());
    std::size_t sent = 0;
    for (;;) {
        auto const n = sys::write(to.native_handle(), bytes.data(), bytes.size());
        if (n < 0 && sys::would_block(sys::last_error()))
            return sent;
        if (n < 0)
            throw std::system_error(sys::last_error(), "write");
        sent += static_cast<std::size_t>(n);
    }
}

/// Reads the available data directly, without Asio.
inline std::string steal(boost_selectors::native_handle_type socket) {
    if (sys::poll(socket, POLLIN, 0) <= 0)
        return {};
    std::string bytes(65536, '\0');
    auto const n = ::recv(socket, bytes.data(), 65536, 0);
    bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return bytes;
}

#if !defined(_WIN32)

/// A test's precondition: processes can fork. Those of the simulation can't.
inline boost::test_tools::assertion_result can_fork(boost::unit_test::test_unit_id) {
    ::pid_t const child = ::fork();
    if (child == 0)
        std::_Exit(0);
    boost::test_tools::assertion_result result(child > 0);
    result.message() << "fork() fails: " << std::strerror(errno);
    if (child > 0)
        ::waitpid(child, nullptr, 0);
    return result;
}

/// Runs @p test in a child of a fork.
/// @param test returns whether it succeeded. @return its result.
template <class Test>
bool in_child(Test test) {
    ::pid_t const child = ::fork();
    if (child == -1)
        throw std::system_error(errno, std::system_category(), "fork");
    if (child == 0) {
        bool good = false;
        ::alarm(static_cast<unsigned>(deadline.count())); // The child has no watchdog.
        try {
            good = test();
        } catch (std::exception const& e) {
            std::fprintf(stderr, "In the child: %s\n", e.what());
        }
        std::_Exit(good ? 0 : 1);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) == -1 && errno == EINTR) {
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

#endif

template <bool boost_selectors::capabilities::*Member>
boost::unit_test::decorator::precondition needs(char const* reason) {
    return boost::unit_test::decorator::precondition([reason](boost::unit_test::test_unit_id) {
        boost::test_tools::assertion_result result(
            boost_selectors::make_selector()->get_capabilities().*Member);
        result.message() << reason;
        return result;
    });
}

inline auto needs_priority() {
    return needs<&boost_selectors::capabilities::priority>("it does not report urgent data");
}

inline auto needs_edge() {
    return needs<&boost_selectors::capabilities::edge>("it has no edge triggering");
}

inline auto needs_errors_to_stay() {
    return boost::unit_test::precondition([](boost::unit_test::test_unit_id) {
#if defined(BOOST_SELECTORS_LIBKQUEUE)
        boost::test_tools::assertion_result result(
            boost_selectors::make_selector()->name() != "kqueue");
        result.message() << "libkqueue takes a socket's error away";
#elif defined(__linux__)
        asio::io_context context;
        udp::socket socket(context, udp::v4());
        int const on = 1;
        boost::test_tools::assertion_result result(
            ::setsockopt(socket.native_handle(), IPPROTO_IP, IP_RECVERR, &on, sizeof on) == 0);
        result.message() << "there is no IP_RECVERR";
#else
        boost::test_tools::assertion_result result(true);
#endif
        return result;
    });
}

} // namespace asio_test

#endif
