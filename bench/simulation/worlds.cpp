// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How fast worlds run. Each iteration is a world from its making to its end.

#include <algorithm>
#include <array>
#include <benchmark/benchmark.h>
#include <boost/asio.hpp>
#include <boost_selectors/explore.hpp>
#include <boost_selectors/simulation.hpp>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;
using boost_selectors::simulated_host;
using boost_selectors::simulation;
using namespace std::chrono_literals;

std::string numbered(char const* name, std::int64_t number) {
    return name + std::to_string(number);
}

/// How often one thread has made way for another.
long switches() {
    rusage use{};
    ::getrusage(RUSAGE_SELF, &use);
    return use.ru_nvcsw + use.ru_nivcsw;
}

benchmark::Counter per_second(double n) {
    return {n, benchmark::Counter::kIsRate};
}

// Timeouts

void ten_timeouts_of_an_hour(benchmark::State& state) {
    for (auto _ : state) {
        simulation world;
        world.host("one").run([] {
            asio::io_context context;
            asio::steady_timer timer(context);
            for (int i = 0; i < 10; ++i) {
                timer.expires_after(1h);
                timer.wait();
            }
        });
        world.run();
    }
}
BENCHMARK(ten_timeouts_of_an_hour)->Unit(benchmark::kMillisecond)->UseRealTime();

// Heartbeats: connections that each send eight bytes, wait for the answer, and sleep for a second.

asio::awaitable<void> echo(tcp::socket socket) try {
    std::array<char, 64> bytes;
    for (;;) {
        std::size_t const n = co_await socket.async_read_some(asio::buffer(bytes), use_awaitable);
        co_await asio::async_write(socket, asio::buffer(bytes, n), use_awaitable);
    }
} catch (boost::system::system_error const&) { // The client has closed.
}

asio::awaitable<void> accept(tcp::acceptor& acceptor) {
    for (;;)
        asio::co_spawn(acceptor.get_executor(), echo(co_await acceptor.async_accept(use_awaitable)),
            asio::detached);
}

void serve() {
    asio::io_context context(1);
    tcp::acceptor acceptor(context, {tcp::v4(), 4000});
    asio::co_spawn(context, accept(acceptor), asio::detached);
    context.run();
}

struct heartbeats {
    std::int64_t hosts;       ///< Of clients.
    std::int64_t connections; ///< Of each.
    std::chrono::seconds length;
    std::int64_t beats = 0;

    asio::awaitable<void> beat(asio::io_context& context) {
        tcp::socket socket(context);
        co_await asio::async_connect(socket,
            co_await tcp::resolver(context).async_resolve("server", "4000", use_awaitable),
            use_awaitable);
        asio::steady_timer timer(context);
        for (auto i = 0s; i < length; ++i) {
            std::array<char, 8> bytes{};
            co_await asio::async_write(socket, asio::buffer(bytes), use_awaitable);
            co_await asio::async_read(socket, asio::buffer(bytes), use_awaitable);
            ++beats;
            timer.expires_after(1s);
            co_await timer.async_wait(use_awaitable);
        }
    }

    void run() {
        simulation world;
        world.host("server").service(serve);
        for (std::int64_t i = 0; i < hosts; ++i)
            world.host(numbered("client", i)).run([this] {
                asio::io_context context(1);
                for (std::int64_t c = 0; c < connections; ++c)
                    asio::co_spawn(context, beat(context), asio::detached);
                context.run();
            });
        world.run();
    }

    /// Counts heartbeats and the seconds of virtual time that pass in one second.
    void measure(benchmark::State& state) {
        long const before = switches();
        double virtual_time = 0;
        for (auto _ : state) {
            run();
            virtual_time += static_cast<double>(length.count());
        }
        auto const n = static_cast<double>(beats);
        state.counters["heartbeats"] = per_second(n);
        state.counters["times_real_time"] = per_second(virtual_time);
        state.counters["switches_each"] = static_cast<double>(switches() - before) / n;
    }
};

void five_hosts_100_connections(benchmark::State& state) {
    heartbeats{4, 25, 600s}.measure(state);
}
BENCHMARK(five_hosts_100_connections)->Unit(benchmark::kMillisecond)->UseRealTime();

void hosts(benchmark::State& state) {
    heartbeats{state.range(), 1, std::chrono::seconds(std::max(60L, 10'000 / state.range()))}
        .measure(state);
}
BENCHMARK(hosts)
    ->RangeMultiplier(10)
    ->Range(1, 1'000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void connections(benchmark::State& state) {
    heartbeats{1, state.range(), std::chrono::seconds(std::max(20L, 10'000 / state.range()))}
        .measure(state);
}
BENCHMARK(connections)
    ->RangeMultiplier(10)
    ->Range(1, 10'000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

// Threads: each gives way to the others again and again.

void threads(benchmark::State& state) {
    constexpr std::int64_t rounds = 50'000;
    long const before = switches();
    for (auto _ : state) {
        simulation world;
        world.host("one").run([&] {
            std::vector<std::jthread> all;
            for (std::int64_t i = 0; i < state.range(); ++i)
                all.emplace_back([&] {
                    for (std::int64_t n = rounds / state.range(); n > 0; --n)
                        std::this_thread::yield();
                });
        });
        world.run();
    }
    state.counters["switches"] = per_second(static_cast<double>(switches() - before));
}
BENCHMARK(threads)
    ->Arg(2)
    ->Arg(20)
    ->Arg(200)
    ->Arg(2'000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

// Calls of sockets: without a switch, and with one for each answer that is waited for.

void socket_calls(benchmark::State& state) {
    std::int64_t calls = 0;
    for (auto _ : state) {
        simulation world;
        world.host("one").run([&] {
            int pair[2];
            if (::socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
                std::abort();
            for (int i = 0; i < 100'000; ++i, calls += 2) {
                char byte = 0;
                if (::send(pair[0], &byte, 1, 0) != 1 || ::recv(pair[1], &byte, 1, 0) != 1)
                    std::abort();
            }
            ::close(pair[0]);
            ::close(pair[1]);
        });
        world.run();
    }
    state.counters["calls"] = per_second(static_cast<double>(calls));
}
BENCHMARK(socket_calls)->Unit(benchmark::kMillisecond)->UseRealTime();

// Seeds: a child process for each.

void seeds(benchmark::State& state) {
    for (auto _ : state) {
        auto const found = boost_selectors::explore(
            static_cast<std::uint64_t>(state.range()), [](std::uint64_t seed) {
                simulation world{{.seed = seed}};
                world.host("server").service(serve);
                world.host("client").run([] {
                    heartbeats one{1, 1, 10s};
                    asio::io_context context(1);
                    asio::co_spawn(context, one.beat(context), asio::detached);
                    context.run();
                });
                world.run();
            });
        if (!found.failed.empty())
            std::abort();
    }
    state.counters["seeds"] = benchmark::Counter(
        static_cast<double>(state.range()), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(seeds)
    ->RangeMultiplier(10)
    ->Range(10, 1'000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

} // namespace

BENCHMARK_MAIN();
