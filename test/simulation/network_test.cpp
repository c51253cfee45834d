// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The simulated network, as blocking calls of POSIX see it.

#define BOOST_TEST_MODULE simulation_network
#include "sockets.hpp"

#include <arpa/inet.h>
#include <array>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/selectors.hpp>
#include <boost_selectors/simulation.hpp>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <map>
#include <memory>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/un.h>
#include <thread>
#include <vector>

namespace {

using namespace simulation_test;
using namespace std::chrono_literals;
using boost_selectors::simulation;

BOOST_AUTO_TEST_CASE(bytes_come_back_by_name_and_by_both_families) {
    simulation world;
    world.host("server").service([] { echo(listen_at(4000)); });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        for (int const family : {AF_INET, AF_INET6}) {
            handle const s = connect_to("server", "4000", family);
            write_all(s, "hello");
            checked(::shutdown(s, SHUT_WR));
            BOOST_TEST(read_all(s) == "hello");
        }
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_packet_takes_the_latency_of_its_link) {
    simulation world;
    world.link("client", "server").latency(50ms);
    world.host("server").service([] { echo(listen_at(4000)); });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        auto const start = now();
        handle const s = connect_to("server", "4000");
        auto const connected = now() - start;
        BOOST_TEST((connected >= 100ms && connected < 110ms)); // The resolver takes some, too.
        write_all(s, "x");
        checked(::shutdown(s, SHUT_WR));
        read_all(s);
        BOOST_TEST((now() - start - connected >= 100ms));
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(bandwidth_limits_a_transfer) {
    simulation world;
    world.link("client", "server").bandwidth(1'000'000);
    world.host("server").service([] { echo(listen_at(4000)); });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        handle const s = connect_to("server", "4000");
        std::string const text(3'000'000, 'x');
        auto const start = now();
        write_all(s, text);
        checked(::shutdown(s, SHUT_WR));
        BOOST_TEST(read_all(s) == text);
        BOOST_TEST((now() - start >= 6s && now() - start < 7s));
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(loss_delays_tcp_and_changes_nothing) {
    simulation world;
    world.link("client", "server").loss(0.2);
    world.host("server").service([] { echo(listen_at(4000)); });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        handle const s = connect_to("server", "4000");
        std::string text;
        for (int i = 0; i < 1000; ++i) {
            std::string const number = std::to_string(i) + ' ';
            write_all(s, number);
            text += number;
        }
        checked(::shutdown(s, SHUT_WR));
        BOOST_TEST(read_all(s) == text);
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_port_without_a_listener_refuses) {
    simulation world;
    world.host("server");
    world.host("client").run([] {
        BOOST_CHECK_EXCEPTION(connect_to("server", "4000"), std::system_error,
            [](std::system_error const& e) { return e.code() == std::errc::connection_refused; });
        BOOST_CHECK_THROW(connect_to("nobody", "4000"), std::runtime_error);
        BOOST_CHECK_EXCEPTION(connect_to("10.9.9.9", "4000"), std::system_error,
            [](std::system_error const& e) { return e.code() == std::errc::host_unreachable; });
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_cut_link_times_out_after_two_minutes) {
    simulation world;
    world.link("client", "server").cut();
    world.host("server").service([] { echo(listen_at(4000)); });
    world.host("client").run([] {
        auto const start = now();
        BOOST_CHECK_EXCEPTION(connect_to("server", "4000"), std::system_error,
            [](std::system_error const& e) { return e.code() == std::errc::timed_out; });
        BOOST_TEST((now() - start >= 127s && now() - start < 128s));
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_connection_survives_a_short_cut_and_dies_of_a_long_one) {
    for (auto const length : {1min, 60min}) {
        simulation world;
        world.host("server").service([] { echo(listen_at(4000)); });
        world.at(10s, [&] { world.link("client", "server").cut(); });
        world.at(10s + length, [&] { world.link("client", "server").repair(); });
        world.host("client").run([&] {
            std::this_thread::sleep_for(1s);
            handle const s = connect_to("server", "4000");
            std::this_thread::sleep_for(20s);
            write_all(s, "hello");
            checked(::shutdown(s, SHUT_WR));
            if (length == 1min)
                BOOST_TEST(read_all(s) == "hello");
            else
                BOOST_CHECK_EXCEPTION(read_all(s), std::system_error,
                    [](std::system_error const& e) { return e.code() == std::errc::timed_out; });
        });
        world.run();
    }
}

BOOST_AUTO_TEST_CASE(a_reset_ends_the_connection) {
    simulation world;
    world.host("server").service([] {
        handle const listener = listen_at(4000);
        handle const s(::accept(listener, nullptr, nullptr));
        linger const at_once{1, 0};
        checked(::setsockopt(s, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)));
    });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        handle const s = connect_to("server", "4000");
        char byte;
        BOOST_TEST(error_of([&] { return ::read(s, &byte, 1); }) == ECONNRESET);
        BOOST_TEST(::read(s, &byte, 1) == 0);
        BOOST_TEST(error_of([&] { return ::send(s, "x", 1, MSG_NOSIGNAL); }) == EPIPE);
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_full_peer_blocks_the_writer) {
    simulation world;
    world.host("server").service([] {
        handle const listener = listen_at(4000);
        handle const s(::accept(listener, nullptr, nullptr));
        std::this_thread::sleep_for(1h);
        BOOST_TEST(read_all(s).size() == 2'000'000u);
    });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        handle const s = connect_to("server", "4000");
        std::size_t sent = 0;
        std::string const some(100'000, 'x');
        for (ssize_t n; (n = ::send(s, some.data(), some.size(), MSG_DONTWAIT)) > 0;)
            sent += static_cast<std::size_t>(n);
        BOOST_TEST(errno == EAGAIN);
        BOOST_TEST(sent < 1'000'000u);
        pollfd p{s, POLLOUT, 0};
        BOOST_TEST(::poll(&p, 1, 1000) == 0);
        auto const start = now();
        write_all(s, std::string(2'000'000 - sent, 'x'));
        BOOST_TEST((now() - start >= 59min));
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(urgent_data_wait_for_room) {
    constexpr std::size_t size = 200'000;
    simulation world;
    world.host("server").run([] {
        handle const listener = listen_at(4000);
        handle const s(::accept(listener, nullptr, nullptr));
        std::this_thread::sleep_for(1h);
        BOOST_TEST(read_all(s).size() == 131'072 + size - 1);
        char urgent = 0;
        BOOST_TEST(::recv(s, &urgent, 1, MSG_OOB) == 1);
        BOOST_TEST(urgent == '!');
    });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        handle const s = connect_to("server", "4000");
        write_all(s, std::string(131'072, 'x'));
        std::string const text = std::string(size - 1, 'x') + '!';
        BOOST_TEST(::send(s, text.data(), size, MSG_OOB) == ssize_t{size});
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_full_backlog_delays_a_connection) {
    simulation world;
    world.host("server").service([] {
        handle const listener = listen_at(4000, 0);
        std::this_thread::sleep_for(1min);
        echo(listener);
    });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        handle const first = connect_to("server", "4000");
        auto const start = now();
        handle const second = connect_to("server", "4000");
        BOOST_TEST((now() - start >= 30s));
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(timeouts_of_sockets_are_virtual) {
    simulation world;
    world.host("server").service([] {
        handle const listener = listen_at(4000);
        handle const s(::accept(listener, nullptr, nullptr));
        std::this_thread::sleep_for(24h);
    });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        handle const s = connect_to("server", "4000");
        timeval const hour{3600, 0};
        checked(::setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &hour, sizeof(hour)));
        auto const start = now();
        char byte;
        BOOST_TEST(error_of([&] { return ::recv(s, &byte, 1, 0); }) == EAGAIN);
        BOOST_TEST((now() - start >= 1h && now() - start < 1h + 1s));
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_timeout_of_a_socket_may_be_the_longest) {
    constexpr auto longest = std::numeric_limits<time_t>::max();
    simulation world;
    world.host("one").run([] {
        int fds[2];
        checked(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
        handle const a(fds[0]);
        handle const b(fds[1]);
        for (time_t const seconds : {longest / 1'000'000'000, longest}) {
            timeval const time{seconds, 999'999};
            checked(::setsockopt(a, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time)));
            std::jthread const sender([&] {
                std::this_thread::sleep_for(1h);
                write_all(b, "x");
            });
            char byte;
            BOOST_TEST(::recv(a, &byte, 1, 0) == 1);
        }
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(datagrams_come_back_and_are_lost) {
    simulation world;
    auto way = world.link("client", "server");
    world.host("server").service([] {
        handle const s(::socket(AF_INET, SOCK_DGRAM, 0));
        sockaddr_in any{};
        any.sin_family = AF_INET;
        any.sin_port = htons(53);
        checked(::bind(s, reinterpret_cast<sockaddr*>(&any), sizeof(any)));
        for (;;) {
            std::array<char, 100> text;
            sockaddr_in from;
            socklen_t size = sizeof(from);
            auto const n = ::recvfrom(
                s, text.data(), text.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
            ::sendto(s, text.data(), static_cast<std::size_t>(n), 0,
                reinterpret_cast<sockaddr*>(&from), size);
        }
    });
    world.host("client").run([&] {
        std::this_thread::sleep_for(1s);
        resolved const at("server", "53", SOCK_DGRAM, AF_INET);
        handle const s(::socket(AF_INET, SOCK_DGRAM, 0));
        checked(::connect(s, at.first->ai_addr, at.first->ai_addrlen));
        timeval const second{1, 0};
        checked(::setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second)));
        auto const ask = [&] {
            checked(static_cast<int>(::send(s, "hello", 5, 0)));
            std::array<char, 3> text;
            return ::recv(s, text.data(), text.size(), MSG_TRUNC) == 5;
        };
        BOOST_TEST(ask());
        way.loss(0.5);
        int answered = 0;
        for (int i = 0; i < 100; ++i)
            answered += ask();
        BOOST_TEST(answered > 5);
        BOOST_TEST(answered < 60);
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_datagram_to_a_closed_port_is_refused) {
    simulation world;
    world.host("server");
    world.host("client").run([] {
        resolved const at("server", "53", SOCK_DGRAM, AF_INET);
        handle const s(::socket(AF_INET, SOCK_DGRAM, 0));
        checked(::connect(s, at.first->ai_addr, at.first->ai_addrlen));
        checked(static_cast<int>(::send(s, "hello", 5, 0)));
        char byte;
        BOOST_TEST(error_of([&] { return ::recv(s, &byte, 1, 0); }) == ECONNREFUSED);
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(local_sockets_connect_within_a_host) {
    simulation world;
    sockaddr_un path{};
    path.sun_family = AF_UNIX;
    std::strcpy(path.sun_path, "/run/simulated");
    auto const* const name = reinterpret_cast<sockaddr const*>(&path);
    world.host("one").run([&] {
        handle const listener(::socket(AF_UNIX, SOCK_STREAM, 0));
        checked(::bind(listener, name, sizeof(path)));
        checked(::listen(listener, 4));
        std::jthread const server([&] {
            handle const s(::accept(listener, nullptr, nullptr));
            write_all(s, read_all(s));
        });
        handle const s(::socket(AF_UNIX, SOCK_STREAM, 0));
        checked(::connect(s, name, sizeof(path)));
        write_all(s, "hello");
        checked(::shutdown(s, SHUT_WR));
        BOOST_TEST(read_all(s) == "hello");
    });
    world.host("two").run([&] {
        std::this_thread::sleep_for(1s);
        handle const s(::socket(AF_UNIX, SOCK_STREAM, 0));
        BOOST_TEST(error_of([&] { return ::connect(s, name, sizeof(path)); }) == ENOENT);
    });
    world.run();
    BOOST_TEST(::access("/run/simulated", F_OK) != 0);
}

BOOST_AUTO_TEST_CASE(a_pair_of_sockets_is_connected) {
    simulation world;
    world.host("one").run([] {
        for (int const type : {SOCK_STREAM, SOCK_DGRAM}) {
            int fds[2];
            checked(::socketpair(AF_UNIX, type, 0, fds));
            handle const a(fds[0]);
            handle const b(fds[1]);
            write_all(a, "hello");
            char text[10];
            BOOST_TEST(::recv(b, text, sizeof(text), 0) == 5);
        }
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_descriptor_that_was_duplicated_keeps_the_connection) {
    simulation world;
    world.host("server").service([] { echo(listen_at(4000)); });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        auto s = std::make_unique<handle>(connect_to("server", "4000"));
        handle const second(::dup(*s));
        handle const third(::fcntl(*s, F_DUPFD_CLOEXEC, 100));
        BOOST_TEST(third >= 100);
        s = nullptr;
        write_all(second, "hello");
        checked(::shutdown(third, SHUT_WR));
        BOOST_TEST(read_all(third) == "hello");
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(every_backend_of_the_core_that_polls_works_on_it) {
    for (char const* const name : {"simulation", "poll", "select"}) {
        simulation world;
        world.host("server").service([] { echo(listen_at(4000)); });
        world.host("client").run([&] {
            std::this_thread::sleep_for(1s);
            auto const selector = boost_selectors::make_selector(name);
            handle const s = connect_to("server", "4000");
            selector->register_handle(int{s}, boost_selectors::event::read);
            BOOST_TEST(selector->select(1min).empty());
            write_all(s, "hello");
            checked(::shutdown(s, SHUT_WR));
            BOOST_TEST(selector->select(1min).size() == 1u);
            BOOST_TEST(read_all(s) == "hello");
        });
        world.run();
    }
}

BOOST_AUTO_TEST_CASE(a_host_number_follows_the_order_of_names) {
    simulation world;
    world.link("first", "second");
    world.host("second");
    world.host("first").run([] {
        resolved const at("second", "1", SOCK_STREAM, AF_INET);
        auto const* const name = reinterpret_cast<sockaddr_in const*>(at.first->ai_addr);
        BOOST_TEST(ntohl(name->sin_addr.s_addr) == 0x0a000002u);
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(accepting_without_a_free_descriptor_loses_no_connection) {
    simulation world;
    auto server = world.host("server");
    server.descriptor_limit(1);
    world.at(10s, [&] { server.descriptor_limit(2); });
    server.service([] {
        handle const listener = listen_at(4000);
        std::this_thread::sleep_for(5s);
        BOOST_TEST(error_of([&] { return ::accept(listener, nullptr, nullptr); }) == EMFILE);
        std::this_thread::sleep_for(10s);
        handle const s(::accept(listener, nullptr, nullptr));
        write_all(s, read_all(s));
    });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        handle const s = connect_to("server", "4000");
        write_all(s, "hello");
        checked(::shutdown(s, SHUT_WR));
        BOOST_TEST(read_all(s) == "hello");
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_connection_that_has_timed_out_stays_dead) {
    simulation world;
    world.host("server").service([] {
        handle const listener = listen_at(4000);
        handle const s(::accept(listener, nullptr, nullptr));
        char byte;
        BOOST_TEST(::read(s, &byte, 1) <= 0);
    });
    world.at(10s, [&] { world.link("client", "server").cut(); });
    world.host("client").run([&] {
        std::this_thread::sleep_for(1s);
        handle const s = connect_to("server", "4000");
        std::this_thread::sleep_for(20s);
        write_all(s, "old");
        char byte;
        BOOST_TEST(error_of([&] { return ::read(s, &byte, 1); }) == ETIMEDOUT);
        world.repair();
        BOOST_TEST(error_of([&] { return ::send(s, "new", 3, MSG_NOSIGNAL); }) == EPIPE);
        BOOST_TEST(::read(s, &byte, 1) == 0);
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_call_keeps_open_what_another_thread_closes) {
    simulation world;
    world.host("server").service([] {
        handle const listener = listen_at(4000);
        handle const s(::accept(listener, nullptr, nullptr));
        std::this_thread::sleep_for(1h);
        write_all(s, "x");
        char byte;
        BOOST_TEST(::read(s, &byte, 1) == 0);
    });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        auto s = std::make_unique<handle>(connect_to("server", "4000"));
        int const fd = *s;
        std::jthread const reader([fd] {
            char byte;
            BOOST_TEST(::read(fd, &byte, 1) == 1);
        });
        std::this_thread::sleep_for(1s);
        s = nullptr;
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(pending_connections_end_with_their_listener) {
    simulation world;
    world.host("server").service([] {
        handle const listener = listen_at(4000);
        std::this_thread::sleep_for(10s);
        checked(::shutdown(listener, SHUT_RD));
    });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        handle const s = connect_to("server", "4000");
        char byte;
        BOOST_TEST(::read(s, &byte, 1) <= 0);
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(local_datagrams_wait_for_room) {
    simulation world;
    world.host("one").run([] {
        int fds[2];
        checked(::socketpair(AF_UNIX, SOCK_DGRAM, 0, fds));
        handle const a(fds[0]);
        handle const b(fds[1]);
        std::jthread const sender([&] {
            std::string const text(1000, 'x');
            for (int i = 0; i < 1000; ++i)
                write_all(a, text);
        });
        std::this_thread::sleep_for(1s);
        pollfd p{a, POLLOUT, 0};
        BOOST_TEST(::poll(&p, 1, 0) >= 0);
        std::array<char, 2000> some;
        for (int i = 0; i < 1000; ++i)
            BOOST_TEST_REQUIRE(::recv(b, some.data(), some.size(), 0) == 1000);
        std::string const large(300'000, 'x');
        BOOST_TEST(error_of([&] { return ::send(a, large.data(), large.size(), 0); }) == EMSGSIZE);
    });
    world.run();
}

sockaddr_un local_name(std::string const& path) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    path.copy(name.sun_path, sizeof(name.sun_path) - 1);
    return name;
}

/// A local socket for datagrams, bound to the path.
handle local_receiver(std::string const& path) {
    handle s(::socket(AF_UNIX, SOCK_DGRAM, 0));
    sockaddr_un const name = local_name(path);
    checked(::bind(s, reinterpret_cast<sockaddr const*>(&name), sizeof(name)));
    return s;
}

void connect_locally(int fd, std::string const& path) {
    sockaddr_un const name = local_name(path);
    checked(::connect(fd, reinterpret_cast<sockaddr const*>(&name), sizeof(name)));
}

handle local_sender(std::string const& path) {
    handle s(::socket(AF_UNIX, SOCK_DGRAM, 0));
    connect_locally(s, path);
    return s;
}

/// Sends until there is no room.
void fill(int fd) {
    std::string const text(1000, 'x');
    while (::send(fd, text.data(), text.size(), MSG_DONTWAIT) > 0)
        continue;
    BOOST_TEST(errno == EAGAIN);
}

void await_room(int fd) {
    pollfd p{fd, POLLOUT, 0};
    BOOST_TEST(::poll(&p, 1, -1) == 1);
    BOOST_TEST((p.revents & POLLOUT));
}

BOOST_AUTO_TEST_CASE(poll_waits_for_room_for_local_datagrams) {
    simulation world;
    world.host("one").run([] {
        handle const to = local_receiver("to");
        handle const from = local_sender("to");
        std::jthread const sender([&] {
            for (int i = 0; i < 1000; ++i) {
                await_room(from);
                write_all(from, std::string(1000, 'x'));
            }
        });
        std::array<char, 2000> some;
        for (int i = 0; i < 1000; ++i) {
            if (i % 100 == 0)
                std::this_thread::sleep_for(1s);
            BOOST_TEST_REQUIRE(::recv(to, some.data(), some.size(), 0) == 1000);
        }
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(poll_waits_until_there_is_room_for_local_datagrams_and_no_longer) {
    simulation world;
    world.host("one").run([] {
        handle const to = local_receiver("to");
        handle const from = local_sender("to");
        for (std::size_t const size : {100u, 150'000u, 150'000u})
            write_all(from, std::string(size, 'x'));
        BOOST_TEST(error_of([&] { return ::send(from, "x", 1, MSG_DONTWAIT); }) == EAGAIN);
        bool has_room = false;
        std::jthread const poller([&] {
            await_room(from);
            has_room = true;
        });
        std::vector<char> some(150'000);
        std::this_thread::sleep_for(1s);
        BOOST_TEST(::recv(to, some.data(), some.size(), 0) == 100);
        std::this_thread::sleep_for(1s);
        BOOST_TEST(!has_room);
        BOOST_TEST(::recv(to, some.data(), some.size(), 0) == 150'000);
        std::this_thread::sleep_for(1s);
        BOOST_TEST(has_room);
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_local_receiver_that_closes_refuses_those_that_wait_for_room) {
    simulation world;
    world.host("one").run([] {
        auto to = std::make_unique<handle>(local_receiver("to"));
        handle const from = local_sender("to");
        handle const polled = local_sender("to");
        handle const unconnected(::socket(AF_UNIX, SOCK_DGRAM, 0));
        fill(from);
        std::jthread const sender(
            [&] { BOOST_TEST(error_of([&] { return ::send(from, "x", 1, 0); }) == ECONNREFUSED); });
        std::jthread const sender_to([&] {
            sockaddr_un const name = local_name("to");
            auto const* const at = reinterpret_cast<sockaddr const*>(&name);
            BOOST_TEST(error_of([&] {
                return ::sendto(unconnected, "x", 1, 0, at, sizeof(name));
            }) == ECONNREFUSED);
        });
        std::jthread const poller([&] { await_room(polled); });
        std::this_thread::sleep_for(1s);
        to = nullptr;
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_local_receiver_that_connects_elsewhere_makes_room) {
    simulation world;
    world.host("one").run([] {
        handle const to = local_receiver("to");
        handle const other = local_receiver("other");
        handle const from = local_sender("to");
        handle const third = local_sender("to");
        fill(from);
        connect_locally(to, "other");
        std::jthread const poller([&] { await_room(from); });
        std::jthread const sender(
            [&] { BOOST_TEST(error_of([&] { return ::send(third, "x", 1, 0); }) == EPERM); });
        std::this_thread::sleep_for(1s);
        handle const another = local_receiver("another");
        connect_locally(to, "another");
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_local_sender_that_connects_elsewhere_waits_no_longer) {
    simulation world;
    world.host("one").run([] {
        handle const to = local_receiver("to");
        handle const other = local_receiver("other");
        handle const from = local_sender("to");
        fill(from);
        std::jthread const poller([&] { await_room(from); });
        std::this_thread::sleep_for(1s);
        connect_locally(from, "other");
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_local_datagram_socket_that_disconnects_loses_what_it_received) {
    simulation world;
    world.host("one").run([] {
        int fds[2];
        checked(::socketpair(AF_UNIX, SOCK_DGRAM, 0, fds));
        handle const a(fds[0]);
        handle const b(fds[1]);
        write_all(a, "x");
        sockaddr nowhere{};
        nowhere.sa_family = AF_UNSPEC;
        checked(::connect(b, &nowhere, sizeof(nowhere)));
        char byte;
        BOOST_TEST(error_of([&] { return ::recv(b, &byte, 1, MSG_DONTWAIT); }) == EAGAIN);
        BOOST_TEST(error_of([&] { return ::recv(a, &byte, 1, MSG_DONTWAIT); }) == ECONNRESET);
        write_all(a, "y");
        checked(::connect(b, &nowhere, sizeof(nowhere)));
        BOOST_TEST(::recv(b, &byte, 1, MSG_DONTWAIT) == 1); // It was not connected.
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_pipe_within_a_host_may_be_full) {
    simulation world;
    world.host("one").run([] {
        int fds[2];
        checked(::pipe(fds));
        handle const in(fds[0]);
        auto out = std::make_unique<handle>(fds[1]);
        std::size_t read = 0;
        std::jthread const reader([&] {
            std::this_thread::sleep_for(1h);
            read = read_all(in).size();
        });
        std::string const text(1'000'000, 'x');
        BOOST_TEST(::write(*out, text.data(), text.size()) == 1'000'000);
        out = nullptr;
        while (read == 0)
            std::this_thread::sleep_for(1s);
        BOOST_TEST(read == 1'000'000u);
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(what_is_not_simulated_fails_and_is_named) {
    simulation world;
    world.host("one").run([] {
        handle const s(::socket(AF_INET, SOCK_STREAM, 0));
        int value = 0;
        BOOST_TEST(error_of([&] { return ::ioctl(s, TIOCOUTQ, &value); }) == ENOSYS);
        BOOST_TEST(error_of([&] { return ::sendfile(s, 0, nullptr, 1); }) == ENOSYS);
        BOOST_TEST(error_of([&] { return ::splice(0, nullptr, s, nullptr, 1, 0); }) == ENOSYS);
        BOOST_TEST(error_of([&] { return ::fdopen(s, "r") ? 0 : -1; }) == ENOSYS);
        BOOST_TEST(error_of([] { return ::fork(); }) == ENOSYS);
        BOOST_TEST(::gethostbyname("one") == nullptr);
    });
    world.run();
}

int membership(int fd, int change, char const* group) {
    ip_mreq wanted{};
    wanted.imr_multiaddr.s_addr = ::inet_addr(group);
    return ::setsockopt(fd, IPPROTO_IP, change, &wanted, sizeof(wanted));
}

BOOST_AUTO_TEST_CASE(a_datagram_to_a_group_reaches_its_members) {
    static constexpr char group[] = "239.255.0.1";
    simulation world;
    std::map<std::string, std::string> heard;
    for (std::string const name : {"one", "other", "sender", "elsewhere", "outside"})
        world.host(name).service([&heard, name] {
            handle const s = receive_at(4000);
            if (name != "outside")
                checked(
                    membership(s, IP_ADD_MEMBERSHIP, name == "elsewhere" ? "239.255.0.2" : group));
            for (;;) {
                char c;
                checked(static_cast<int>(::recv(s, &c, 1, 0)));
                heard[name] += c;
                if (c == '2' && name == "other")
                    checked(membership(s, IP_DROP_MEMBERSHIP, group));
            }
        });
    world.host("sender").run([] {
        handle const s(::socket(AF_INET, SOCK_DGRAM, 0));
        resolved const to(group, "4000", SOCK_DGRAM, AF_INET);
        auto const send = [&](char c) {
            std::this_thread::sleep_for(1s);
            BOOST_TEST(::sendto(s, &c, 1, 0, to.first->ai_addr, to.first->ai_addrlen) == 1);
        };
        send('1');
        send('2');
        int const off = 0;
        checked(::setsockopt(s, IPPROTO_IP, IP_MULTICAST_LOOP, &off, sizeof(off)));
        checked(::connect(s, to.first->ai_addr, to.first->ai_addrlen));
        send('3');
        std::this_thread::sleep_for(1s);
    });
    world.run();
    BOOST_TEST(heard["one"] == "123");
    BOOST_TEST(heard["other"] == "12");
    BOOST_TEST(heard["sender"] == "12");
    BOOST_TEST(heard["elsewhere"] == "");
    BOOST_TEST(heard["outside"] == "");
}

BOOST_AUTO_TEST_CASE(a_group_of_IPv6_has_members_too) {
    simulation world;
    world.host("receiver").run([] {
        handle const s(::socket(AF_INET6, SOCK_DGRAM, 0));
        resolved const group("ff31::8000:1234", "4000", SOCK_DGRAM, AF_INET6);
        ipv6_mreq wanted{};
        std::memcpy(&wanted.ipv6mr_multiaddr,
            &reinterpret_cast<sockaddr_in6*>(group.first->ai_addr)->sin6_addr,
            sizeof(wanted.ipv6mr_multiaddr));
        checked(::setsockopt(s, IPPROTO_IPV6, IPV6_JOIN_GROUP, &wanted, sizeof(wanted)));
        checked(::bind(s, group.first->ai_addr, group.first->ai_addrlen));
        char c;
        BOOST_TEST(::recv(s, &c, 1, 0) == 1);
    });
    world.host("sender").run([] {
        std::this_thread::sleep_for(1s);
        handle const s(::socket(AF_INET6, SOCK_DGRAM, 0));
        resolved const to("ff31::8000:1234", "4000", SOCK_DGRAM, AF_INET6);
        BOOST_TEST(::sendto(s, "x", 1, 0, to.first->ai_addr, to.first->ai_addrlen) == 1);
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_full_backlog_delays_a_local_connection) {
    simulation world;
    world.host("one").run([] {
        auto listener = std::make_unique<handle>(::socket(AF_UNIX, SOCK_STREAM, 0));
        sockaddr_un const name = local_name("to");
        checked(::bind(*listener, reinterpret_cast<sockaddr const*>(&name), sizeof(name)));
        checked(::listen(*listener, 0));
        auto const error_of_connect = [&](int type, timeval const& limit = {}) {
            handle const s(::socket(AF_UNIX, type, 0));
            checked(::setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)));
            return error_of([&] {
                return ::connect(s, reinterpret_cast<sockaddr const*>(&name), sizeof(name));
            });
        };
        BOOST_TEST(error_of_connect(SOCK_STREAM) == 0);
        BOOST_TEST(error_of_connect(SOCK_STREAM | SOCK_NONBLOCK) == EAGAIN);
        auto const start = now();
        BOOST_TEST(error_of_connect(SOCK_STREAM, {10, 0}) == EAGAIN);
        BOOST_TEST((now() - start >= 10s));
        std::jthread const accepter([&] {
            std::this_thread::sleep_for(1min);
            handle const first(::accept(*listener, nullptr, nullptr));
            std::this_thread::sleep_for(1min);
            listener = nullptr;
        });
        BOOST_TEST(error_of_connect(SOCK_STREAM) == 0);
        BOOST_TEST((now() - start >= 1min));
        BOOST_TEST(error_of_connect(SOCK_STREAM) == ECONNREFUSED);
        BOOST_TEST((now() - start >= 2min));
    });
    world.run();
}

/// Two sockets of a host have the port. One of them has joined the group, the other one has not.
template <class Join>
void hear_a_group_of_another(
    int family, char const* group, int level, int all_option, Join const& join) {
    simulation world;
    world.host("receiver").run([&] {
        auto const bound = [&] {
            handle s(::socket(family, SOCK_DGRAM, 0));
            int const on = 1;
            checked(::setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)));
            sockaddr_in6 any{};
            any.sin6_family = static_cast<sa_family_t>(family);
            any.sin6_port = htons(4000);
            checked(::bind(s, reinterpret_cast<sockaddr*>(&any), sizeof(any)));
            return s;
        };
        handle const other = bound();
        auto member = std::make_unique<handle>(bound());
        auto copy = std::make_unique<handle>(::dup(*member));
        join(*member);
        int value = 0;
        socklen_t size = sizeof(value);
        checked(::getsockopt(other, level, all_option, &value, &size));
        BOOST_TEST(value == 1);
        auto const hears = [&](int s) {
            std::string text;
            for (char c; ::recv(s, &c, 1, MSG_DONTWAIT) == 1;)
                text += c;
            return text;
        };
        std::this_thread::sleep_for(2s);
        BOOST_TEST(hears(*member) == "x");
        BOOST_TEST(hears(other) == "x");
        int const off = 0;
        checked(::setsockopt(other, level, all_option, &off, sizeof(off)));
        std::this_thread::sleep_for(1s);
        BOOST_TEST(hears(*member) == "x");
        BOOST_TEST(hears(other) == "");
        int const on = 1;
        checked(::setsockopt(other, level, all_option, &on, sizeof(on)));
        member = nullptr;
        std::this_thread::sleep_for(1s);
        BOOST_TEST(hears(other) == "x");
        copy = nullptr;
        std::this_thread::sleep_for(1s);
        BOOST_TEST(hears(other) == "");
    });
    world.host("sender").run([&] {
        std::this_thread::sleep_for(500ms);
        handle const s(::socket(family, SOCK_DGRAM, 0));
        resolved const to(group, "4000", SOCK_DGRAM, family);
        for (int i = 0; i < 5; ++i) {
            std::this_thread::sleep_for(1s);
            ::sendto(s, "x", 1, 0, to.first->ai_addr, to.first->ai_addrlen);
        }
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_socket_hears_the_groups_of_its_host) {
    hear_a_group_of_another(AF_INET, "239.255.0.1", IPPROTO_IP, IP_MULTICAST_ALL,
        [](int s) { checked(membership(s, IP_ADD_MEMBERSHIP, "239.255.0.1")); });
    hear_a_group_of_another(
        AF_INET6, "ff31::8000:1234", IPPROTO_IPV6, IPV6_MULTICAST_ALL, [](int s) {
            ipv6_mreq wanted{};
            checked(::inet_pton(AF_INET6, "ff31::8000:1234", &wanted.ipv6mr_multiaddr));
            checked(::setsockopt(s, IPPROTO_IPV6, IPV6_JOIN_GROUP, &wanted, sizeof(wanted)));
        });
}

BOOST_AUTO_TEST_CASE(groups_are_joined_once_and_only_by_datagram_sockets) {
    simulation world;
    world.host("one").run([] {
        handle const s(::socket(AF_INET, SOCK_DGRAM, 0));
        handle const tcp(::socket(AF_INET, SOCK_STREAM, 0));
        auto const error = [](int fd, int change, char const* group) {
            return error_of([&] { return membership(fd, change, group); });
        };
        BOOST_TEST(error(s, IP_ADD_MEMBERSHIP, "10.0.0.1") == EINVAL);
        BOOST_TEST(error(s, IP_DROP_MEMBERSHIP, "239.255.0.1") == EADDRNOTAVAIL);
        BOOST_TEST(error(s, IP_ADD_MEMBERSHIP, "239.255.0.1") == 0);
        BOOST_TEST(error(s, IP_ADD_MEMBERSHIP, "239.255.0.1") == EADDRINUSE);
        BOOST_TEST(error(tcp, IP_ADD_MEMBERSHIP, "239.255.0.1") == EPROTO);
    });
    world.run();
}

} // namespace
