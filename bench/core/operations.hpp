// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_BENCH_CORE_OPERATIONS_HPP
#define BOOST_SELECTORS_BENCH_CORE_OPERATIONS_HPP

// The cost of the core's operations, and of its peers': <operation>/<candidate>[/N].
//
//   register     a handle is registered and unregistered
//   modify       a handle's interest changes
//   select       N handles are registered, one in a hundred is ready (but at least one)
//   iteration    a handle is registered, a wait finds it ready, it is unregistered
//   wakeup       two threads wake one another in turn
//
// Each candidate has the same functions: add(fd), change(fd, write), remove(fd), and poll(), which
// returns how many events it found; some have sleep() and wake(), too.

#include <atomic>
#include <benchmark/benchmark.h>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace core_benchmark {

using benchmark::State;

inline int checked(int result, char const* what) {
    if (result < 0) {
        std::perror(what);
        std::exit(1);
    }
    return result;
}

/// A writable descriptor that can be made readable.
class signal_fd {
public:
    explicit signal_fd(bool readable = false)
        : fd_(checked(::eventfd(readable, EFD_NONBLOCK), "eventfd")) {}
    signal_fd(signal_fd&& other) noexcept
        : fd_(std::exchange(other.fd_, -1)) {}
    signal_fd& operator=(signal_fd&&) = delete;
    ~signal_fd() {
        if (fd_ != -1)
            ::close(fd_);
    }

    int get() const { return fd_; }
    void set() const { checked(::eventfd_write(fd_, 1), "eventfd_write"); }
    void reset() const {
        eventfd_t value;
        checked(::eventfd_read(fd_, &value), "eventfd_read");
    }

private:
    int fd_;
};

inline std::vector<signal_fd> make_fds(State const& state) {
    auto const n = state.range(0);
    std::vector<signal_fd> fds;
    for (int i = 0; i < n; ++i)
        fds.emplace_back(i % 100 == 0);
    return fds;
}

template <class Make>
void register_and_unregister(State& state, Make make) {
    auto candidate = make();
    signal_fd const fd;
    for (auto _ : state) {
        candidate->add(fd.get());
        candidate->remove(fd.get());
    }
}

template <class Make>
void modify(State& state, Make make) {
    auto candidate = make();
    signal_fd const fd;
    candidate->add(fd.get());
    bool write = false;
    for (auto _ : state)
        candidate->change(fd.get(), write = !write);
    candidate->remove(fd.get());
}

template <class Make>
void select(State& state, Make make) {
    auto candidate = make();
    auto const fds = make_fds(state);
    for (signal_fd const& fd : fds)
        candidate->add(fd.get());
    int n = 0;
    for (int i = 0; i < 10; ++i) // Warms up: the event lists grow.
        n = candidate->poll();
    for (auto _ : state)
        n = candidate->poll();
    for (signal_fd const& fd : fds)
        candidate->remove(fd.get());
    if (n != static_cast<int>(fds.size() + 99) / 100)
        state.SkipWithError("not all that was ready was found");
}

template <class Make>
void iteration(State& state, Make make) {
    auto candidate = make();
    signal_fd const fd(true);
    int n = 0;
    for (auto _ : state) {
        candidate->add(fd.get());
        n = candidate->poll();
        candidate->remove(fd.get());
    }
    if (n != 1)
        state.SkipWithError("what was ready was not found");
}

template <class Make>
void wakeup(State& state, Make make) {
    auto here = make();
    auto there = make();
    std::atomic<bool> end = false;
    std::jthread const other([&] {
        while (true) {
            there->sleep();
            if (end)
                return;
            here->wake();
        }
    });
    for (auto _ : state) {
        there->wake();
        here->sleep();
    }
    end = true;
    there->wake();
}

template <class Make>
void add_candidate(std::string const& name, Make make) {
    auto const add = [&](char const* operation, auto function) {
        return benchmark::RegisterBenchmark((operation + ("/" + name)).c_str(),
            [function, make](State& state) { function(state, make); });
    };
    add("register", &register_and_unregister<Make>);
    add("modify", &modify<Make>);
    add("select", &select<Make>)->Arg(1)->Arg(100)->Arg(10'000);
    add("iteration", &iteration<Make>);
    if constexpr (requires { make()->wake(); })
        add("wakeup", &wakeup<Make>)->UseRealTime();
}

/// Runs the operations of the candidates that were added.
inline int run(int argc, char** argv) {
    rlimit limit;
    checked(::getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
    limit.rlim_cur = limit.rlim_max;
    checked(::setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}

} // namespace core_benchmark

#endif
