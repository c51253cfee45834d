// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Tests what the example servers promise, from outside.
//
//   servers_test -- server backend announced_name [load_client]

#define BOOST_TEST_MODULE example_servers
#include "client.hpp"
#include "program.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <thread>
#include <vector>

using namespace example_test;

namespace {

std::string argument(int number) {
    auto const& suite = boost::unit_test::framework::master_test_suite();
    return number < suite.argc ? suite.argv[number] : "";
}

std::string server_path() {
    return argument(1);
}
std::string backend() {
    return argument(2);
}
std::string announced_name() {
    return argument(3);
}
std::string load_client() {
    return argument(4);
}

boost::test_tools::assertion_result has_load_client(boost::unit_test::test_unit_id) {
    return !load_client().empty();
}

#if defined(CURL)
boost::test_tools::assertion_result has_metrics(boost::unit_test::test_unit_id) {
    return !contains(server_path(), "selectors_echo_server");
}
#endif

/// A server under test, ready for clients.
class server : public program {
public:
    explicit server(program::setup const& s = {})
        : server({server_path(), "0", backend()}, s) {}

    server(command const& c, program::setup const& s)
        : program(c, s) {
        eventually([this] { return !running() || contains(out.text(), "\n"); });
        if (!contains(out.text(), "\n"))
            throw std::runtime_error("no server: " + err.text());
        port_ = static_cast<std::uint16_t>(std::stoi(out.text().substr(opening.size())));
    }

    std::uint16_t port() const { return port_; }
    std::string port_text() const { return std::to_string(port_); }

    std::string announcement() { return out.text().substr(0, out.text().find('\n')); }
    std::string expected_announcement() const {
        return std::string(opening) + port_text() + " (" + announced_name() + ")";
    }

private:
    static constexpr std::string_view opening = "listening on port ";

    std::uint16_t port_ = 0;
};

std::vector<client> connect_clients(std::uint16_t port, std::size_t n) {
    std::vector<client> clients;
    for (std::size_t seed = 0; seed < n; ++seed)
        clients.emplace_back(port, seed);
    return clients;
}

constexpr std::size_t megabyte = 1 << 20;

/// Far more than the system buffers for a connection.
constexpr std::size_t too_much = 512 * megabyte;

} // namespace

BOOST_AUTO_TEST_SUITE(clients)

BOOST_AUTO_TEST_CASE(many_get_back_their_own_bytes) {
    server s;
    auto clients = connect_clients(s.port(), 100);
    for (int round = 0; round < 10; ++round) {
        for (client& c : clients)
            c.send_some(1000);
        for (client& c : clients)
            BOOST_TEST(c.receive_all());
    }
}

BOOST_AUTO_TEST_CASE(can_come_and_go) {
    server s;
    for (std::size_t i = 0; i < 200; ++i)
        BOOST_TEST(client(s.port(), i).exchange(10));
}

BOOST_AUTO_TEST_CASE(can_transfer_much) {
    server s;
    client c(s.port());
    BOOST_TEST(c.exchange(16 * megabyte));
}

BOOST_AUTO_TEST_CASE(that_do_not_read_are_held_back_and_lose_nothing) {
    server s;
    client c(s.port(), 1);
    c.send_until_held_back(too_much);
    BOOST_TEST(c.sent() < too_much);
    BOOST_TEST(client(s.port(), 2).exchange(100)); // Meanwhile the server serves others.
    BOOST_TEST(c.receive_all());
    BOOST_TEST(c.exchange(megabyte));
}

BOOST_AUTO_TEST_CASE(that_end_their_side_get_everything_and_then_the_end) {
    server s;
    client little(s.port(), 1);
    little.send_some(100);
    client much(s.port(), 2);
    much.send_until_held_back(4 * megabyte);
    client nothing(s.port(), 3);
    for (client* c : {&little, &much, &nothing}) {
        c->end_sending();
        BOOST_TEST(c->receive_all());
        BOOST_TEST(c->at_end());
    }
}

BOOST_AUTO_TEST_CASE(that_reset_hurt_nobody_else) {
    server s;
    client other(s.port(), 1);
    for (std::size_t i = 0; i < 20; ++i) {
        client midway(s.port(), i);
        midway.send_some(60'000);
        client before_anything(s.port(), i);
        before_anything.reset();
        other.send_some(10'000);
        midway.reset();
        BOOST_TEST(other.receive_all());
    }
    client held_back(s.port(), 2);
    held_back.send_until_held_back(too_much);
    held_back.reset();
    BOOST_TEST(other.exchange(megabyte));
    BOOST_TEST(s.running());
}

BOOST_AUTO_TEST_CASE(
    of_the_load_kind_find_no_error, *boost::unit_test::precondition(has_load_client)) {
    server s;
    finished const many({load_client(), s.port_text(), "200", "20", "512"});
    BOOST_TEST(many.status == 0, many.err);
    BOOST_TEST(contains(many.out, "messages=4000 bytes=2048000 errors=0 "), many.out);
    finished const large({load_client(), s.port_text(), "3", "2", "5000000"});
    BOOST_TEST(large.status == 0, large.err);
    BOOST_TEST(contains(large.out, "messages=6 bytes=30000000 errors=0 "), large.out);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(out_of_descriptors)

struct too_many_clients {
    too_many_clients() {
        for (client& c : clients)
            c.send_some(10);
        BOOST_TEST_REQUIRE(s.err.comes("accept"));
    }

    /// The server's processor time as a share of the elapsed time.
    double load_over(std::chrono::duration<double> period) {
        auto const start = std::chrono::steady_clock::now();
        auto const before = s.processor_time();
        while (std::chrono::steady_clock::now() - start < period) {
            s.err.text(); // Otherwise its messages fill the pipe, and it blocks.
            std::this_thread::sleep_for(10ms);
        }
        return std::chrono::duration<double>(s.processor_time() - before) / period;
    }

    server s{{.input = {}, .before_exec = with_descriptors(32)}};
    std::vector<client> clients = connect_clients(s.port(), 64);
};

BOOST_FIXTURE_TEST_CASE(
    a_server_without_descriptors_rests_and_serves_in_time_those_who_wait, too_many_clients) {
    BOOST_TEST(load_over(2s) < 0.05);

    auto const middle = std::partition(
        clients.begin(), clients.end(), [](client const& c) { return c.has_answer(); });
    std::span const served(clients.begin(), middle);
    std::span const waiting(middle, clients.end());
    BOOST_TEST_REQUIRE(!served.empty());
    BOOST_TEST_REQUIRE(!waiting.empty());
    for (client& c : served)
        BOOST_TEST(c.exchange(100));

    served.back().close();
    BOOST_TEST(eventually([&] { return std::ranges::any_of(waiting, &client::has_answer); }));
    for (client& c : served)
        c.close();
    // Each client that leaves makes room for another.
    BOOST_TEST(eventually([&] {
        std::erase_if(
            clients, [](client& c) { return !c.is_open() || (c.has_answer() && c.receive_all()); });
        return clients.empty();
    }));
}

BOOST_FIXTURE_TEST_CASE(a_signal_still_stops_it, too_many_clients) {
    s.signal(SIGTERM);
    BOOST_TEST(s.exit_status() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(stopping)

BOOST_AUTO_TEST_CASE(either_signal_ends_it_well) {
    for (int const signal : {SIGINT, SIGTERM}) {
        server s;
        s.signal(signal);
        BOOST_TEST(s.exit_status() == 0);
        BOOST_TEST(s.err.text() == "");
    }
}

BOOST_AUTO_TEST_CASE(with_clients_either_signal_ends_it_well) {
    for (int const signal : {SIGINT, SIGTERM}) {
        server s;
        client idle(s.port(), 1);
        BOOST_TEST(idle.exchange(100));
        client held_back(s.port(), 2);
        held_back.send_until_held_back(too_much);
        s.signal(signal);
        BOOST_TEST(s.exit_status() == 0);
        BOOST_TEST(s.err.text() == "");
        BOOST_TEST(idle.at_end());
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(command_line)

BOOST_AUTO_TEST_CASE(the_backend_is_the_one_asked_for) {
    server s;
    BOOST_TEST(s.announcement() == s.expected_announcement());
}

BOOST_AUTO_TEST_CASE(the_backend_is_the_environments_if_none_is_asked_for) {
    auto const environment = with_environment("BOOST_SELECTORS_BACKEND", backend());
    for (command const& c : {command{server_path()}, command{server_path(), "0"}}) {
        server s(c, {.input = {}, .before_exec = environment});
        BOOST_TEST(s.announcement() == s.expected_announcement());
    }
}

BOOST_AUTO_TEST_CASE(a_port_that_is_free_again_can_be_asked_for) {
    std::string port;
    {
        server first;
        port = first.port_text();
        client c(first.port());
        BOOST_TEST(c.exchange(1));
        first.signal(SIGTERM); // It closes first, so its port is in TIME_WAIT.
        BOOST_TEST(first.exit_status() == 0);
        BOOST_TEST(c.at_end());
    }
    server again({server_path(), port, backend()}, {});
    BOOST_TEST(again.port_text() == port);
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_an_error_that_names_it) {
    server s;
    finished const second({server_path(), s.port_text(), backend()});
    BOOST_TEST(second.status == 1);
    BOOST_TEST(is_one_line(second.err), second.err);
    BOOST_TEST(contains(second.err, s.port_text()), second.err);
    BOOST_TEST(contains(second.err, std::generic_category().message(EADDRINUSE)), second.err);
    BOOST_TEST(!contains(second.out, "listening"));
}

BOOST_AUTO_TEST_CASE(a_server_prints_its_statistics_once_a_second) {
    server s({server_path(), "--stats", "0", backend()}, {});
    BOOST_TEST(s.out.comes("waits "));
    BOOST_TEST(s.out.comes(", ready "));
    BOOST_TEST(s.out.comes(", registered "));
}

#if defined(CURL)
BOOST_AUTO_TEST_CASE(a_server_answers_prometheus, *boost::unit_test::precondition(has_metrics)) {
    server s({server_path(), "--metrics", "0", "0", backend()}, {});
    constexpr std::string_view opening = "metrics on port ";
    BOOST_TEST_REQUIRE(s.out.comes(std::string(opening)));
    eventually([&] { return std::ranges::count(s.out.text(), '\n') > 1; });
    std::string const text = s.out.text();
    std::string const port =
        std::to_string(std::stoi(text.substr(text.find(opening) + opening.size())));
    client c(s.port());
    BOOST_TEST(c.exchange(1));
    finished const answer({CURL, "-sSi", "http://127.0.0.1:" + port + "/metrics"});
    BOOST_TEST(answer.status == 0, answer.err);
    BOOST_TEST(contains(answer.out, "200 OK\r\n"), answer.out);
    BOOST_TEST(contains(answer.out, "Content-Type: text/plain; version=0.0.4\r\n"), answer.out);
    BOOST_TEST(contains(answer.out, "backend=\"" + announced_name() + "\"} "), answer.out);
#    if defined(PROMTOOL)
    finished const checked({"/bin/sh", "-c",
        CURL " -sS http://127.0.0.1:" + port + "/metrics | " PROMTOOL " check metrics"});
    BOOST_TEST(checked.status == 0, checked.err);
    BOOST_TEST(checked.out == "");
    BOOST_TEST(checked.err == "");
#    endif
}
#endif

BOOST_AUTO_TEST_CASE(an_unknown_backend_is_an_error_that_lists_the_known) {
    auto const check = [](finished const& f) {
        BOOST_TEST(f.status == 1);
        BOOST_TEST(is_one_line(f.err), f.err);
        BOOST_TEST(contains(f.err, "no_such_backend"), f.err);
        BOOST_TEST(contains(f.err, backend()), f.err);
        BOOST_TEST(f.out == "");
    };
    check(finished({server_path(), "0", "no_such_backend"}));
    check(finished({"/usr/bin/env", "BOOST_SELECTORS_BACKEND=no_such_backend", server_path()}));
}

BOOST_AUTO_TEST_CASE(what_it_does_not_understand_is_answered_with_its_usage) {
    for (std::string const bad : {"abc", "65536", "-1", "", "80x", " 80", "8 0"}) {
        finished const f({server_path(), bad, backend()});
        BOOST_TEST(f.status == 2, "for the port '" << bad << "'");
        BOOST_TEST(is_one_line(f.err), f.err);
        BOOST_TEST(contains(f.err, "Usage: "), f.err);
        BOOST_TEST(f.out == "");
    }
    finished const too_much({server_path(), "0", backend(), "more"});
    BOOST_TEST(too_much.status == 2);
    BOOST_TEST(contains(too_much.err, "Usage: "), too_much.err);
}

BOOST_AUTO_TEST_SUITE_END()
