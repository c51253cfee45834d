// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Faults of simulated networks and hosts, by script and by chance.

#define BOOST_TEST_MODULE simulation_faults
#include "sockets.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/simulation.hpp>
#include <condition_variable>
#include <cstdlib>
#include <initializer_list>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace {

using namespace simulation_test;
using namespace std::chrono_literals;
using boost_selectors::simulation;
using boost_selectors::simulation_error;

/// Asks the server until it answers. @return how often that was tried.
int ask_until_answered(std::string const& text) {
    for (int tried = 1;; ++tried) {
        try {
            handle const s = connect_to("server", "4000");
            timeval const minute{60, 0};
            checked(::setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof(minute)));
            write_all(s, text);
            checked(::shutdown(s, SHUT_WR));
            if (read_all(s) == text)
                return tried;
        } catch (std::system_error const&) { // Once more.
        }
        std::this_thread::sleep_for(1s);
    }
}

void serve() {
    echo(listen_at(4000));
}

BOOST_AUTO_TEST_CASE(a_partition_is_mended) {
    simulation world;
    world.host("server").service(serve);
    world.host("client");
    world.partition({"client"}, {"server"});
    world.at(10min, [&] { world.repair(); });
    world.host("client").run([] { BOOST_TEST(ask_until_answered("hello") > 1); });
    world.run();
    BOOST_TEST((world.now() >= 10min));
}

BOOST_AUTO_TEST_CASE(what_is_held_arrives_later_and_nothing_times_out) {
    simulation world;
    world.host("server").service(serve);
    world.at(2s, [&] { world.link("client", "server").hold(); });
    world.at(24h, [&] { world.link("client", "server").release(); });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        handle const s = connect_to("server", "4000");
        std::this_thread::sleep_for(2s);
        write_all(s, "hello");
        checked(::shutdown(s, SHUT_WR));
        BOOST_TEST(read_all(s) == "hello");
    });
    world.run();
    BOOST_TEST((world.now() >= 24h));
}

BOOST_AUTO_TEST_CASE(a_link_resets_its_connections) {
    simulation world;
    world.host("server").service(serve);
    world.at(10s, [&] { world.link("client", "server").reset(); });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        handle const s = connect_to("server", "4000");
        char byte;
        BOOST_TEST(error_of([&] { return ::read(s, &byte, 1); }) == ECONNRESET);
        BOOST_TEST((ask_until_answered("hello") == 1));
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(peers_of_a_killed_host_are_told) {
    simulation world;
    auto server = world.host("server");
    server.service(serve);
    world.at(10s, [&] { server.kill(); });
    world.at(20s, [&] { server.restart(); });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        handle const s = connect_to("server", "4000");
        auto const start = now();
        BOOST_TEST(read_all(s).empty());
        BOOST_TEST((now() - start < 10s));
        BOOST_TEST(ask_until_answered("hello") > 1);
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(peers_of_a_crashed_host_hear_nothing_until_it_is_back) {
    simulation world;
    auto server = world.host("server");
    server.service(serve);
    world.at(10s, [&] { server.crash(); });
    world.at(1h, [&] { server.restart(); });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        handle const s = connect_to("server", "4000");
        std::this_thread::sleep_for(1min);
        timeval const minute{60, 0};
        checked(::setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof(minute)));
        char byte;
        BOOST_TEST(error_of([&] { return ::recv(s, &byte, 1, 0); }) == EAGAIN);
        std::this_thread::sleep_for(1h);
        write_all(s, "x");
        BOOST_TEST(error_of([&] { return ::recv(s, &byte, 1, 0); }) == ECONNRESET);
        BOOST_TEST((ask_until_answered("hello") == 1));
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_program_that_waits_for_a_crashed_host_ends_by_its_own_timeout_only) {
    simulation world;
    auto server = world.host("server");
    server.service(serve);
    world.at(10s, [&] { server.crash(); });
    world.host("client").run([] {
        std::this_thread::sleep_for(20s);
        BOOST_CHECK_EXCEPTION(connect_to("server", "4000"), std::system_error,
            [](std::system_error const& e) { return e.code() == std::errc::timed_out; });
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_host_ends_whatever_its_threads_do) {
    static std::mutex shared;
    shared.lock(); // For the threads that wait for it: nobody unlocks it before the end.
    for (int second = 1; second < 6; ++second) {
        simulation world;
        auto host = world.host("victim");
        host.service([] { std::scoped_lock const l(shared); });
        host.service([] { std::jthread const waits([] { std::this_thread::sleep_for(1h); }); });
        host.service([] {
            std::mutex m;
            std::condition_variable never;
            std::unique_lock l(m);
            never.wait(l);
        });
        host.service([] {
            for (;;)
                std::this_thread::sleep_for(10ms);
        });
        host.service(serve);
        int runs = 0;
        host.service([&] { ++runs; });
        world.every(std::chrono::seconds(second), [&] {
            host.kill();
            host.restart();
        });
        BOOST_TEST(world.run_for(1min) == true);
        BOOST_TEST(runs >= 60 / second);
    }
    shared.unlock();
}

BOOST_AUTO_TEST_CASE(chaos_does_not_repair_what_the_test_has_cut) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        simulation world{{.seed = seed}};
        world.chaos(2);
        world.link("client", "server").cut();
        world.host("server").service(serve);
        world.host("client").run([] {
            BOOST_CHECK_EXCEPTION(connect_to("server", "4000"), std::system_error,
                [](std::system_error const& e) { return e.code() == std::errc::timed_out; });
        });
        world.run();
    }
}

BOOST_AUTO_TEST_CASE(a_crashed_host_that_is_killed_stays_without_power) {
    simulation world;
    auto server = world.host("server");
    server.service(serve);
    world.at(1s, [&] {
        server.crash();
        server.kill();
    });
    world.host("client").run([] {
        std::this_thread::sleep_for(2s);
        BOOST_CHECK_EXCEPTION(connect_to("server", "4000"), std::system_error,
            [](std::system_error const& e) { return e.code() == std::errc::timed_out; });
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(connections_wait_while_a_link_is_held) {
    simulation world;
    world.host("server").service(serve);
    world.at(500ms, [&] { world.link("client", "server").hold(); });
    world.at(1h, [&] { world.link("client", "server").release(); });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        auto const start = now();
        {
            handle const given_up(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
            resolved const at("server", "4000", SOCK_STREAM, AF_INET);
            ::connect(given_up, at.first->ai_addr, at.first->ai_addrlen);
            std::this_thread::sleep_for(1s); // Its first packet is held, and then it is closed.
        }
        connect_to("server", "4000");
        BOOST_TEST((now() - start > 59min));
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_lock_of_a_killed_host_is_released) {
    std::mutex shared;
    simulation world;
    auto victim = world.host("victim");
    victim.service([&] {
        std::scoped_lock const l(shared);
        std::this_thread::sleep_for(1min);
    });
    world.at(30s, [&] { victim.kill(); });
    world.host("other").run([&] {
        std::this_thread::sleep_for(40s);
        std::scoped_lock const l(shared);
    });
    world.run();
    BOOST_TEST((world.now() >= 1min));
    BOOST_TEST(shared.try_lock());
    shared.unlock();
}

BOOST_AUTO_TEST_CASE(exit_ends_a_host_and_not_the_test) {
    simulation world;
    bool after = false;
    for (auto const& [name, function] : {std::pair("exit", &std::exit), {"_Exit", &std::_Exit}})
        world.host(name).run([&after, leave = function] {
            leave(0);
            after = true;
        });
    world.run();
    BOOST_TEST(!after);
}

BOOST_AUTO_TEST_CASE(exit_with_a_failure_ends_the_run) {
    using function = void (*)(int);
    for (function const leave :
        std::initializer_list<function>{&std::exit, &std::_Exit, &::_exit, &std::quick_exit}) {
        simulation world;
        world.host("one").run([leave] { leave(3); });
        BOOST_CHECK_EXCEPTION(world.run(), simulation_error, [](simulation_error const& e) {
            return std::string(e.what()).find("host \"one\" called exit(3)") != std::string::npos;
        });
        BOOST_CHECK_THROW(world.run(), simulation_error); // It can't go on.
    }
}

BOOST_AUTO_TEST_CASE(a_restart_ends_what_still_runs) {
    simulation world;
    auto server = world.host("server");
    server.service(serve);
    world.every(10s, [&] { server.restart(); });
    world.host("client").run([] {
        std::this_thread::sleep_for(95s);
        BOOST_TEST(ask_until_answered("hello") >= 1);
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(a_program_can_do_something_to_the_world) {
    simulation world;
    auto server = world.host("server");
    int starts = 0;
    bool after = false;
    server.service([&] {
        if (++starts == 2)
            return serve();
        world.at(world.now() + 10s, [&] { server.restart(); });
        world.link("client", "server").latency(1ms);
        server.crash();
        after = true;
    });
    world.host("client").run([&] {
        BOOST_TEST(ask_until_answered("hello") >= 1);
        BOOST_CHECK_THROW(world.run(), simulation_error);
    });
    world.run();
    BOOST_TEST(starts == 2);
    BOOST_TEST(!after);
}

BOOST_AUTO_TEST_CASE(names_that_are_wrong_are_errors) {
    {
        simulation world;
        world.host("server").service(serve);
        world.partition({"server"}, {"clinet"});
        BOOST_CHECK_THROW(world.run(), simulation_error);
    }
    simulation world;
    BOOST_CHECK_THROW(world.host("servr").crash(), std::logic_error);
    for (char const* const name : {"", "localhost", "10.0.0.7", "fd00::7"})
        BOOST_CHECK_THROW(world.host(name), std::invalid_argument);
    BOOST_CHECK_THROW(world.host("one").run({}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(descriptors_run_out) {
    simulation world;
    auto host = world.host("one");
    host.descriptor_limit(5);
    host.run([] {
        std::vector<handle> sockets;
        for (int i = 0; i < 5; ++i)
            sockets.emplace_back(::socket(AF_INET, SOCK_STREAM, 0));
        BOOST_TEST(error_of([] { return ::socket(AF_INET, SOCK_STREAM, 0); }) == EMFILE);
        sockets.pop_back();
        sockets.emplace_back(::socket(AF_INET, SOCK_DGRAM, 0));
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(clocks_jump_and_differ) {
    simulation world;
    auto slow = world.host("slow");
    slow.clock_rate(0.5);
    auto jumping = world.host("jumping");
    world.at(1h, [&] { jumping.jump_clock(-24h); });
    slow.run([] {
        std::this_thread::sleep_for(1h); // Two hours of the world.
    });
    jumping.run([] {
        auto const steady = std::chrono::steady_clock::now();
        auto const system = std::chrono::system_clock::now();
        std::this_thread::sleep_for(2h);
        auto const elapsed = std::chrono::steady_clock::now() - steady;
        BOOST_TEST((elapsed >= 2h && elapsed < 2h + 1s));
        BOOST_TEST((std::chrono::system_clock::now() < system - 20h));
    });
    world.run();
    BOOST_TEST((world.now() >= 2h && world.now() < 2h + 1min));
}

BOOST_AUTO_TEST_CASE(datagrams_arrive_twice_and_out_of_order) {
    simulation world;
    world.link("client", "server").duplication(0.3).latency(1ms, 50ms);
    std::vector<int> received;
    world.host("server").service([&] {
        handle const s(::socket(AF_INET, SOCK_DGRAM, 0));
        sockaddr_in any{};
        any.sin_family = AF_INET;
        any.sin_port = htons(53);
        checked(::bind(s, reinterpret_cast<sockaddr*>(&any), sizeof(any)));
        for (int number; ::recv(s, &number, sizeof(number), 0) > 0;)
            received.push_back(number);
    });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        resolved const at("server", "53", SOCK_DGRAM, AF_INET);
        handle const s(::socket(AF_INET, SOCK_DGRAM, 0));
        for (int number = 0; number < 100; ++number) {
            ::sendto(s, &number, sizeof(number), 0, at.first->ai_addr, at.first->ai_addrlen);
            std::this_thread::sleep_for(1ms);
        }
        std::this_thread::sleep_for(1s);
    });
    world.run();
    BOOST_TEST(received.size() > 110u);
    BOOST_TEST(std::set(received.begin(), received.end()).size() == 100u);
    BOOST_TEST(!std::is_sorted(received.begin(), received.end()));
}

BOOST_AUTO_TEST_CASE(programs_that_try_again_get_through_chaos) {
    for (int level = 1; level <= 3; ++level) {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            std::uint64_t hashes[2];
            for (auto& hash : hashes) {
                simulation world{{.seed = seed}};
                world.chaos(level);
                world.host("server").service(serve);
                world.host("client").run([] {
                    for (int i = 0; i < 20; ++i) {
                        ask_until_answered(std::string(1000, 'x'));
                        std::this_thread::sleep_for(5s);
                    }
                });
                world.run();
                hash = world.trace_hash();
            }
            BOOST_TEST(hashes[0] == hashes[1]);
        }
    }
}

BOOST_AUTO_TEST_CASE(chaos_hides_no_deadlock) {
    simulation world;
    world.chaos(3);
    world.every(1s, [] {});
    std::mutex m;
    m.lock();
    world.host("one").run([&] { m.lock(); });
    BOOST_CHECK_THROW(world.run(), boost_selectors::simulation_error);
    m.unlock();
}

BOOST_AUTO_TEST_CASE(bad_faults_are_refused) {
    simulation world;
    auto way = world.link("a", "b");
    BOOST_CHECK_THROW(way.loss(1.1), std::invalid_argument);
    BOOST_CHECK_THROW(way.duplication(-0.1), std::invalid_argument);
    BOOST_CHECK_THROW(way.latency(-1s), std::invalid_argument);
    BOOST_CHECK_THROW(way.latency(2s, 1s), std::invalid_argument);
    BOOST_CHECK_THROW(world.host("a").clock_rate(0), std::invalid_argument);
    BOOST_CHECK_THROW(world.chaos(4), std::invalid_argument);
    BOOST_CHECK_THROW(world.every(0s, [] {}), std::invalid_argument);
}

} // namespace
