// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_ASIO_WATCHED_HPP
#define BOOST_SELECTORS_TEST_ASIO_WATCHED_HPP

/// @file
/// Observes the reactor from the selector's side: registrations, waits and wake-ups.

#include "support.hpp"
#include <algorithm>
#include <array>
#include <atomic>
#include <boost_selectors/asio.hpp>
#include <boost_selectors/forwarding_backend.hpp>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace asio_test {

using boost_selectors::event;
using boost_selectors::selector_context;

/// Counts the calls of a watched_backend, and sets the errors it injects. Outlives the backend.
struct watched_calls {
    std::atomic<int> registers = 0;
    std::atomic<int> modifies = 0;
    std::atomic<int> unregisters = 0;
    std::atomic<int> late_unregisters = 0; ///< Of handles that were already closed.
    std::atomic<int> waits = 0;
    std::atomic<int> wakeups = 0;
    std::atomic<int> edges = 0; ///< Changes to edge triggering.
    std::atomic<std::size_t> most_events = 0;
    std::atomic<std::chrono::nanoseconds> timeout{}; ///< Of the last wait.
    std::atomic<bool> sleeping = false;              ///< In a wait with a positive timeout.
    std::atomic<bool> closed = false;

    std::atomic<bool> throw_once = false;      ///< Makes the next wait throw.
    std::atomic<int> refused_waits = 0;        ///< How many of the next waits fail,
    std::errc wait_error{};                    ///< and their error.
    std::atomic<bool> throw_in_modify = false; ///< Makes the next modify() throw.
    std::atomic<int> refused_modifies = 0;     ///< How many of the next modify() calls fail.
    std::atomic<int> refused_adds = 0;         ///< The same.
    std::error_code fork_error;
    std::function<void()> in_wait; ///< Called at the start of each wait.

    int changes() const { return registers + modifies + unregisters; }
};

/// A user-defined backend that forwards to another backend and counts the calls.
class watched_backend final : public boost_selectors::forwarding_backend {
public:
    explicit watched_backend(watched_calls& calls, bool with_edge = true)
        : watched_backend(calls, boost_selectors::make_backend(), with_edge) {}

    watched_backend(watched_calls& calls, std::string_view inner)
        : watched_backend(calls, boost_selectors::make_backend(inner), true) {}

private:
    using token = boost_selectors::token;
    using interest = boost_selectors::interest;
    using native_handle_type = boost_selectors::native_handle_type;

    watched_backend(watched_calls& calls, std::unique_ptr<selector_backend>&& inner, bool with_edge)
        : forwarding_backend("watched", abilities(*inner, with_edge), std::move(inner))
        , calls_(calls) {}

    static boost_selectors::capabilities abilities(selector_backend const& inner, bool with_edge) {
        boost_selectors::capabilities can = inner.get_capabilities();
        can.pollable = false;
        can.edge = can.edge && with_edge;
        return can;
    }

    void add(native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        if (calls_.refused_adds > 0) {
            --calls_.refused_adds;
            ec = std::make_error_code(std::errc::not_enough_memory);
            return;
        }
        ++calls_.registers;
        forwarding_backend::add(handle, wanted, id, ec);
        calls_.registers -= ec ? 1 : 0;
    }

    void modify(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        ++calls_.modifies;
        if (calls_.refused_modifies > 0) {
            --calls_.refused_modifies;
            ec = std::make_error_code(std::errc::not_enough_memory);
            return;
        }
        if (calls_.throw_in_modify.exchange(false))
            throw std::runtime_error("thrown by the backend");
        calls_.edges += wanted.mode == boost_selectors::trigger::edge;
        forwarding_backend::modify(handle, wanted, id, ec);
    }

    void remove(native_handle_type handle, token id) noexcept override {
        ++calls_.unregisters;
        calls_.late_unregisters += !sys::is_open(handle);
        forwarding_backend::remove(handle, id);
    }

    void wait(
        std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec) override {
        ++calls_.waits;
        calls_.most_events = std::max<std::size_t>(calls_.most_events, max_events);
        calls_.timeout = timeout;
        if (calls_.throw_once.exchange(false))
            throw std::runtime_error("thrown by the backend");
        if (calls_.refused_waits > 0) {
            --calls_.refused_waits;
            ec = std::make_error_code(calls_.wait_error);
            return;
        }
        if (calls_.in_wait)
            calls_.in_wait();
        calls_.sleeping = timeout > timeout.zero();
        forwarding_backend::wait(timeout, max_events, ec);
        calls_.sleeping = false;
    }

    void wake() noexcept override {
        ++calls_.wakeups;
        forwarding_backend::wake();
    }

    void close() noexcept override {
        calls_.closed = true;
        forwarding_backend::close();
    }

    void after_fork(std::error_code& ec) override {
        if (!(ec = calls_.fork_error))
            forwarding_backend::after_fork(ec);
    }

    watched_calls& calls_;
};

/// A context on a watched_backend.
struct watched {
    explicit watched(bool with_edge = true)
        : context(std::in_place_type<watched_backend>, calls, with_edge) {}

    /// The events that the selector watches for at a handle.
    template <class Object>
    event interest(Object& object) const {
        auto const key = context.selector().find(object.native_handle());
        return key ? key->wanted.events : event::none;
    }

    std::size_t registered() const { return context.selector().get_map().size(); }

    /// Reads a byte that @p peer sends. Afterwards the interest in reading is still registered.
    template <class Socket>
    void arm_by_reading(Socket& socket, Socket& peer) {
        outcome read;
        char data;
        socket.async_read_some(asio::buffer(&data, 1), into(read));
        poll_often(context);
        send(peer, "x");
        BOOST_TEST(run_until(context, [&] { return read.calls > 0; }));
        BOOST_TEST(read.succeeded());
    }

    watched_calls calls;
    selector_context context;
};

struct watched_pair : watched {
    explicit watched_pair(bool with_edge = true)
        : watched(with_edge) {}

    socket_pair<tcp> pair = connect_tcp(context);
    tcp::socket& socket = pair.first;
    tcp::socket& peer = pair.second;
    std::array<char, 64> data{};
};

/// Waits by the system's own poll() until @p handle is readable.
inline bool readable(
    boost_selectors::native_handle_type handle, std::chrono::milliseconds timeout = deadline) {
    return sys::poll(handle, POLLIN, static_cast<int>(timeout.count())) == 1;
}

} // namespace asio_test

#endif
