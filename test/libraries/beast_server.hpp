// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_LIBRARIES_BEAST_SERVER_HPP
#define BOOST_SELECTORS_TEST_LIBRARIES_BEAST_SERVER_HPP

/// @file
/// A server in Beast's usual style. It echoes the body of each HTTP request and each WebSocket
/// message, on one port in plain text and on another with TLS.

#include "certificate.hpp"
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace asio_test {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using plain_stream = beast::tcp_stream;
using tls_stream = asio::ssl::stream<beast::tcp_stream>;
using text_request = http::request<http::string_body>;
using text_response = http::response<http::string_body>;

template <class Stream>
inline constexpr bool is_tls = std::is_same_v<Stream, tls_stream>;

template <class Stream>
asio::awaitable<void> echo_messages(websocket::stream<Stream> ws, text_request request) {
    beast::get_lowest_layer(ws).expires_never(); // WebSocket has timeouts of its own.
    ws.set_option(websocket::stream_base::timeout::suggested(beast::role_type::server));
    websocket::permessage_deflate compression;
    compression.server_enable = true;
    ws.set_option(compression);
    co_await ws.async_accept(request, asio::use_awaitable);
    beast::flat_buffer buffer;
    for (;;) {
        auto const [ec, n] = co_await ws.async_read(buffer, asio::as_tuple(asio::use_awaitable));
        if (ec)
            co_return;
        ws.text(ws.got_text());
        co_await ws.async_write(buffer.cdata(), asio::use_awaitable);
        buffer.consume(n);
    }
}

template <class Stream>
asio::awaitable<void> serve(Stream stream) {
    beast::get_lowest_layer(stream).expires_after(std::chrono::seconds(30));
    if constexpr (is_tls<Stream>)
        co_await stream.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
    beast::flat_buffer buffer;
    for (bool more = true; more;) {
        beast::get_lowest_layer(stream).expires_after(std::chrono::seconds(30));
        text_request request;
        auto const [ec, n] =
            co_await http::async_read(stream, buffer, request, asio::as_tuple(asio::use_awaitable));
        if (ec)
            co_return;
        if (websocket::is_upgrade(request)) {
            co_await echo_messages(
                websocket::stream<Stream>(std::move(stream)), std::move(request));
            co_return;
        }
        text_response response(http::status::ok, request.version());
        more = request.keep_alive();
        response.keep_alive(more);
        response.body() = std::move(request.body());
        response.prepare_payload();
        co_await http::async_write(stream, response, asio::use_awaitable);
    }
    if constexpr (is_tls<Stream>)
        co_await stream.async_shutdown(asio::as_tuple(asio::use_awaitable));
}

/// Accepts until the acceptor is closed. @p wrap makes a stream of a socket.
template <class Wrap>
asio::awaitable<void> accept(asio::ip::tcp::acceptor& acceptor, Wrap wrap) {
    for (;;) {
        auto const strand = asio::make_strand(acceptor.get_executor());
        auto [ec, socket] =
            co_await acceptor.async_accept(strand, asio::as_tuple(asio::use_awaitable));
        if (ec == asio::error::operation_aborted)
            co_return;
        if (ec)
            continue;
        // If a client disconnects early, its session ends with an exception.
        asio::co_spawn(strand, serve(wrap(std::move(socket))), [](std::exception_ptr) {});
    }
}

/// The server, in two threads of its own.
class beast_server {
public:
    beast_server() {
        asio::co_spawn(context_, accept(plain_, [](auto s) { return plain_stream(std::move(s)); }),
            asio::detached);
        asio::co_spawn(context_,
            accept(tls_, [this](auto s) { return tls_stream(std::move(s), tls_context_); }),
            asio::detached);
        for (int i = 0; i < 2; ++i)
            threads_.emplace_back([this] { context_.run(); });
    }

    ~beast_server() {
        context_.stop();
        for (auto& thread : threads_)
            thread.join();
    }

    asio::ip::tcp::endpoint plain() const { return plain_.local_endpoint(); }
    asio::ip::tcp::endpoint tls() const { return tls_.local_endpoint(); }
    certificate const& identity() const noexcept { return identity_; }

private:
    certificate identity_;
    asio::ssl::context tls_context_ = identity_.server_context();
    asio::io_context context_{2};
    asio::ip::tcp::acceptor plain_{context_, {asio::ip::address_v4::loopback(), 0}};
    asio::ip::tcp::acceptor tls_{context_, {asio::ip::address_v4::loopback(), 0}};
    std::vector<std::thread> threads_;
};

} // namespace asio_test

#endif
