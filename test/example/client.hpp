// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_EXAMPLE_CLIENT_HPP
#define BOOST_SELECTORS_TEST_EXAMPLE_CLIENT_HPP

/// @file
/// Clients of the echo servers, written with plain system calls.

#include <algorithm>
#include <boost_selectors/test/posix_support.hpp>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace example_test {

using namespace boost_selectors::test;

/// An address of the loopback interface.
inline sockaddr_in local_address(std::uint16_t port) {
    sockaddr_in address = loopback();
    address.sin_port = htons(port);
    return address;
}

/// The port that @p handle is bound to.
inline std::uint16_t port_of(unique_handle const& handle) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    checked(::getsockname(handle.native_handle(), reinterpret_cast<sockaddr*>(&address), &size),
        "getsockname");
    return ntohs(address.sin_port);
}

/// Connects a socket of @p type.
inline unique_handle connect_to(std::uint16_t port, int type = SOCK_STREAM) {
    unique_handle handle(checked(::socket(AF_INET, type | SOCK_CLOEXEC, 0), "socket"));
    sockaddr_in const address = local_address(port);
    checked(::connect(handle.native_handle(), reinterpret_cast<sockaddr const*>(&address),
                sizeof address),
        "connect");
    checked(sys::set_nonblocking(handle.native_handle()), "fcntl");
    return handle;
}

/// Waits for @p n bytes. @return the bytes received, fewer if the stream or the time ended first.
inline std::string receive_exactly(unique_handle const& from, std::size_t n) {
    std::string all;
    while (all.size() < n && ready_by_system(from.native_handle(), boost_selectors::event::read)) {
        auto const bytes = receive(from, n - all.size());
        if (bytes && bytes->empty())
            break;
        all += bytes.value_or("");
    }
    return all;
}

/// An endless stream of pseudorandom bytes.
class byte_stream {
public:
    explicit byte_stream(std::size_t seed)
        : position_(seed * 7919 % bytes().size()) {}

    /// The next contiguous bytes, at most @p max.
    std::string_view peek(std::size_t max) const {
        return std::string_view(bytes()).substr(position_, max);
    }
    void advance(std::size_t n) { position_ = (position_ + n) % bytes().size(); }

private:
    static std::string const& bytes() {
        static std::string const s = [] {
            std::string random(65521, '\0');
            std::ranges::generate(random, [engine = std::minstd_rand()]() mutable {
                return static_cast<char>(engine() >> 8);
            });
            return random;
        }();
        return s;
    }

    std::size_t position_;
};

/// Sends its own bytes to an echo server, and checks every byte of the echo.
class client {
public:
    explicit client(std::uint16_t port, std::size_t seed = 0)
        : handle_(connect_to(port))
        , to_send_(seed)
        , to_receive_(seed) {}

    std::size_t sent() const { return sent_; }

    /// Sends at most @p n bytes, as many as it can without waiting.
    void send_some(std::size_t n) {
        std::string_view const bytes = to_send_.peek(n);
        ssize_t const result =
            ::send(handle_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (result == -1 && errno != EAGAIN)
            throw_last_error("send");
        to_send_.advance(result > 0 ? static_cast<std::size_t>(result) : 0);
        sent_ += result > 0 ? static_cast<std::size_t>(result) : 0;
    }

    /// Sends without reading until the buffers are full, or @p limit bytes are sent.
    void send_until_held_back(std::size_t limit) {
        constexpr auto long_enough = 300ms;
        while (sent_ < limit && ready_by_system(handle_.native_handle(), event::write, long_enough))
            send_some(limit - sent_);
    }

    /// Waits for data and receives it.
    /// @return whether data came, and equals what was sent.
    bool receive_some() {
        if (!ready_by_system(handle_.native_handle(), event::read))
            return false;
        auto const bytes = receive(handle_);
        return !bytes || (!bytes->empty() && is_right(*bytes));
    }

    /// @return whether all that was sent came back.
    bool receive_all() {
        while (received_ < sent_)
            if (!receive_some())
                return false;
        return received_ == sent_;
    }

    /// Sends and receives at the same time. @return whether it all came back.
    bool exchange(std::size_t n) {
        for (std::size_t const end = sent_ + n; sent_ < end;) {
            send_some(end - sent_);
            if (sent_ < end && !receive_some())
                return false;
        }
        return receive_all();
    }

    /// Whether data can be received now.
    bool has_answer() const { return ready_by_system(handle_.native_handle(), event::read, 0ms); }

    bool is_open() const { return boost_selectors::is_valid(handle_.native_handle()); }

    void end_sending() { end_writing(handle_); }

    /// Waits until the server ends the stream.
    bool at_end() {
        return ready_by_system(handle_.native_handle(), event::read) &&
               boost_selectors::test::at_end(handle_);
    }

    void reset() { reset_connection(handle_); }
    void close() { handle_.close(); }

private:
    using event = boost_selectors::event;

    bool is_right(std::string_view bytes) {
        received_ += bytes.size();
        while (!bytes.empty()) {
            std::string_view const expected = to_receive_.peek(bytes.size());
            if (!bytes.starts_with(expected))
                return false;
            bytes.remove_prefix(expected.size());
            to_receive_.advance(expected.size());
        }
        return true;
    }

    unique_handle handle_;
    byte_stream to_send_;
    byte_stream to_receive_;
    std::size_t sent_ = 0;
    std::size_t received_ = 0;
};

} // namespace example_test

#endif
