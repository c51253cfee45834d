// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Boost.MySQL's pool of connections, and a small server that speaks enough of MySQL's protocol: the
// handshake without TLS, pings, resets, and two statements.

#define BOOST_TEST_MODULE simulation_mysql
#include "../repeated.hpp"
#include <algorithm>
#include <boost/asio.hpp>
#include <boost/mysql.hpp>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/simulation.hpp>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <exception>
#include <numeric>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

// Boost.MySQL needs two functions of Boost.Charconv that are in its library. Only the headers are here.
namespace boost::charconv {
namespace {

template <class T>
from_chars_result read(char const* first, char const* last, T& value) noexcept {
    auto const [end, error] = std::from_chars(first, last, value);
    return {end, error};
}

} // namespace

from_chars_result from_chars(
    char const* first, char const* last, float& value, chars_format) noexcept {
    return read(first, last, value);
}

from_chars_result from_chars(
    char const* first, char const* last, double& value, chars_format) noexcept {
    return read(first, last, value);
}

to_chars_result to_chars(char* first, char* last, double value, chars_format) noexcept {
    auto const [end, error] = std::to_chars(first, last, value, std::chars_format::scientific);
    return {end, error};
}

} // namespace boost::charconv

namespace {

namespace asio = boost::asio;
namespace mysql = boost::mysql;
using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;
using boost_selectors::simulation;
using steady = std::chrono::steady_clock;
using namespace std::chrono_literals;
using namespace std::string_literals;

/// What the server keeps when its host crashes, and what the test wants to know of it.
struct server_state {
    int counter = 0;
    int connections = 0;
    int pings = 0;
};

/// A number of some bytes, the lowest first.
std::string bytes(std::uint64_t value, int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += char(value >> (8 * i));
    return text;
}

/// A text after its length.
std::string as_string(std::string const& text) {
    return bytes(text.size(), 1) + text;
}

/// A client's connection to the server.
class session {
public:
    session(tcp::socket socket, server_state& state)
        : socket_(std::move(socket))
        , state_(state) {}

    awaitable<void> run() {
        int const number = ++state_.connections;
        co_await send(greeting(number));
        std::string const login = co_await receive();
        if (login.substr(32, 7) != "tester\0"s) {
            co_await send("\xff"s + bytes(1045, 2) + "#28000Access denied");
            co_return;
        }
        co_await send(ok("\0"s));
        for (;;) {
            std::string const command = co_await receive();
            std::string const text = command.substr(1);
            switch (command[0]) {
            case 0x01: // COM_QUIT
                co_return;
            case 0x0e: // COM_PING
                ++state_.pings;
                co_await send(ok("\0"s));
                break;
            case 0x1f: // COM_RESET_CONNECTION
                co_await send(ok("\0"s));
                break;
            case 0x03: // COM_QUERY
                if (text == "SELECT next") {
                    co_await send("\x01"s);
                    co_await send(column("next"));
                    co_await send(as_string(std::to_string(++state_.counter)));
                    co_await send(ok("\xfe"s));
                } else if (text.rfind("SET NAMES", 0) == 0) {
                    co_await send(ok("\0"s));
                } else {
                    co_await send("\xff"s + bytes(1064, 2) + "#42000Syntax error");
                }
                break;
            default:
                co_await send("\xff"s + bytes(1047, 2) + "#08S01Unknown command");
            }
        }
    }

private:
    static std::string greeting(int number) {
        std::uint32_t const protocol_41 = 1u << 9, secure_connection = 1u << 15,
                            plugin_auth = 1u << 19, plugin_auth_lenenc_data = 1u << 21,
                            deprecate_eof = 1u << 24;
        std::uint32_t const capabilities =
            protocol_41 | secure_connection | plugin_auth | plugin_auth_lenenc_data | deprecate_eof;
        return "\x0a" + "8.0.36\0"s + bytes(unsigned(number), 4) + "01234567\0"s +
               bytes(capabilities, 2) + bytes(45, 1) + bytes(2, 2) + bytes(capabilities >> 16, 2) +
               bytes(21, 1) + std::string(10, '\0') + "89abcdefghij\0"s +
               "mysql_native_password\0"s;
    }

    static std::string ok(std::string const& header) { return header + "\0\0\x02\0\0\0"s; }

    /// A column of 64-bit numbers.
    static std::string column(std::string const& name) {
        return as_string("def") + as_string("") + as_string("") + as_string("") + as_string(name) +
               as_string("") +
               as_string(bytes(63, 2) + bytes(20, 4) + bytes(8, 1) + bytes(0, 2) + bytes(0, 3));
    }

    awaitable<void> send(std::string const& message) {
        std::string const packet = bytes(message.size(), 3) + bytes(sequence_++, 1) + message;
        co_await asio::async_write(socket_, asio::buffer(packet), use_awaitable);
    }

    awaitable<std::string> receive() {
        std::string header(4, '\0');
        co_await asio::async_read(socket_, asio::buffer(header), use_awaitable);
        sequence_ = std::uint8_t(std::uint8_t(header[3]) + 1);
        auto const byte = [&](std::size_t i) { return std::size_t(std::uint8_t(header[i])); };
        std::string message(byte(0) | byte(1) << 8 | byte(2) << 16, '\0');
        co_await asio::async_read(socket_, asio::buffer(message), use_awaitable);
        co_return message;
    }

    tcp::socket socket_;
    server_state& state_;
    std::uint8_t sequence_ = 0;
};

awaitable<void> run_session(tcp::socket socket, server_state& state) {
    session s(std::move(socket), state);
    co_await s.run();
}

void serve(server_state& state) {
    asio::io_context context;
    tcp::acceptor acceptor(context, {tcp::v4(), 3306});
    asio::co_spawn(
        context,
        [&]() -> awaitable<void> {
            for (;;) {
                tcp::socket s = co_await acceptor.async_accept(use_awaitable);
                asio::co_spawn(context, run_session(std::move(s), state),
                    [](std::exception_ptr) {}); // The client has gone.
            }
        },
        asio::detached);
    context.run();
}

mysql::pool_params parameters() {
    mysql::pool_params p;
    p.server_address.emplace_host_and_port("server");
    p.username = "tester";
    p.ssl = mysql::ssl_mode::disable;
    p.max_size = 5;
    return p;
}

void make_bad(simulation& world) {
    world.link("client", "server").latency(5ms, 20ms).loss(0.01);
    world.chaos(1);
}

void rethrow(std::exception_ptr e) {
    if (e)
        std::rethrow_exception(e);
}

/// Runs a coroutine with a pool of connections.
template <class F>
void use_pool(mysql::pool_params p, F f) {
    asio::io_context context;
    mysql::connection_pool pool(context, std::move(p));
    pool.async_run(asio::detached);
    asio::co_spawn(context, f(pool), [&](std::exception_ptr e) {
        rethrow(e);
        pool.cancel();
    });
    context.run();
}

awaitable<int> select_next(mysql::connection_pool& pool) {
    mysql::pooled_connection connection = co_await pool.async_get_connection(use_awaitable);
    mysql::results result;
    co_await connection->async_execute("SELECT next", result, use_awaitable);
    co_return int(result.rows().at(0).at(0).as_int64());
}

/// Whether a time is when it was expected, but for the clock's steps.
bool is_about(steady::duration time, steady::duration expected) {
    return time >= expected && time < expected + 1ms;
}

constexpr std::uint64_t seeds = 10;

} // namespace

BOOST_AUTO_TEST_CASE(pool_tries_again_until_there_is_a_server) {
    check_seeds(seeds, [](std::uint64_t seed) {
        server_state state;
        simulation world{{.seed = seed}};
        make_bad(world);
        world.host("server").service([&] {
            std::this_thread::sleep_for(100s);
            serve(state);
        });
        world.host("client").run([&] {
            auto const start = steady::now();
            use_pool(parameters(), [&](mysql::connection_pool& pool) -> awaitable<void> {
                // Not yet: it gives up at the time that it was given.
                error_code ec;
                mysql::diagnostics why;
                co_await pool.async_get_connection(
                    why, asio::cancel_after(10s, asio::redirect_error(use_awaitable, ec)));
                BOOST_TEST(is_about(steady::now() - start, 10s));
                BOOST_TEST((ec == mysql::client_errc::no_connection_available));
                BOOST_TEST(why.client_message().find("Connection refused") != std::string::npos);
                BOOST_TEST(state.connections == 0);
                // The pool tries each 30 s, after the few milliseconds that an attempt takes.
                BOOST_TEST(co_await select_next(pool) == 1);
                BOOST_TEST((steady::now() - start > 120s));
                BOOST_TEST((steady::now() - start < 130s));
                BOOST_TEST(state.connections == 1);
            });
        });
        world.run();
        return world.trace_hash();
    });
}

BOOST_AUTO_TEST_CASE(many_coroutines_share_five_connections) {
    check_seeds(seeds, [](std::uint64_t seed) {
        server_state state;
        simulation world{{.seed = seed}};
        make_bad(world);
        world.host("server").service([&] { serve(state); });
        world.host("client").run([&] {
            std::this_thread::sleep_for(1s);
            std::vector<int> numbers;
            int left = 20;
            asio::io_context context;
            mysql::connection_pool pool(context, parameters());
            pool.async_run(asio::detached);
            for (int i = 0; i < 20; ++i)
                asio::co_spawn(
                    context,
                    [&]() -> awaitable<void> {
                        for (int n = 0; n < 10; ++n)
                            numbers.push_back(co_await select_next(pool));
                        if (--left == 0)
                            pool.cancel();
                    },
                    rethrow);
            context.run();
            std::sort(numbers.begin(), numbers.end());
            std::vector<int> expected(200);
            std::iota(expected.begin(), expected.end(), 1);
            BOOST_TEST(numbers == expected, boost::test_tools::per_element());
        });
        world.run();
        BOOST_TEST(state.connections == 5);
        return world.trace_hash();
    });
}

BOOST_AUTO_TEST_CASE(pool_pings_each_hour_and_finds_out_that_the_server_has_gone) {
    check_seeds(seeds, [](std::uint64_t seed) {
        server_state state;
        simulation world{{.seed = seed}};
        make_bad(world);
        auto server = world.host("server");
        server.service([&] { serve(state); });
        world.at(10h + 30min, [&] { server.crash(); });
        world.at(20h, [&] { server.restart(); });
        world.host("client").run([&] {
            std::this_thread::sleep_for(1s);
            use_pool(parameters(), [&](mysql::connection_pool& pool) -> awaitable<void> {
                BOOST_TEST(co_await select_next(pool) == 1);
                asio::steady_timer timer(co_await asio::this_coro::executor, 10h + 15min);
                co_await timer.async_wait(use_awaitable);
                BOOST_TEST(state.pings == 10);
                BOOST_TEST(state.connections == 1);
                // In the eleventh hour a ping gets no answer. Then there is no connection.
                timer.expires_after(1h);
                co_await timer.async_wait(use_awaitable);
                error_code ec;
                auto const start = steady::now();
                co_await pool.async_get_connection(
                    asio::cancel_after(5s, asio::redirect_error(use_awaitable, ec)));
                BOOST_TEST((ec == mysql::client_errc::no_connection_available));
                BOOST_TEST(is_about(steady::now() - start, 5s));
                BOOST_TEST(co_await select_next(pool) == 2);
                BOOST_TEST(state.connections == 2);
            });
        });
        world.run();
        // An attempt takes up to 20 s, and 30 s later comes the next one.
        BOOST_TEST((world.now() > 20h));
        BOOST_TEST((world.now() < 20h + 60s));
        return world.trace_hash();
    });
}

BOOST_AUTO_TEST_CASE(server_refuses_an_unknown_user) {
    check_seeds(2, [](std::uint64_t seed) {
        server_state state;
        simulation world{{.seed = seed}};
        make_bad(world);
        world.host("server").service([&] { serve(state); });
        world.host("client").run([&] {
            std::this_thread::sleep_for(1s);
            mysql::pool_params p = parameters();
            p.username = "somebody";
            use_pool(std::move(p), [&](mysql::connection_pool& pool) -> awaitable<void> {
                error_code ec;
                mysql::diagnostics why;
                co_await pool.async_get_connection(
                    why, asio::cancel_after(10s, asio::redirect_error(use_awaitable, ec)));
                BOOST_TEST((ec == mysql::client_errc::no_connection_available));
                BOOST_TEST(why.server_message().find("Access denied") != std::string::npos);
            });
        });
        world.run();
        return world.trace_hash();
    });
}
