// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// TLS, whose random numbers are OpenSSL's. `tls_test --hash` prints the hash of a run.

#define BOOST_TEST_ALTERNATIVE_INIT_API
#define BOOST_TEST_NO_MAIN

#include "../libraries/certificate.hpp"
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/simulation.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>

namespace asio = boost::asio;
using asio::ip::tcp;
using asio_test::certificate;
using boost_selectors::simulation;
using namespace std::chrono_literals;
using tls_stream = asio::ssl::stream<tcp::socket>;

namespace {

constexpr unsigned short port = 4433;

/// The hosts' file, so to speak: each run has a certificate of its own.
struct world_state {
    std::optional<certificate> own;
    int greeted = 0;
};

asio::awaitable<void> greet_back(tcp::socket s, asio::ssl::context& tls) {
    tls_stream stream(std::move(s), tls);
    co_await stream.async_handshake(tls_stream::server, asio::use_awaitable);
    std::string line;
    std::size_t const n = co_await asio::async_read_until(
        stream, asio::dynamic_buffer(line), '\n', asio::use_awaitable);
    co_await asio::async_write(stream, asio::buffer(line, n), asio::use_awaitable);
    co_await stream.async_shutdown(asio::use_awaitable);
}

void serve(world_state& state) {
    state.own.emplace();
    auto tls = state.own->server_context();
    asio::io_context context;
    tcp::acceptor acceptor(context, {tcp::v4(), port});
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            for (;;)
                asio::co_spawn(context,
                    greet_back(co_await acceptor.async_accept(asio::use_awaitable), tls),
                    [](std::exception_ptr) {}); // One whose client has gone.
        },
        asio::detached);
    context.run();
}

void greet(world_state& state) {
    std::this_thread::sleep_for(1s);
    auto tls = state.own->client_context();
    asio::io_context context;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            tls_stream stream(context, tls);
            auto const at = co_await tcp::resolver(context).async_resolve(
                "server", std::to_string(port), asio::use_awaitable);
            co_await asio::async_connect(stream.next_layer(), at, asio::use_awaitable);
            stream.set_verify_callback(asio::ssl::host_name_verification("localhost"));
            co_await stream.async_handshake(tls_stream::client, asio::use_awaitable);
            std::string const hello = "hello\n";
            co_await asio::async_write(stream, asio::buffer(hello), asio::use_awaitable);
            std::string line;
            co_await asio::async_read_until(
                stream, asio::dynamic_buffer(line), '\n', asio::use_awaitable);
            BOOST_TEST(line == hello);
            ++state.greeted;
        },
        [](std::exception_ptr e) {
            if (e)
                std::rethrow_exception(e);
        });
    context.run();
}

/// Two clients at once.
std::uint64_t hash_of(std::uint64_t seed) {
    world_state state;
    simulation world{{.seed = seed}};
    world.host("server").service([&] { serve(state); });
    for (char const* const name : {"first", "second"})
        world.host(name).run([&] { greet(state); });
    world.run();
    if (state.greeted != 2)
        std::abort();
    return world.trace_hash();
}

std::string hash_in_another_process(std::string const& environment) {
    std::string const command =
        environment + " " + boost::unit_test::framework::master_test_suite().argv[0] + " --hash";
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const pipe(
        ::popen(command.c_str(), "r"), &::pclose);
    BOOST_REQUIRE(pipe);
    char text[100] = "";
    BOOST_REQUIRE(std::fgets(text, sizeof(text), pipe.get()));
    return text;
}

} // namespace

BOOST_AUTO_TEST_CASE(hundred_processes_with_random_addresses_run_the_same) {
    std::set<std::string> hashes;
    for (int i = 0; i < 100; ++i)
        hashes.insert(hash_in_another_process("BOOST_SELECTORS_RANDOM_ADDRESSES=1"));
    BOOST_TEST(hashes.size() == 1u);
    BOOST_TEST(*hashes.begin() == std::to_string(hash_of(7)) + '\n');
}

BOOST_AUTO_TEST_CASE(seeds_differ) {
    BOOST_TEST(hash_of(7) != hash_of(8));
}

BOOST_AUTO_TEST_CASE(crash_during_the_handshake) {
    for (int millisecond = 1000; millisecond < 1030; ++millisecond) {
        world_state state;
        simulation world;
        auto server = world.host("server");
        server.service([&] { serve(state); });
        world.host("client").run([&] {
            for (int i = 0; i < 2; ++i)
                try {
                    greet(state);
                } catch (boost::system::system_error const&) { // The server has gone.
                }
        });
        world.at(std::chrono::milliseconds(millisecond), [&] { server.kill(); });
        world.at(1900ms, [&] { server.restart(); });
        world.run();
        BOOST_TEST(state.greeted >= 1);
    }
}

int main(int argc, char** argv) {
    if (argc == 2 && std::string_view(argv[1]) == "--hash") {
        std::cout << hash_of(7) << std::endl;
        return 0;
    }
    return boost::unit_test::unit_test_main([] { return true; }, argc, argv);
}
