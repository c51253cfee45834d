// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Many seeds: what fails is found, said, and repeated.

#define BOOST_TEST_MODULE simulation_explore
#include "repeated.hpp"
#include <atomic>
#include <boost/test/results_collector.hpp>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/simulation.hpp>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

// GCC defines a macro; Clang has a feature.
#if defined(__SANITIZE_ADDRESS__)
#    define HAS_ADDRESS_SANITIZER
#elif defined(__has_feature)
#    if __has_feature(address_sanitizer)
#        define HAS_ADDRESS_SANITIZER
#    endif
#endif

namespace {

using namespace std::chrono_literals;
using namespace boost_selectors;

bool has_failed() {
    return !boost::unit_test::results_collector
                .results(boost::unit_test::framework::current_test_case().p_id)
                .passed();
}

explore_options const by_boost_test{.most_failures = 1000, .failed = has_failed};

/// Adds without a lock: with some seeds an addition is lost.
int add_in_two_threads() {
    int sum = 0;
    auto const add = [&] {
        int const before = sum;
        std::this_thread::yield();
        sum = before + 1;
    };
    std::thread one(add);
    std::thread other(add);
    one.join();
    other.join();
    return sum;
}

/// What a function prints on standard error.
class printed {
public:
    template <class F>
    explicit printed(F f) {
        std::fflush(stderr);
        int const old = ::dup(STDERR_FILENO);
        int const file = ::memfd_create("printed", MFD_CLOEXEC);
        ::dup2(file, STDERR_FILENO);
        f();
        std::fflush(stderr);
        ::dup2(old, STDERR_FILENO);
        ::close(old);
        text_.resize(static_cast<std::size_t>(::lseek(file, 0, SEEK_END)));
        BOOST_TEST(
            ::pread(file, text_.data(), text_.size(), 0) == static_cast<ssize_t>(text_.size()));
        ::close(file);
        BOOST_TEST_MESSAGE(text_);
    }

    bool has(std::string const& part) const { return text_.find(part) != std::string::npos; }

private:
    std::string text_;
};

void run(std::uint64_t seed, std::function<void()> program) {
    simulation world{{.seed = seed}};
    world.host("one").run(std::move(program));
    world.run();
}

BOOST_AUTO_TEST_CASE(seeds_that_pass_are_counted) {
    auto const found =
        explore(50, [](std::uint64_t seed) { run(seed, [] { std::this_thread::sleep_for(1h); }); });
    BOOST_TEST(found.seeds == 50u);
    BOOST_TEST(found.failed.empty());
    BOOST_TEST((found.virtual_time >= 50h));
}

BOOST_AUTO_TEST_CASE(a_simulation_of_the_test_itself_is_none_of_the_seeds) {
    run(1, [] { std::this_thread::sleep_for(1000h); });
    auto const found =
        explore(2, [](std::uint64_t seed) { run(seed, [] { std::this_thread::sleep_for(1h); }); });
    BOOST_TEST((found.virtual_time >= 2h && found.virtual_time < 3h));
}

BOOST_AUTO_TEST_CASE(an_addition_that_is_lost_is_found_by_a_check) {
    auto const found = explore(
        100, [](std::uint64_t seed) { run(seed, [] { BOOST_TEST(add_in_two_threads() == 2); }); },
        by_boost_test);
    BOOST_TEST(!found.failed.empty());
    BOOST_TEST(found.failed.size() < 100u);
    BOOST_TEST(found.unrepeatable.empty());
}

BOOST_AUTO_TEST_CASE(and_by_a_requirement_and_by_an_exception) {
    auto const by_requirement = explore(
        20,
        [](std::uint64_t seed) {
            run(seed, [] { BOOST_TEST_REQUIRE(add_in_two_threads() == 2); });
        },
        by_boost_test);
    auto const by_exception = explore(
        20,
        [](std::uint64_t seed) {
            run(seed, [] {
                if (add_in_two_threads() != 2)
                    throw std::logic_error("an addition was lost");
            });
        },
        by_boost_test);
    BOOST_TEST(!by_requirement.failed.empty());
    BOOST_TEST(by_requirement.failed == by_exception.failed, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(after_enough_failures_it_stops) {
    explore_options options;
    options.most_failures = 3;
    options.jobs = 1;
    auto const found = explore(
        100, [](std::uint64_t) { throw std::logic_error("always"); }, options);
    BOOST_TEST(found.failed.size() == 3u);
    BOOST_TEST(found.seeds == 3u);
}

BOOST_AUTO_TEST_CASE(a_crash_of_the_process_is_a_failure_of_its_seed) {
    auto const found = explore(4, [](std::uint64_t seed) {
        run(seed, [seed] {
            if (seed == 3)
                ::signal(SIGABRT, SIG_DFL), std::abort();
        });
    });
    BOOST_TEST(found.failed == std::vector<std::uint64_t>{3}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_child_of_the_test_reports_nothing) {
    auto const found = explore(3, [](std::uint64_t) {
        if (::fork() == 0)
            return;
        ::wait(nullptr);
        throw std::runtime_error("the test");
    });
    BOOST_TEST(found.failed.size() == 3u);
}

BOOST_AUTO_TEST_CASE(the_parent_may_ignore_its_children) {
    std::signal(SIGCHLD, SIG_IGN);
    auto const found = explore(3, [](std::uint64_t) {});
    BOOST_TEST(found.seeds == 3u);
    BOOST_TEST((std::signal(SIGCHLD, SIG_DFL) == SIG_IGN));
}

BOOST_AUTO_TEST_CASE(what_is_printed_says_where_a_seed_failed) {
    printed const text([] {
        explore(1, [](std::uint64_t seed) {
            simulation world{{.seed = seed}};
            world.host("one").run([] {
                std::this_thread::sleep_for(3s);
                std::printf("a line that is not flushed\n");
                std::abort();
            });
            world.at(1s, [&] { world.host("one").jump_clock(1h); });
            world.run();
        });
        explore(1, [](std::uint64_t) { std::fwrite("a\0b", 1, 3, stderr); });
    });
    BOOST_TEST(text.has("a line that is not flushed"));
    BOOST_TEST(text.has("host \"one\", thread 1"));
    BOOST_TEST(text.has("1.000000000 s  clock is set: one"));
    BOOST_TEST(text.has("has not failed, but has printed"));
    BOOST_TEST(text.has(std::string("a\0b", 3)));
}

#if defined(HAS_ADDRESS_SANITIZER)
BOOST_AUTO_TEST_CASE(address_sanitizer_knows_the_threads_of_hosts) {
    printed const text([] {
        explore(1, [](std::uint64_t seed) {
            run(seed, [] {
                auto* const p = new int(3);
                delete p;
                *const_cast<int volatile*>(p) = 4;
            });
        });
    });
    BOOST_TEST(text.has("heap-use-after-free"));
    BOOST_TEST(text.has("freed by thread"));
    BOOST_TEST(text.has("previously allocated by thread"));
    BOOST_TEST(!text.has("T-1"));
    BOOST_TEST(text.has("it was at"));
}
#endif

BOOST_AUTO_TEST_CASE(a_seed_that_takes_too_long_has_failed) {
    explore_options options;
    options.limit = 1s;
    auto const found = explore(
        1, [](std::uint64_t) { std::this_thread::sleep_for(1h); }, options);
    BOOST_TEST(found.failed.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_depends_on_something_else_is_named) {
    auto const found = explore(1, [](std::uint64_t seed) {
        simulation world{{.seed = seed}};
        auto const real_time = std::chrono::steady_clock::now().time_since_epoch().count();
        world.host("one").run([=] {
            std::this_thread::sleep_for(std::chrono::nanoseconds(real_time % 1'000'000));
            throw std::logic_error("so that it is repeated");
        });
        world.run();
    });
    BOOST_TEST(found.failed.size() == 1u);
    BOOST_TEST(found.unrepeatable.size() == 1u);
}

BOOST_AUTO_TEST_CASE(one_seed_runs_in_this_process) {
    ::setenv("BOOST_SELECTORS_SEED", "4711", 1);
    std::uint64_t ran = 0;
    auto const found = explore(1000, [&](std::uint64_t seed) { ran = seed; });
    BOOST_TEST(ran == 4711u);
    BOOST_TEST(found.seeds == 1u);
    ::setenv("BOOST_SELECTORS_SEED", "seven", 1);
    BOOST_CHECK_THROW(explore(1, [](std::uint64_t) {}), simulation_error);
    ::unsetenv("BOOST_SELECTORS_SEED");
}

BOOST_AUTO_TEST_CASE(a_parent_with_threads_can_explore) {
    std::atomic<bool> runs{false};
    std::jthread const other([&](std::stop_token stop) {
        runs = true;
        while (!stop.stop_requested())
            std::this_thread::sleep_for(1ms);
    });
    while (
        !runs) // A thread that begins has locks of AddressSanitizer, which a child would inherit.
        std::this_thread::sleep_for(1ms);
    auto const found =
        explore(20, [](std::uint64_t seed) { run(seed, [] { add_in_two_threads(); }); });
    BOOST_TEST(found.failed.empty());
    auto const by_check = explore(
        20, [](std::uint64_t seed) { run(seed, [] { BOOST_TEST(add_in_two_threads() == 2); }); },
        by_boost_test);
    auto const by_requirement = explore(
        20, [](std::uint64_t seed) { run(seed, [] { BOOST_REQUIRE(add_in_two_threads() == 2); }); },
        by_boost_test);
    BOOST_TEST(!by_check.failed.empty());
    BOOST_TEST(by_check.unrepeatable.empty());
    BOOST_TEST(by_check.failed == by_requirement.failed, boost::test_tools::per_element());
}

/// Threads that nobody joins leave their stacks and their memory to the next ones.
BOOST_AUTO_TEST_CASE(threads_get_the_same_addresses_each_time) {
    check_seeds(10, [](std::uint64_t seed) {
        std::uint64_t addresses = 0;
        simulation world{{.seed = seed}};
        world.host("one").run([&] {
            for (int i = 0; i < 100; ++i) {
                std::thread([&] {
                    auto const memory = std::make_unique<int>();
                    for (void const* const p :
                        {static_cast<void const*>(&memory), static_cast<void const*>(memory.get())})
                        addresses = addresses * 31 + reinterpret_cast<std::uintptr_t>(p);
                }).detach();
                if (i % 3 == 0)
                    std::this_thread::sleep_for(1ms);
            }
            std::this_thread::sleep_for(1s);
        });
        world.run();
        return world.trace_hash() ^ addresses;
    });
}

#if !defined(HAS_ADDRESS_SANITIZER) // With it, the other thread must not allocate memory.
BOOST_AUTO_TEST_CASE(threads_of_the_parent_may_wait_for_condition_variables) {
    std::atomic<bool> runs{false};
    std::jthread const other([&](std::stop_token stop) {
        std::mutex m;
        std::condition_variable never;
        std::unique_lock lock(m);
        for (runs = true; !stop.stop_requested();)
            never.wait_until(lock, std::chrono::steady_clock::time_point{});
    });
    while (!runs)
        std::this_thread::sleep_for(1ms);
    explore_options options;
    options.limit = 10s;
    auto const found = explore(
        1'000,
        [](std::uint64_t seed) {
            run(seed, [] { std::thread([] { std::this_thread::sleep_for(1s); }).join(); });
        },
        options);
    BOOST_TEST(found.failed.empty());
}
#endif

BOOST_AUTO_TEST_CASE(it_is_refused_within_a_simulation) {
    simulation const world;
    BOOST_CHECK_THROW(explore(1, [](std::uint64_t) {}), simulation_error);
}

} // namespace
