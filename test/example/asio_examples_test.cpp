// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Asio's own examples, unchanged, run on the selector that the environment names.

#define BOOST_TEST_MODULE example_asio_examples
#include "client.hpp"
#include "program.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace example_test;

namespace {

std::string backend() {
    char const* const name = std::getenv("BOOST_SELECTORS_BACKEND");
    return name ? name : throw std::runtime_error("BOOST_SELECTORS_BACKEND is not set");
}

std::uint16_t free_port(int type) {
    unique_handle const handle(checked(::socket(AF_INET, type | SOCK_CLOEXEC, 0), "socket"));
    sockaddr_in const any = local_address(0);
    checked(::bind(handle.native_handle(), reinterpret_cast<sockaddr const*>(&any), sizeof any),
        "bind");
    return port_of(handle);
}

bool answers(std::uint16_t port, int type) {
    try {
        unique_handle const handle = connect_to(port, type);
        if (type == SOCK_STREAM)
            return true;
        send(handle, "anybody there?");
        return ready_by_system(handle.native_handle(), boost_selectors::event::read, 100ms) &&
               receive(handle);
    } catch (std::system_error const&) { // Not listening yet.
        return false;
    }
}

/// One of Asio's example servers. It cannot choose a free port itself, so this class tries ports.
class server {
public:
    /// @param c the command line without the port.
    explicit server(command c, int type = SOCK_STREAM) {
        c.emplace_back();
        for (int attempt = 0; attempt < 10; ++attempt) {
            port_ = free_port(type);
            c.back() = port_text();
            program_ = std::make_unique<program>(c);
            bool const ready =
                eventually([&] { return !program_->running() || answers(port_, type); });
            if (ready && program_->running())
                return;
        } // Another program had the port.
        throw std::runtime_error("no server: " + program_->err.text());
    }

    std::uint16_t port() const { return port_; }
    std::string port_text() const { return std::to_string(port_); }
    program* operator->() { return program_.get(); }

private:
    std::unique_ptr<program> program_;
    std::uint16_t port_ = 0;
};

void check_client(std::string const& path, server const& s) {
    for (std::string const text : {"hello", "what comes back is what was sent"}) {
        finished const client({path, "127.0.0.1", s.port_text()}, text + '\n');
        BOOST_TEST(client.status == 0);
        BOOST_TEST(client.err == "");
        BOOST_TEST(client.out == "Enter message: Reply is: " + text + '\n');
    }
}

void check_clients(std::uint16_t port) {
    std::vector<client> clients;
    for (std::size_t seed = 0; seed < 50; ++seed)
        clients.emplace_back(port, seed);
    for (client& c : clients)
        c.send_some(10'000);
    for (client& c : clients)
        BOOST_TEST(c.receive_all());
    BOOST_TEST(clients.front().exchange(4 << 20));
}

/// The way to wait that a system call in strace's summary belongs to; empty if none.
std::string way_to_wait(std::string_view call) {
    if (call.starts_with("epoll_"))
        return "epoll";
    if (call == "io_uring_enter")
        return "io_uring";
    if (call == "poll" || call.starts_with("ppoll"))
        return "poll";
    if (call == "select" || call == "_newselect" || call.starts_with("pselect6"))
        return "select";
    return {};
}

std::set<std::string> ways_to_wait(std::string const& summary) {
    std::set<std::string> ways;
    std::istringstream lines(summary);
    for (std::string line; std::getline(lines, line);)
        if (auto way = way_to_wait(line.substr(line.rfind(' ') + 1)); !way.empty())
            ways.insert(std::move(way));
    return ways;
}

} // namespace

BOOST_AUTO_TEST_SUITE(serving)

BOOST_AUTO_TEST_CASE(callbacks_over_tcp) {
    server s({ASYNC_TCP_ECHO_SERVER});
    check_client(BLOCKING_TCP_ECHO_CLIENT, s);
    check_clients(s.port());
    BOOST_TEST(s->running());
    BOOST_TEST(s->err.text() == "");
}

BOOST_AUTO_TEST_CASE(callbacks_over_udp) {
    server s({ASYNC_UDP_ECHO_SERVER}, SOCK_DGRAM);
    check_client(BLOCKING_UDP_ECHO_CLIENT, s);
    BOOST_TEST(s->running());
    BOOST_TEST(s->err.text() == "");
}

BOOST_AUTO_TEST_CASE(coroutines_with_timers_and_signals) {
    server s({CHAT_SERVER});
    unique_handle const first = connect_to(s.port());
    send(first, "one\n");
    BOOST_TEST(receive_exactly(first, 4) == "one\n");
    unique_handle const second = connect_to(s.port());
    BOOST_TEST(receive_exactly(second, 4) == "one\n"); // The message from before.
    send(second, "two\n");
    BOOST_TEST(receive_exactly(first, 4) == "two\n");
    BOOST_TEST(receive_exactly(second, 4) == "two\n");
    s->signal(SIGTERM);
    BOOST_TEST(s->exit_status() == 0);
    BOOST_TEST(s->err.text() == "");
}

BOOST_AUTO_TEST_CASE(an_unknown_backend_is_an_error_that_lists_the_known) {
    program p({ASYNC_TCP_ECHO_SERVER, "0"},
        {.input = {}, .before_exec = with_environment("BOOST_SELECTORS_BACKEND", "no_such")});
    p.exit_status();
    BOOST_TEST(contains(p.err.text(), "no_such"), p.err.text());
    BOOST_TEST(contains(p.err.text(), backend()), p.err.text());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(system_calls)

BOOST_AUTO_TEST_CASE(an_example_waits_by_the_backends_system_calls_and_by_no_others) {
    // -D: the server stays this program's child.
    server s({STRACE, "-D", "-q", "-f", "-c", ASYNC_TCP_ECHO_SERVER});
    check_clients(s.port());
    s->signal(SIGTERM);
    s->exit_status();
    BOOST_TEST_REQUIRE(s->err.comes(" total\n"), s->err.text());
    std::set<std::string> expected{backend()};
    if (backend() == "kqueue") // Here that is libkqueue on Linux.
        expected = {"epoll"};
    auto ways = ways_to_wait(s->err.text());
    if (backend() == "io_uring")
        ways.erase("poll"); // It may use poll() to check that an event still holds.
    BOOST_TEST(ways == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
