// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Boost.Beast's example servers and clients, each on a host of its own.

#define BOOST_TEST_MODULE simulation_beast
#include "../repeated.hpp"
#include "program.hpp"
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/simulation.hpp>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <netinet/in.h>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using boost_selectors::simulation;
using namespace std::chrono_literals;
using strings = std::vector<std::string>;

constexpr std::uint64_t seeds = 10;

/// What the programs write.
class output {
public:
    output()
        : out_(std::cout.rdbuf(text_.rdbuf()))
        , errors_(std::cerr.rdbuf(error_text_.rdbuf())) {}

    ~output() { restore(); }

    void restore() {
        if (!out_)
            return;
        std::cout.rdbuf(std::exchange(out_, nullptr));
        std::cerr.rdbuf(errors_);
    }

    std::string text() const { return text_.str(); }
    std::string errors() const { return error_text_.str(); }

private:
    std::stringstream text_;
    std::stringstream error_text_;
    std::streambuf* out_;
    std::streambuf* errors_;
};

void make_bad(simulation& world, strings const& clients) {
    for (std::string const& client : clients)
        world.link(client, "server").latency(5ms, 20ms).loss(0.01);
    world.chaos(1);
}

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size()))
        ++n;
    return n;
}

struct pages {
    pages() {
        std::string name = std::filesystem::temp_directory_path() / "pages.XXXXXX";
        if (!::mkdtemp(name.data()))
            throw std::system_error(errno, std::generic_category());
        folder = name;
        for (int i = 0; i < 2000; ++i)
            page += "line " + std::to_string(i) + " of the page\n";
        std::ofstream(folder / "page.html") << page;
    }

    ~pages() { std::filesystem::remove_all(folder); }

    std::filesystem::path folder;
    std::string page;
};

/// All clients at once have their messages echoed, two each.
/// @param error the beginning of a line that the server writes at the end of each connection.
void check_echoes(std::string const& server_name, strings const& arguments, strings const& names,
    std::string const& error = "") {
    program const server(server_name);
    std::vector<program> clients(names.begin(), names.end());
    check_seeds(seeds, [&](std::uint64_t seed) {
        output written;
        simulation world{{.seed = seed}};
        make_bad(world, names);
        world.host("server").service([&] { server(arguments); });
        strings expected;
        int succeeded = 0;
        for (std::size_t i = 0; i < clients.size(); ++i) {
            for (std::string const text : {"first of ", "second of "})
                expected.push_back(text + names[i]);
            world.host(names[i]).run([&, i] {
                std::this_thread::sleep_for(1s);
                for (std::string const text : {"first of ", "second of "})
                    succeeded += clients[i]({"server", "8080", text + names[i]}) == EXIT_SUCCESS;
                std::this_thread::sleep_for(1min); // The server ends its sessions.
            });
        }
        world.run();
        written.restore();
        strings lines;
        std::istringstream text(written.text());
        for (std::string line; std::getline(text, line);)
            lines.push_back(line);
        std::sort(lines.begin(), lines.end());
        std::sort(expected.begin(), expected.end());
        BOOST_TEST(lines == expected, boost::test_tools::per_element());
        std::string const errors = written.errors();
        if (error.empty()) {
            BOOST_TEST(errors == "");
        } else {
            BOOST_TEST(count(errors, error) == expected.size());
            BOOST_TEST(count(errors, "\n") == expected.size());
        }
        BOOST_TEST(succeeded == int(expected.size()));
        return world.trace_hash();
    });
}

/// All clients at once get a page, and ask for one that is missing.
void check_pages(std::string const& server_name, strings const& threads, strings const& names) {
    program const server(server_name);
    std::vector<program> clients(names.begin(), names.end());
    pages const site;
    strings arguments{"0.0.0.0", "8080", site.folder};
    arguments.insert(arguments.end(), threads.begin(), threads.end());
    check_seeds(seeds, [&](std::uint64_t seed) {
        output written;
        simulation world{{.seed = seed}};
        make_bad(world, names);
        world.host("server").service([&] { server(arguments); });
        int succeeded = 0;
        for (std::size_t i = 0; i < clients.size(); ++i)
            world.host(names[i]).run([&, i] {
                std::this_thread::sleep_for(1s);
                for (std::string const page : {"/page.html", "/missing.html"})
                    succeeded += clients[i]({"server", "8080", page}) == EXIT_SUCCESS;
                std::this_thread::sleep_for(1min); // The server ends its sessions.
            });
        world.run();
        written.restore();
        std::string const text = written.text();
        BOOST_TEST(count(text, "HTTP/1.1 200 OK") == clients.size());
        BOOST_TEST(count(text, site.page) == clients.size());
        BOOST_TEST(count(text, "HTTP/1.1 404 Not Found") == clients.size());
        BOOST_TEST(count(text, "The resource '/missing.html' was not found.") == clients.size());
        BOOST_TEST(written.errors() == "");
        BOOST_TEST(succeeded == 2 * int(clients.size()));
        return world.trace_hash();
    });
}

strings const websocket_clients{"websocket_client_sync", "websocket_client_async",
    "websocket_client_coro", "websocket_client_awaitable"};
strings const websocket_ssl_clients{
    "websocket_client_sync_ssl", "websocket_client_async_ssl", "websocket_client_coro_ssl"};
strings const http_clients{"http_client_sync", "http_client_async", "http_client_awaitable"};
strings const http_ssl_clients{"http_client_sync_ssl", "http_client_async_ssl"};

strings const all_addresses{"0.0.0.0", "8080"};
strings const three_threads{"0.0.0.0", "8080", "3"};

} // namespace

BOOST_AUTO_TEST_CASE(websocket_server_sync) {
    check_echoes("websocket_server_sync", all_addresses, websocket_clients);
}

BOOST_AUTO_TEST_CASE(websocket_server_async) {
    check_echoes("websocket_server_async", three_threads, websocket_clients);
}

BOOST_AUTO_TEST_CASE(websocket_server_coro) {
    check_echoes("websocket_server_coro", three_threads, websocket_clients);
}

BOOST_AUTO_TEST_CASE(websocket_server_awaitable) {
    // When a connection has been closed, this server reads from it once more.
    check_echoes("websocket_server_awaitable", three_threads, websocket_clients,
        "Error in session: Operation canceled");
}

BOOST_AUTO_TEST_CASE(websocket_server_sync_ssl) {
    check_echoes("websocket_server_sync_ssl", all_addresses, websocket_ssl_clients);
}

BOOST_AUTO_TEST_CASE(websocket_server_async_ssl) {
    check_echoes("websocket_server_async_ssl", three_threads, websocket_ssl_clients);
}

BOOST_AUTO_TEST_CASE(websocket_server_coro_ssl) {
    check_echoes("websocket_server_coro_ssl", three_threads, websocket_ssl_clients);
}

BOOST_AUTO_TEST_CASE(http_server_sync) {
    check_pages("http_server_sync", {}, http_clients);
}

BOOST_AUTO_TEST_CASE(http_server_async) {
    check_pages("http_server_async", {"3"}, http_clients);
}

BOOST_AUTO_TEST_CASE(http_server_sync_ssl) {
    check_pages("http_server_sync_ssl", {}, http_ssl_clients);
}

BOOST_AUTO_TEST_CASE(http_server_async_ssl) {
    check_pages("http_server_async_ssl", {"3"}, http_ssl_clients);
}

BOOST_AUTO_TEST_CASE(advanced_server_http) {
    check_pages("advanced_server", {"3"}, http_clients);
}

BOOST_AUTO_TEST_CASE(advanced_server_websocket) {
    check_echoes("advanced_server", {"0.0.0.0", "8080", ".", "3"}, websocket_clients);
}

BOOST_AUTO_TEST_CASE(advanced_server_ends_by_a_signal) {
    program const server("advanced_server");
    check_seeds(seeds, [&](std::uint64_t seed) {
        simulation world{{.seed = seed}};
        int result = EXIT_FAILURE;
        world.host("server").run([&] { result = server({"0.0.0.0", "8080", ".", "3"}); });
        world.at(1h, [&] { world.host("server").signal(SIGTERM); });
        world.run();
        BOOST_TEST(result == EXIT_SUCCESS);
        BOOST_TEST((world.now() >= 1h && world.now() < 1h + 1s));
        return world.trace_hash();
    });
}

BOOST_AUTO_TEST_CASE(client_gives_up_when_the_server_is_silent) {
    program const client("websocket_client_async");
    check_seeds(seeds, [&](std::uint64_t seed) {
        output written;
        simulation world{{.seed = seed}};
        make_bad(world, {"client"});
        world.host("server").service([] { // Connections are made, and nobody accepts them.
            int const listener = ::socket(AF_INET6, SOCK_STREAM, 0);
            sockaddr_in6 address{};
            address.sin6_family = AF_INET6;
            address.sin6_port = htons(8080);
            ::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address));
            ::listen(listener, 5);
            std::this_thread::sleep_for(24h);
        });
        world.host("client").run([&] {
            std::this_thread::sleep_for(1s);
            client({"server", "8080", "hello"});
        });
        world.run();
        written.restore();
        BOOST_TEST(written.text() == "");
        BOOST_TEST(written.errors() == "handshake: The socket was closed due to a timeout\n");
        // Beast allows 30 s after the connection, for which a lost packet may be sent again.
        BOOST_TEST((world.now() > 31s && world.now() < 35s));
        return world.trace_hash();
    });
}
