// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Boost.Beast: HTTP and WebSocket, servers and clients, with and without TLS. No line here refers
// to a selector.

#define BOOST_TEST_MODULE beast
#include "../asio/support.hpp"
#include "beast_server.hpp"
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>

namespace {

using namespace asio_test;
using asio::awaitable;
using asio::use_awaitable;

using streams = std::tuple<plain_stream, tls_stream>;

/// The server, and what its clients need.
struct fixture {
    fixture() {
        rlimit limit{};
        BOOST_TEST_REQUIRE(getrlimit(RLIMIT_NOFILE, &limit) == 0);
        limit.rlim_cur = limit.rlim_max; // A thousand connections.
        BOOST_TEST_REQUIRE(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    }

    template <class Stream>
    tcp::endpoint endpoint() const {
        return is_tls<Stream> ? server.tls() : server.plain();
    }

    template <class Stream>
    Stream make_stream(asio::any_io_executor executor) {
        if constexpr (is_tls<Stream>)
            return Stream(executor, tls);
        else
            return Stream(executor);
    }

    template <class Stream>
    awaitable<Stream> connect() {
        auto stream = make_stream<Stream>(co_await asio::this_coro::executor);
        auto& lowest = beast::get_lowest_layer(stream);
        lowest.expires_after(deadline);
        co_await lowest.async_connect(endpoint<Stream>(), use_awaitable);
        if constexpr (is_tls<Stream>)
            co_await stream.async_handshake(asio::ssl::stream_base::client, use_awaitable);
        co_return stream;
    }

    beast_server server;
    asio::ssl::context tls = server.identity().client_context();
    asio::io_context context;
};

text_request post(std::string body) {
    text_request request(http::verb::post, "/", 11);
    request.set(http::field::host, "localhost");
    request.body() = std::move(body);
    request.prepare_payload();
    return request;
}

/// Content of this size that differs for each seed.
std::string content(std::size_t size, std::size_t seed) {
    std::string text(size, ' ');
    for (std::size_t i = 0; i < size; ++i)
        text[i] = char('a' + (i * 7 + seed + i / 251) % 26);
    return text;
}

template <class Stream>
awaitable<bool> exchange_requests(fixture& f, std::size_t number) {
    auto stream = co_await f.template connect<Stream>();
    beast::flat_buffer buffer;
    for (std::size_t i = 0; i < 20; ++i) {
        auto const body = content(i * i * 100, number);
        co_await http::async_write(stream, post(body), use_awaitable);
        text_response response;
        co_await http::async_read(stream, buffer, response, use_awaitable);
        if (response.result() != http::status::ok || response.body() != body)
            co_return false;
    }
    co_return true;
}

template <class Stream>
awaitable<bool> exchange_messages(fixture& f, std::size_t number, bool compressed) {
    websocket::stream<Stream> ws(co_await f.template connect<Stream>());
    beast::get_lowest_layer(ws).expires_never();
    ws.set_option(websocket::stream_base::timeout::suggested(beast::role_type::client));
    websocket::permessage_deflate compression;
    compression.client_enable = compressed;
    ws.set_option(compression);
    co_await ws.async_handshake("localhost", "/", use_awaitable);
    beast::flat_buffer buffer;
    for (std::size_t i = 0; i < 20; ++i) {
        auto const message = content(i * i * 500 + 1, number);
        ws.binary(i % 2 == 0);
        co_await ws.async_write(asio::buffer(message), use_awaitable);
        co_await ws.async_read(buffer, use_awaitable);
        if (beast::buffers_to_string(buffer.cdata()) != message || ws.got_binary() != (i % 2 == 0))
            co_return false;
        buffer.clear();
    }
    co_await ws.async_close(websocket::close_code::normal, use_awaitable);
    co_return true;
}

/// Runs that many clients at a time, and checks that all succeed.
template <class Client>
void all_are_served(fixture& f, std::size_t clients, Client client) {
    std::vector<std::future<bool>> good;
    for (std::size_t i = 0; i < clients; ++i)
        good.push_back(asio::co_spawn(f.context, client(i), asio::use_future));
    run(f.context);
    for (auto& g : good)
        BOOST_TEST(g.get());
}

/// The error of an operation that must end by its timeout.
template <class Start>
error_code timeout_of(asio::io_context& context, Start start) {
    error_code result;
    start([&](error_code ec, auto...) { result = ec; });
    run(context);
    return result;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(beast_programs, fixture)

BOOST_AUTO_TEST_CASE_TEMPLATE(http_requests, Stream, streams) {
    all_are_served(*this, 50, [&](std::size_t i) { return exchange_requests<Stream>(*this, i); });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(http_by_a_blocking_client, Stream, streams) {
    watchdog const guard;
    auto stream = make_stream<Stream>(context.get_executor());
    beast::get_lowest_layer(stream).connect(endpoint<Stream>());
    if constexpr (is_tls<Stream>)
        stream.handshake(asio::ssl::stream_base::client);
    beast::flat_buffer buffer;
    for (std::size_t i = 0; i < 20; ++i) {
        http::write(stream, post(content(10'000, i)));
        text_response response;
        http::read(stream, buffer, response);
        BOOST_TEST((response.body() == content(10'000, i)));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(websocket_messages, Stream, streams) {
    all_are_served(
        *this, 20, [&](std::size_t i) { return exchange_messages<Stream>(*this, i, i % 2 == 0); });
}

BOOST_AUTO_TEST_CASE(a_stream_times_out) {
    tcp::acceptor silent(context, {asio::ip::address_v4::loopback(), 0});
    plain_stream stream(context);
    stream.connect(silent.local_endpoint());
    beast::flat_buffer buffer;
    text_response response;
    stream.expires_after(20ms);
    auto const ec = timeout_of(
        context, [&](auto handler) { http::async_read(stream, buffer, response, handler); });
    BOOST_TEST((ec == beast::error::timeout));
}

BOOST_AUTO_TEST_CASE(a_websocket_handshake_times_out) {
    tcp::acceptor silent(context, {asio::ip::address_v4::loopback(), 0});
    websocket::stream<plain_stream> ws(context);
    ws.next_layer().connect(silent.local_endpoint());
    ws.next_layer().expires_never();
    ws.set_option(websocket::stream_base::timeout{20ms, websocket::stream_base::none(), false});
    auto const ec =
        timeout_of(context, [&](auto handler) { ws.async_handshake("localhost", "/", handler); });
    BOOST_TEST((ec == beast::error::timeout));
}

BOOST_AUTO_TEST_CASE(an_idle_websocket_is_kept_alive_by_pings) {
    websocket::stream<plain_stream> ws(context);
    ws.next_layer().connect(server.plain());
    ws.next_layer().expires_never();
    ws.handshake("localhost", "/");
    ws.set_option(websocket::stream_base::timeout{deadline, 40ms, true});
    int pongs = 0;
    ws.control_callback([&](websocket::frame_type kind, beast::string_view) {
        pongs += kind == websocket::frame_type::pong;
    });
    beast::flat_buffer buffer;
    error_code ended;
    ws.async_read(buffer, [&](error_code ec, std::size_t) { ended = ec; });
    BOOST_TEST(run_until(context, [&] { return pongs == 3; }));
    BOOST_TEST(!ended);
    ws.async_close(websocket::close_code::normal, [](error_code) {});
    asio_test::run(context);
    BOOST_TEST(ended.failed());
}

BOOST_AUTO_TEST_CASE(clients_of_another_make) {
    watchdog const guard(deadline * 9);
    char const* const clients = std::getenv("BEAST_CLIENTS"); // beast_clients.py
    BOOST_TEST_REQUIRE(clients);
    auto const file = std::filesystem::temp_directory_path() /
                      ("beast_" + std::to_string(server.plain().port()) + ".pem");
    std::ofstream(file) << server.identity().pem;
    auto const command = std::string(clients) + ' ' + std::to_string(server.plain().port()) + ' ' +
                         std::to_string(server.tls().port()) + ' ' + file.string();
    BOOST_TEST(std::system(command.c_str()) == 0);
    std::filesystem::remove(file);
}

BOOST_AUTO_TEST_SUITE_END()
