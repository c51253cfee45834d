// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Two hosts that wait for hours and speak over TCP. It fails if any of its calls, or of the C++
// library's, goes to the real system.

#include <boost_selectors/simulation.hpp>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <future>
#include <iostream>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <random>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

void expect(bool condition, char const* what) {
    if (!condition)
        throw std::runtime_error(what);
}

/// The compiler must not know the size, so that _FORTIFY_SOURCE checks it when the program runs.
std::size_t volatile message_size = 5;

sockaddr_in server_address() {
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_port = htons(4000);
    a.sin_addr.s_addr = htonl(0x0a000001);
    return a;
}

/// Calls close() by its address, which is in the program itself if that is not position independent.
void close_handle(int handle) {
    int (*volatile const f)(int) = ::close;
    f(handle);
}

void serve() {
    int const listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in const at = server_address();
    expect(::bind(listener, reinterpret_cast<sockaddr const*>(&at), sizeof(at)) == 0, "bind");
    expect(::listen(listener, 1) == 0, "listen");
    int const s = ::accept(listener, nullptr, nullptr);
    expect(s >= 0, "accept");
    char text[8];
    expect(::read(s, text, message_size) == 5, "read");
    std::this_thread::sleep_for(1h);
    expect(::send(s, text, message_size, MSG_NOSIGNAL) == 5, "send");
    close_handle(s);
    close_handle(listener);
}

void wait() {
    auto const begin = clock_type::now();
    auto const system_begin = std::chrono::system_clock::now();
    std::this_thread::sleep_for(1h);
    expect(clock_type::now() - begin >= 1h, "sleep_for");
    ::sleep(3600);
    expect(clock_type::now() - begin >= 2h, "sleep");

    std::mutex m;
    std::condition_variable never;
    std::unique_lock l(m);
    expect(!never.wait_for(l, 1h, [] { return false; }), "condition_variable");
    auto result = std::async(std::launch::async, [] {
        std::this_thread::sleep_for(2h);
        return 7;
    });
    expect(result.wait_for(1h) == std::future_status::timeout, "the future was ready");
    expect(result.get() == 7, "future");
    expect(clock_type::now() - begin >= 5h && clock_type::now() - begin < 6h, "steady_clock");
    expect(std::chrono::system_clock::now() - system_begin >= 5h, "system_clock");
}

void ask() {
    int const s = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in const at = server_address();
    expect(::connect(s, reinterpret_cast<sockaddr const*>(&at), sizeof(at)) == 0, "connect");
    expect(::fcntl(s, F_SETFL, ::fcntl(s, F_GETFL) | O_NONBLOCK) == 0, "fcntl");
    char text[8];
    expect(::recv(s, text, message_size, 0) == -1 && errno == EAGAIN, "it is blocking");
    expect(::write(s, "hello", 5) == 5, "write");
    pollfd handles[1] = {{s, POLLIN, 0}};
    expect(::poll(handles, message_size - 4, 7'200'000) == 1, "poll");
    expect(::recv(s, text, message_size, 0) == 5, "recv");
    expect(std::string(text, 5) == "hello", "the answer is another one");
    close_handle(s);
}

/// What a run depends on nothing but the seed for.
struct outcome {
    std::uint64_t hash = 0;
    unsigned random = 0;
};

outcome run() {
    outcome result;
    boost_selectors::simulation world;
    world.host("server").run(serve);
    world.host("client").run([&] {
        std::this_thread::sleep_for(1s);
        ask();
        wait();
        result.random = std::random_device{}();
    });
    world.run();
    expect(world.now() >= 6h, "virtual time did not pass");
    result.hash = world.trace_hash();
    return result;
}

/// Exceptions of the simulation, and of a program, come out of run().
void fail() {
    try {
        boost_selectors::simulation world;
        world.host("one").run([] { std::promise<void>{}.get_future().wait(); });
        world.run();
        expect(false, "no deadlock");
    } catch (boost_selectors::simulation_error const&) {
    }
    try {
        boost_selectors::simulation world;
        world.host("one").run([] { throw std::out_of_range("planted"); });
        world.run();
        expect(false, "no exception");
    } catch (std::out_of_range const&) {
    }
}

} // namespace

int main() {
    try {
        auto const begin = clock_type::now();
        fail();
        outcome const first = run();
        outcome const second = run();
        expect(first.random == second.random, "random_device does not follow from the seed");
        expect(first.hash == second.hash, "two runs differ");
        expect(clock_type::now() - begin < 1min, "real time passed");
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return EXIT_FAILURE;
    }
    std::cout << "six hours have passed twice\n";
}
