// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Asio's example of a chat server with coroutines has 1,000 clients.

#define BOOST_TEST_MODULE simulation_thousand_clients
#include "../repeated.hpp"
#include "program.hpp"
#include <algorithm>
#include <boost/asio.hpp>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/simulation.hpp>
#include <chrono>
#include <cstdint>
#include <exception>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using boost_selectors::simulation;
using namespace std::chrono_literals;

constexpr int hosts = 8;
constexpr int rooms = 10; // The server has one for each port.
constexpr int clients = 1000;
constexpr int in_a_room = clients / rooms;

/// Clients number 0 to 9 are in rooms 0 to 9, and so on.
std::string port_of(int client) {
    return std::to_string(4000 + client % rooms);
}

std::string message_of(int client) {
    return "client " + std::to_string(client) + " of room " + std::to_string(client % rooms);
}

/// Says something, and hears what all of the room say.
awaitable<void> chat(int client, int& heard_all) {
    auto const executor = co_await asio::this_coro::executor;
    auto const start = std::chrono::steady_clock::now();
    asio::steady_timer timer(executor);
    timer.expires_at(start + client * 1ms);
    co_await timer.async_wait(use_awaitable);
    tcp::resolver resolver(executor);
    auto const server = co_await resolver.async_resolve("server", port_of(client), use_awaitable);
    tcp::socket s(executor);
    co_await asio::async_connect(s, server, use_awaitable);
    timer.expires_at(start + 10min); // All have come.
    co_await timer.async_wait(use_awaitable);
    std::string const said = message_of(client) + "\n";
    co_await asio::async_write(s, asio::buffer(said), use_awaitable);

    std::vector<std::string> heard, expected;
    std::string text;
    for (int i = 0; i < in_a_room; ++i) {
        std::size_t const n =
            co_await asio::async_read_until(s, asio::dynamic_buffer(text), '\n', use_awaitable);
        heard.push_back(text.substr(0, n - 1));
        text.erase(0, n);
        expected.push_back(message_of(client % rooms + i * rooms));
    }
    std::sort(heard.begin(), heard.end());
    std::sort(expected.begin(), expected.end());
    heard_all += heard == expected && text.empty();
}

std::uint64_t hash_of(std::uint64_t seed) {
    static program const server("chat_server");
    simulation world{{.seed = seed}};
    std::vector<std::string> ports;
    for (int room = 0; room < rooms; ++room)
        ports.push_back(port_of(room));
    world.host("server").service([&] { server(ports); });
    int heard_all = 0;
    for (int host = 0; host < hosts; ++host) {
        std::string const name = "clients" + std::to_string(host);
        world.link(name, "server").latency(5ms, 20ms).loss(0.01);
        world.host(name).run([&, host] {
            std::this_thread::sleep_for(1s);
            asio::io_context context;
            for (int client = host; client < clients; client += hosts)
                asio::co_spawn(context, chat(client, heard_all), [](std::exception_ptr e) {
                    if (e)
                        std::rethrow_exception(e);
                });
            context.run();
        });
    }
    world.chaos(1);
    world.run();
    BOOST_TEST(heard_all == clients);
    return world.trace_hash();
}

} // namespace

BOOST_AUTO_TEST_CASE(all_hear_all_of_their_room) {
    check_seeds(2, hash_of);
}
