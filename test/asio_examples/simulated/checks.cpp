// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What test/asio_examples/checks.py does with real programs, and durations.

#include "checks.hpp"
#include "../../simulation/sockets.hpp"
#include <boost/test/unit_test.hpp>
#include <cctype>
#include <csignal>
#include <filesystem>
#include <future>
#include <netinet/in.h>
#include <random>
#include <thread>

namespace asio_examples {
namespace {

using namespace simulation_test;

using names = std::vector<std::string>;

constexpr char server_address[] = "10.0.0.1"; ///< Of the first host.

names numbered(names const& prefixes, int first, int last) {
    names all;
    for (std::string const& prefix : prefixes)
        for (int i = first; i <= last; ++i)
            all.push_back(prefix + std::to_string(i));
    return all;
}

names operator+(names a, names const& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

/// The program of that name in the example's folder.
std::string beside(std::string const& example, std::string const& program) {
    return example.substr(0, example.rfind('/') + 1) + program;
}

bool has(std::string const& text, std::string const& word) {
    return text.find(word) != std::string::npos;
}

/// Whether the text has all words, in this order.
void check_order(std::string const& text, names const& words) {
    std::size_t at = 0;
    for (std::string const& word : words) {
        at = text.find(word, at);
        BOOST_TEST_REQUIRE(at != std::string::npos, word << " is missing in:\n" << text);
        at += word.size();
    }
}

void check_took(stage::run_of const& r, std::chrono::nanoseconds expected,
    std::chrono::nanoseconds more = 1ms) {
    BOOST_TEST(r.took.count() >= expected.count());
    BOOST_TEST(r.took.count() < (expected + more).count());
}

std::string bytes(std::size_t size) {
    std::mt19937 random(1);
    std::string all(size, '\0');
    for (char& c : all)
        c = static_cast<char>(random());
    return all;
}

std::string read_exactly(int fd, std::size_t size) {
    std::string text(size, '\0');
    text.resize(static_cast<std::size_t>(
        checked(static_cast<int>(::recv(fd, text.data(), size, MSG_WAITALL)))));
    return text;
}

/// All that the server sends. Tries again after a reset: a listener that is being closed resets
/// connections that it has not accepted.
std::string receive_all(std::string const& host, std::string const& port) {
    for (;;) {
        try {
            return read_all(connect_to(host, port));
        } catch (std::system_error const& e) {
            if (e.code() != std::errc::connection_refused &&
                e.code() != std::errc::connection_reset)
                throw;
            std::this_thread::sleep_for(100ms);
        }
    }
}

/// Calls f(0), f(1) and so on, at the same time.
template <class F>
void at_a_time(int count, F f) {
    std::vector<std::future<void>> all;
    for (int i = 0; i < count; ++i)
        all.push_back(std::async(std::launch::async, f, i));
    for (auto& one : all)
        one.get();
}

void exchange(std::string const& host, std::string const& port, int number) {
    handle const s = connect_to(host, port);
    for (int i = 0; i < 10; ++i) {
        std::string message = std::to_string(number) + ':' + std::to_string(i) + ':';
        message.resize(100, 'x');
        write_all(s, message);
        BOOST_TEST(read_exactly(s, message.size()) == message);
    }
}

void echo_tcp(std::string const& host, std::string const& port) {
    at_a_time(20, [&](int number) { exchange(host, port, number); });
}

/// A connection for a line-based protocol.
class line {
public:
    line(std::string const& host, std::string const& port)
        : socket_(connect_to(host, port)) {}

    void say(std::string const& text) { write_all(socket_, text + '\n'); }

    void hear(std::string const& text) {
        BOOST_TEST(read_exactly(socket_, text.size() + 1) == text + '\n');
    }

private:
    handle socket_;
};

// Echo servers

void echo_at_a_port_of_choice(stage& s, std::string const& example) {
    s.serve("server", example, {"4711"});
    s.peer([] { echo_tcp("server", "4711"); });
    s.play();
}

void echo_at_its_port(stage& s, std::string const& example) {
    auto const& server = s.run("server", example);
    s.peer([&] {
        echo_tcp("server", "55555");
        s.world.host("server").signal(SIGTERM);
    });
    s.play();
    BOOST_TEST(server.status.has_value());
}

void echo_with_timeout(stage& s, std::string const& example) {
    s.serve("server", example);
    s.peer([&] {
        echo_tcp("server", "54321");
        handle const silent = connect_to("server", "54321");
        write_all(silent, "x");
        BOOST_TEST(read_exactly(silent, 1) == "x");
        auto const start = now();
        BOOST_TEST(read_all(silent) == "");
        BOOST_TEST((now() - start > 9900ms && now() - start < 10100ms));
    });
    s.play();
}

void proxy(stage& s, std::string const& example) {
    s.serve("server", "cpp11/echo/async_tcp_echo_server", {"4711"});
    s.serve("proxy", example, {"0.0.0.0", "4711", server_address, "4711"});
    s.peer([] { echo_tcp("proxy", "4711"); });
    s.play();
}

void udp_echo(stage& s, std::string const& example) {
    s.serve("server", example, {"4711"});
    s.peer([] {
        resolved const at("server", "4711", SOCK_DGRAM, AF_INET);
        handle const socket(::socket(AF_INET, SOCK_DGRAM, 0));
        checked(::connect(socket, at.first->ai_addr, at.first->ai_addrlen));
        for (int i = 0; i < 20; ++i) {
            std::string const message = "datagram " + std::to_string(i);
            write_all(socket, message);
            std::array<char, 100> reply;
            auto const n = checked(static_cast<int>(::read(socket, reply.data(), reply.size())));
            BOOST_TEST(std::string(reply.data(), static_cast<std::size_t>(n)) == message);
        }
    });
    s.play();
}

void echo_client(stage& s, std::string const& example) {
    bool const udp = has(example, "udp");
    s.serve("server", beside(example, udp ? "async_udp_echo_server" : "async_tcp_echo_server"),
        {"4711"});
    s.type("client", {{2s, "hello\n"}});
    auto const& client = s.run("client", example, {"server", "4711"}, later);
    s.play();
    BOOST_TEST(has(s.output("client"), "Reply is: hello"));
    check_took(client, 1s, 100ms);
}

// Chat

void chat(stage& s, std::string const& example) {
    s.serve("server", beside(example, "chat_server"), {"4711"});
    s.type("one", {{2s, "are you there?\n"}, {4s, ""}});
    s.type("other", {{3s, "yes\n"}, {4s, ""}});
    for (char const* const host : {"one", "other"})
        s.run(host, beside(example, "chat_client"), {"server", "4711"}, later);
    s.play();
    for (char const* const host : {"one", "other"})
        BOOST_TEST(s.output(host) == "are you there?\nyes\n");
}

void chat_by_lines(stage& s, std::string const& example) {
    auto const& server = s.run("server", example, {"4711", "4712"});
    s.peer([&] {
        line one("server", "4711"), other("server", "4711"), apart("server", "4712");
        one.say("first");
        one.hear("first"); // So it has joined, and the others are about to.
        other.say("second");
        other.hear("first");
        other.hear("second");
        one.hear("second");
        apart.say("alone");
        apart.hear("alone");
        s.world.host("server").signal(SIGTERM);
    });
    s.play();
    BOOST_TEST(server.status.has_value());
}

// HTTP

struct answer {
    std::string status;
    std::string content;
};

answer get(std::string const& host, std::string const& path) {
    handle const s = connect_to(host, "80");
    write_all(s, "GET " + path + " HTTP/1.0\r\n\r\n");
    std::string const all = read_all(s);
    std::size_t const head = all.find("\r\n\r\n");
    BOOST_TEST_REQUIRE(head != std::string::npos);
    return {all.substr(all.find(' ') + 1, 3), all.substr(head + 4)};
}

void http_server(stage& s, std::string const& example) {
    folder const root;
    std::string const content = bytes(100'000);
    root.write("data.txt", content);
    root.write("index.html", "<p>index</p>");
    bool const threads = has(example, "server2") || has(example, "server3");
    stage::arguments a{"0.0.0.0", "80", root.path};
    if (threads)
        a.insert(a.begin() + 2, "4");
    auto const& server = s.run("server", example, a);
    s.peer([&] {
        BOOST_TEST(get("server", "/").content == "<p>index</p>");
        BOOST_TEST(get("server", "/missing").status == "404");
        BOOST_TEST(get("server", "/../x").status == "400");
        at_a_time(20, [&](int) {
            answer const all = get("server", "/data.txt");
            BOOST_TEST(all.status == "200");
            BOOST_TEST((all.content == content));
        });
        s.world.host("server").signal(SIGTERM);
    });
    s.play();
    BOOST_TEST(server.status.has_value());
}

void http_client(stage& s, std::string const& example) {
    folder const root;
    root.write("data.txt", "the file's content");
    s.serve("server", "cpp11/http/server/main", {"0.0.0.0", "80", root.path});
    s.run("client", example, {"server", "/data.txt"}, later);
    s.play();
    BOOST_TEST(has(s.output("client"), "the file's content"));
}

// TLS

void tls(stage& s, std::string const& example) {
    struct in_folder_of_certificates {
        std::string const before = std::filesystem::current_path();
        in_folder_of_certificates() { std::filesystem::current_path(EXAMPLES "/cpp11/ssl"); }
        ~in_folder_of_certificates() { std::filesystem::current_path(before); }
    } const guard;
    names const clients{"one", "two", "three"};
    s.serve("server", beside(example, "server"), {"4711"});
    s.world.host("server").jump_clock(-24h * 1461); // Asio's certificates end on 10 November 2026.
    for (std::string const& client : clients) {
        s.type(client, {{2s, client + '\n'}});
        s.run(client, beside(example, "client"), {"server", "4711"}, later);
        s.world.host(client).jump_clock(-24h * 1461);
    }
    s.play();
    for (std::string const& client : clients)
        check_order(s.output(client), {"Verifying", "Reply: " + client});
}

// Local sockets

void local_echo(stage& s, std::string const& example) {
    folder const any;
    s.serve("host", beside(example, "stream_server"), {"the_socket"});
    s.type("host", {{2s, "hello\n"}, {4s, "again\n"}});
    s.run("host", beside(example, "stream_client"), {"the_socket"}, 1s);
    s.run("host", beside(example, "iostream_client"), {"the_socket"}, 3s);
    s.play();
    check_order(s.output("host"), {"Reply is: hello", "Reply is: again"});
}

void connect_pair(stage& s, std::string const& example) {
    s.serve("server", example);
    s.type("server", {{2s, "hello\n"}, {3s, "again\n"}, {1h, ""}});
    s.peer([] { std::this_thread::sleep_for(1min); });
    s.play();
    check_order(s.output("server"), {"Result: HELLO\n", "Result: AGAIN\n"});
}

// Composed operations

names composed_examples(int first, int last) {
    return numbered(
        {"cpp11/operations/composed_", "cpp14/operations/composed_", "cpp20/operations/composed_"},
        first, last);
}

void composed(stage& s, std::string const& example) {
    int const number = example.back() - '0';
    names messages;
    for (std::string const token : {"callback", "deferred", "future"}) {
        std::string& all = messages.emplace_back();
        for (int i = number == 6  ? 6
                     : number > 6 ? 5
                                  : 1;
             i > 0; --i) // The sixth repeats five times.
            all += "Testing " + token + "\r\n";
    }
    if (number == 4)
        messages = {"", "", ""};
    if (number == 5)
        messages = {"123456", "abcdef", "654.321"};
    auto const& server = s.run("server", example);
    s.peer([&] {
        for (std::string const& message : messages)
            BOOST_TEST(receive_all("server", "55555") == message);
    });
    s.play();
    std::string const& output = s.output("server");
    names const outcomes{number == 4 ? "Invalid argument" : number < 3 ? "transferred" : "sent"};
    check_order(output, outcomes + outcomes + outcomes);
    BOOST_TEST(std::ranges::count(output, '\n') == 3);
    if (number > 5) // A second before each repetition.
        check_took(server, 1s + 15s, 1s);
}

void wrapper(stage& s, std::string const& example) {
    s.type("host", {{1s, "Ada\n"}, {2s, "Grace\n"}, {3s, "Barbara\n"}});
    auto const& run = s.run("host", example);
    s.play();
    check_order(s.output("host"), {"Hello Ada", "Hello Grace", "Hello Barbara"});
    check_took(run, 3s);
}

// Timers, groups, deferred operations

void deferred_once(stage& s, std::string const& example) {
    auto const& run = s.run("host", example);
    s.play();
    BOOST_TEST(has(s.output("host"), "timer wait finished: Success"));
    check_took(run, 1s);
}

void deferred_twice(stage& s, std::string const& example) {
    auto const& run = s.run("host", example);
    s.play();
    check_order(s.output("host"),
        {"first timer wait finished: Success", "second timer wait finished: Success"});
    check_took(run, 2s);
}

void time_t_timer(stage& s, std::string const& example) {
    auto const& run = s.run("host", example);
    s.play();
    check_order(s.output("host"),
        {"Starting synchronous wait", "Finished synchronous wait", "Starting asynchronous wait",
            "timeout", "Finished asynchronous wait"});
    check_took(run, 10s, 20ms); // Each ends at most 10 ms late.
}

void group(stage& s, std::string const& example) {
    pipe_at const input(STDIN_FILENO, "typed\n");
    auto const& run = s.run("host", example);
    s.play();
    BOOST_TEST(has(s.output("host"), "descriptor finished: system:0, 6"));
    // There is no error that the first one could wait for.
    bool const waits = has(example, "wait_for_all") || has(example, "wait_for_one_error");
    check_took(run, waits ? 5s : 0s);
}

void group_of_writes(stage& s, std::string const& example) {
    pipe_at first(STDOUT_FILENO);
    pipe_at second(STDERR_FILENO);
    s.run("host", example);
    s.play();
    BOOST_TEST(first.read() == "first\r\n");
    BOOST_TEST(second.read() == "second\r\n");
    check_order(s.output("host"),
        {"operation 0 finished: system:0, 7", "operation 1 finished: system:0, 8"});
}

void type_erasure(stage& s, std::string const& example) {
    pipe_at const input(STDIN_FILENO, "one\ntwo\nthree\n");
    auto const& run = s.run("host", example);
    s.play();
    check_order(s.output("host"), {"one\n", "two\n", "three\n"});
    check_took(run, 3s);
}

// Timeouts

void timeouts(stage& s, std::string const& example) {
    s.world.host("server");
    s.world.host("broadcasts"); // 10.0.0.2
    s.serve("server", beside(example, "server"), {"4711", "10.0.0.2", "4712"});
    s.serve("broadcasts", beside(example, "blocking_udp_client"), {"0.0.0.0", "4712"});
    s.serve("listener", beside(example, "async_tcp_client"), {server_address, "4711"});
    names const clients{"blocking_tcp_client", "blocking_token_tcp_client"};
    auto start = 5s;
    for (std::string const& client : clients) {
        s.run(client, beside(example, client), {"server", "4711", "from " + client}, start);
        start += 5s;
    }
    s.peer([] { std::this_thread::sleep_for(60s); });
    s.world.at(45s, [&] { s.world.link("server", "listener").cut(); });
    s.play();
    names received;
    for (std::string const& client : clients) {
        check_order(s.output(client), {"Round trip time: ", " microseconds"});
        received.push_back("Received: from " + client);
    }
    check_order(s.output("listener"),
        names{std::string("Connected to ") + server_address + ":4711"} + received);
    // Nothing comes for 10 s at a time, until the world's 61st second.
    check_order(
        s.output("broadcasts"), received + names{"Receive error", "Receive error", "Receive error",
                                               "Receive error", "Receive error"});
}

// UDP

void daytime_client(stage& s, std::string const& example) {
    s.world.host("server").service([] {
        handle const socket = receive_at(13);
        sockaddr_in from{};
        socklen_t size = sizeof(from);
        char question;
        checked(static_cast<int>(
            ::recvfrom(socket, &question, 1, 0, reinterpret_cast<sockaddr*>(&from), &size)));
        constexpr std::string_view time = "Tue Jan  1 00:00:01 2030\n";
        checked(static_cast<int>(::sendto(
            socket, time.data(), time.size(), 0, reinterpret_cast<sockaddr const*>(&from), size)));
    });
    s.run("client", example, {"server"}, later);
    s.play();
    BOOST_TEST(s.output("client") == "Tue Jan  1 00:00:01 2030\n");
}

void multicast(stage& s, std::string const& example) {
    names const receivers{"one", "two", "three"};
    for (std::string const& host : receivers)
        s.serve(host, beside(example, "receiver"), {"0.0.0.0", "239.255.0.1"});
    auto const& sender = s.run("sender", beside(example, "sender"), {"239.255.0.1"}, later);
    s.peer([] { std::this_thread::sleep_for(1min); });
    s.play();
    std::string all;
    for (int i = 0; i < 10; ++i)
        all += "Message " + std::to_string(i) + '\n';
    for (std::string const& host : receivers)
        BOOST_TEST(s.output(host) == all);
    check_took(sender, 9s);
}

// Others

void reference_counted(stage& s, std::string const& example) {
    s.serve("server", example, {"4711"});
    s.peer([] {
        for (int i = 0; i < 50; ++i)
            BOOST_TEST(receive_all("server", "4711").ends_with(" 2030\n"));
    });
    s.play();
}

void prioritised(stage& s, std::string const& example) {
    s.run("host", example);
    s.play();
    check_order(s.output("host"),
        {"High priority handler", "Middle priority handler", "Low priority handler"});
}

void socks4(stage& s, std::string const& example) {
    s.world.host("socks").service([] {
        handle const listener = listen_at(1080);
        handle const socket(::accept(listener, nullptr, nullptr));
        std::string const head = read_exactly(socket, 8);
        BOOST_TEST(head.substr(0, 4) == std::string("\4\1\0\x50", 4)); // To port 80.
        std::string const user = read_exactly(socket, 9);
        BOOST_TEST(user == std::string("somebody\0", 9));
        write_all(socket, std::string("\0\x5a\0\x50\0\0\0\0", 8));
        std::string const get = "GET / HTTP";
        BOOST_TEST(read_exactly(socket, get.size()) == get);
        std::array<char, 1000> rest;
        checked(static_cast<int>(::read(socket, rest.data(), rest.size())));
        write_all(socket, "HTTP/1.0 200 OK\r\n\r\nthe page");
    });
    s.world.host("www.boost.org");
    s.run("client", example, {"socks", "1080", "somebody"}, later);
    s.play();
    BOOST_TEST(has(s.output("client"), "the page"));
}

void grep(stage& s, std::string const& example) {
    folder const files;
    std::string hundred_lines;
    for (int i = 0; i < 100; ++i)
        hundred_lines += "x\n";
    files.write("a", hundred_lines + "a needle\n");
    files.write("b", hundred_lines + "hay\n");
    files.write("c", hundred_lines + "needle\n");
    s.run("host", example, {"needle", "a", "b", "c"});
    s.play();
    std::string const& output = s.output("host");
    BOOST_TEST(has(output, "a:a needle\n"));
    BOOST_TEST(has(output, "c:needle\n"));
    BOOST_TEST(!has(output, "hay"));
}

void bank_account(stage& s, std::string const& example) {
    s.run("host", example);
    s.play();
    BOOST_TEST(has(s.output("host"), "balance = 10"));
}

void fork_join(stage& s, std::string const& example) {
    s.run("host", example, {"100000"});
    s.play();
    BOOST_TEST(has(s.output("host"), "sort took"));
}

void parallel_sort(stage& s, std::string const& example) {
    s.run("host", example);
    s.play();
    BOOST_TEST(has(s.output("host"), "sort took"));
}

void pipeline(stage& s, std::string const& example) {
    s.type("host", {{1s, "short\n"}, {2s, "long enough\n"}, {3s, "and another\n"}});
    auto const& run = s.run("host", example);
    s.play();
    check_order(s.output("host"), {"LONG ENOUGH", "AND ANOTHER"});
    BOOST_TEST(!has(s.output("host"), "SHORT"));
    check_took(run, 3s);
}

void priorities(stage& s, std::string const& example) {
    s.run("host", example);
    s.play();
    check_order(s.output("host"), {"333\n", "22\n", "11\n"});
}

void async_lines(stage& s, std::string const& example) {
    s.type("host", {{1s, "typed\n"}, {2s, "\n"}});
    s.run("host", example);
    s.play();
    check_order(s.output("host"), {"Line", "typed"});
}

} // namespace

std::vector<check> const& checks() {
    static std::vector<check> const all{
        {{"cpp11/allocation/server", "cpp11/echo/async_tcp_echo_server",
             "cpp11/echo/blocking_tcp_echo_server", "cpp11/handler_tracking/async_tcp_echo_server",
             "cpp11/nonblocking/third_party_lib", "cpp11/spawn/echo_server"},
            "20 connections at a time, 10 messages each", echo_at_a_port_of_choice},
        {{"cpp17/coroutines_ts/echo_server",
             "cpp17/coroutines_ts/echo_server_with_as_single_default",
             "cpp17/coroutines_ts/echo_server_with_as_tuple_default",
             "cpp17/coroutines_ts/echo_server_with_default",
             "cpp17/coroutines_ts/refactored_echo_server", "cpp20/coroutines/echo_server",
             "cpp20/coroutines/echo_server_with_as_single_default",
             "cpp20/coroutines/echo_server_with_as_tuple_default",
             "cpp20/coroutines/echo_server_with_default",
             "cpp20/coroutines/echo_server_with_deferred",
             "cpp20/coroutines/echo_server_with_deferred_default",
             "cpp20/coroutines/refactored_echo_server"},
            "20 connections at a time, 10 messages each; ends on SIGTERM", echo_at_its_port},
        {{"cpp20/coroutines/timeout"},
            "20 connections at a time; a silent one is closed after 10 s", echo_with_timeout},
        {{"cpp20/channels/throttling_proxy"},
            "20 connections through it to one of the echo servers", proxy},
        {{"cpp11/echo/async_udp_echo_server", "cpp11/echo/blocking_udp_echo_server"},
            "20 datagrams", udp_echo},
        {{"cpp11/echo/blocking_tcp_echo_client"}, "asks async_tcp_echo_server", echo_client},
        {{"cpp11/echo/blocking_udp_echo_client"}, "asks async_udp_echo_server", echo_client},
        {{"cpp11/chat/chat_server", "cpp11/chat/chat_client"},
            "the server and two clients, on three hosts: each message reaches both", chat},
        {{"cpp17/coroutines_ts/chat_server", "cpp20/coroutines/chat_server"},
            "three clients that talk in lines on two ports; ends on SIGTERM", chat_by_lines},
        {{"cpp11/http/server/main", "cpp03/http/server/main", "cpp03/http/server2/main",
             "cpp03/http/server3/main", "cpp03/http/server4/main"},
            "sends files, 20 at a time, no missing one, and none above the root; ends on SIGTERM",
            http_server},
        {{"cpp03/http/client/async_client", "cpp03/http/client/sync_client",
             "cpp11/iostreams/http_client", "cpp14/iostreams/http_client"},
            "gets a file from Asio's HTTP server", http_client},
        {{"cpp11/ssl/server", "cpp11/ssl/client"},
            "the server and three clients, which verify its certificate and get their lines back",
            tls},
        {{"cpp11/local/stream_server", "cpp11/local/stream_client", "cpp11/local/iostream_client"},
            "the server, and both clients of it", local_echo},
        {{"cpp11/local/connect_pair"}, "what is typed comes back in capitals", connect_pair},
        {composed_examples(1, 3) + composed_examples(5, 5),
            "its messages arrive, sent with each of three completion tokens", composed},
        {composed_examples(4, 4),
            "each of three completion tokens gets \"Invalid argument\", and nothing is sent",
            composed},
        {composed_examples(6, 8),
            "its messages arrive, sent with each of three completion tokens, after as many seconds "
            "as it says",
            composed},
        {{"cpp14/operations/callback_wrapper", "cpp14/operations/c_callback_wrapper",
             "cpp20/operations/callback_wrapper", "cpp20/operations/c_callback_wrapper"},
            "three names that are typed, three greetings", wrapper},
        {{"cpp11/deferred/deferred_1", "cpp14/deferred/deferred_1"},
            "its timer expires after exactly 1 s", deferred_once},
        {names{"cpp11/deferred/deferred_2"} + numbered({"cpp14/deferred/deferred_"}, 2, 7),
            "both timers expire, one after the other, after exactly 2 s", deferred_twice},
        {{"cpp11/timers/time_t_timer"}, "waits twice, five seconds each", time_t_timer},
        {{"cpp11/parallel_group/wait_for_one", "cpp11/parallel_group/wait_for_one_success",
             "cpp11/parallel_group/wait_for_one_error", "cpp11/parallel_group/wait_for_all",
             "cpp14/parallel_group/wait_for_one", "cpp14/parallel_group/wait_for_one_success",
             "cpp14/parallel_group/wait_for_one_error", "cpp14/parallel_group/wait_for_all"},
            "what is typed comes before the timer, for which the group waits or not", group},
        {{"cpp11/parallel_group/ranged_wait_for_all", "cpp14/parallel_group/ranged_wait_for_all"},
            "both writes succeed", group_of_writes},
        {{"cpp11/type_erasure/main", "cpp20/type_erasure/main"},
            "what is typed comes back, line by line, a second apart", type_erasure},
        {{"cpp11/timeouts/server", "cpp11/timeouts/blocking_tcp_client",
             "cpp11/timeouts/blocking_token_tcp_client", "cpp11/timeouts/blocking_udp_client",
             "cpp11/timeouts/async_tcp_client"},
            "the server and its clients, each on a host: messages reach all of them, by TCP and by "
            "UDP, and the timeouts of a minute come",
            timeouts},
        {{"cpp11/futures/daytime_client"}, "asks a server for the time", daytime_client},
        {{"cpp11/multicast/sender", "cpp11/multicast/receiver"},
            "ten messages, a second apart, reach three hosts", multicast},
        {{"cpp11/buffers/reference_counted"}, "tells the virtual time to 50 connections",
            reference_counted},
        {{"cpp11/invocation/prioritised_handlers"},
            "calls its handlers in the order of their priority", prioritised},
        {{"cpp11/socks4/sync_client"}, "gets a page through a SOCKS 4 server", socks4},
        {{"cpp11/spawn/parallel_grep"}, "finds a word in two of three files", grep},
        {{"cpp11/executors/bank_account_1", "cpp11/executors/bank_account_2",
             "cpp14/executors/bank_account_1", "cpp14/executors/bank_account_2"},
            "its balance", bank_account},
        {{"cpp11/executors/fork_join", "cpp14/executors/fork_join"}, "sorts 100,000 numbers",
            fork_join},
        {{"cpp14/parallel_group/parallel_sort"}, "sorts its numbers", parallel_sort, 1, 600s},
        {{"cpp11/executors/pipeline", "cpp14/executors/pipeline"},
            "long lines that are typed come back in capitals", pipeline},
        {{"cpp11/executors/priority_scheduler", "cpp14/executors/priority_scheduler"},
            "calls its functions in the order of their priority", priorities},
        {{"cpp14/executors/async_1", "cpp14/executors/async_2"}, "what is typed comes back",
            async_lines},
    };
    return all;
}

std::map<std::string, std::string> const& not_run() {
    static char const* const forks = "it forks: a simulated host has one process";
    static char const* const files =
        "it reads files by io_uring, whose system calls the simulation can't see";
    static char const* const messages =
        "it sends 50 million messages from thread to thread: a run had not ended after 25 minutes";
    static char const* const passing =
        "it passes a file descriptor from process to process, which is not simulated";
    static std::map<std::string, std::string> const all{
        {"cpp11/executors/actor", messages},
        {"cpp14/executors/actor", messages},
        {"cpp11/local/fd_passing_stream_client", passing},
        {"cpp11/local/fd_passing_stream_server", passing},
        {"cpp11/fork/daemon", forks},
        {"cpp11/fork/process_per_connection", forks},
        {"cpp11/files/async_file_copy", files},
        {"cpp11/files/blocking_file_copy", files},
        {"cpp17/coroutines_ts/range_based_for",
            "`for co_await`, of the Coroutines TS, is no part of {cpp}20"},
    };
    return all;
}

} // namespace asio_examples
