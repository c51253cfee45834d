// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Programs that wait in one way each: they come to their end, and a seed gives the same trace each time.

#define BOOST_TEST_MODULE simulation_waiting
#include <atomic>
#include <barrier>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/simulation.hpp>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <fcntl.h>
#include <future>
#include <latch>
#include <mutex>
#include <ostream>
#include <pthread.h>
#include <semaphore.h>
#include <semaphore>
#include <set>
#include <shared_mutex>
#include <stop_token>
#include <sys/socket.h>
#include <thread>
#include <threads.h>
#include <vector>

namespace {

using namespace std::chrono_literals;
using boost_selectors::simulation;
using boost_selectors::simulation_error;

/// Threads that call `f(number)`, and are joined.
template <class F>
void in_threads(int count, F f) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < count; ++i)
        threads.emplace_back([&f, i] { f(i); });
}

/// Adds from several threads under a lock.
template <class Lock, class Unlock>
void count_under(Lock lock, Unlock unlock) {
    int counted = 0;
    in_threads(4, [&](int) {
        for (int i = 0; i < 20; ++i) {
            lock();
            int const before = counted;
            std::this_thread::sleep_for(1us);
            counted = before + 1;
            unlock();
        }
    });
    BOOST_TEST(counted == 80);
}

template <class Mutex>
void count_under() {
    Mutex m;
    count_under([&] { m.lock(); }, [&] { m.unlock(); });
}

void recursive_mutex() {
    std::recursive_mutex m;
    count_under(
        [&] {
            m.lock();
            m.lock();
        },
        [&] {
            m.unlock();
            m.unlock();
        });
}

/// A lock that is tried by others must not look free while its owner waits for something else.
void recursive_mutex_of_a_blocked_owner() {
    std::recursive_mutex m;
    std::atomic<bool> holds{false};
    std::jthread const owner([&] {
        std::scoped_lock const lock(m);
        holds = true;
        std::this_thread::sleep_for(1h);
        holds = false;
    });
    std::this_thread::sleep_for(1min);
    BOOST_TEST(holds.load());
    std::scoped_lock const lock(m);
    BOOST_TEST(!holds.load());
}

void timed_mutex() {
    std::timed_mutex m;
    m.lock();
    std::jthread const other([&] {
        auto const start = std::chrono::steady_clock::now();
        BOOST_TEST(!m.try_lock_for(10s));
        BOOST_TEST((std::chrono::steady_clock::now() - start >= 10s));
        BOOST_TEST(m.try_lock_until(std::chrono::system_clock::now() + 1h));
        m.unlock();
    });
    std::this_thread::sleep_for(1min);
    m.unlock();
}

void error_checking_mutex() {
    pthread_mutexattr_t attributes;
    ::pthread_mutexattr_init(&attributes);
    ::pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_t m;
    ::pthread_mutex_init(&m, &attributes);
    BOOST_TEST(::pthread_mutex_lock(&m) == 0);
    BOOST_TEST(::pthread_mutex_lock(&m) == EDEADLK);
    std::jthread([&] { BOOST_TEST(::pthread_mutex_unlock(&m) == EPERM); }).join();
    BOOST_TEST(::pthread_mutex_unlock(&m) == 0);
    ::pthread_mutex_destroy(&m);
}

void shared_mutex() {
    std::shared_mutex m;
    int value = 0;
    in_threads(6, [&](int number) {
        for (int i = 0; i < 10; ++i) {
            if (number < 2) {
                std::unique_lock const lock(m);
                ++value;
                std::this_thread::sleep_for(1us);
            } else {
                std::shared_lock const lock(m);
                int const seen = value;
                std::this_thread::sleep_for(1us);
                BOOST_TEST(seen == value);
            }
        }
    });
    BOOST_TEST(value == 20);
}

void shared_timed_mutex() {
    std::shared_timed_mutex m;
    m.lock_shared();
    std::jthread([&] {
        BOOST_TEST(m.try_lock_shared_for(1s));
        m.unlock_shared();
        BOOST_TEST(!m.try_lock_for(1s));
        BOOST_TEST(!m.try_lock_until(std::chrono::steady_clock::now() + 1s));
    }).join();
    m.unlock_shared();
}

void spin_lock() {
    pthread_spinlock_t l;
    ::pthread_spin_init(&l, PTHREAD_PROCESS_PRIVATE);
    count_under([&] { ::pthread_spin_lock(&l); }, [&] { ::pthread_spin_unlock(&l); });
    ::pthread_spin_destroy(&l);
}

void try_lock_loop() {
    std::mutex m;
    count_under(
        [&] {
            while (!m.try_lock()) {
            }
        },
        [&] { m.unlock(); });
}

void condition_variable() {
    std::mutex m;
    std::condition_variable ready;
    std::vector<int> queue;
    int taken = 0;
    std::jthread const consumer([&] {
        while (taken < 100) {
            std::unique_lock lock(m);
            ready.wait(lock, [&] { return !queue.empty(); });
            taken += static_cast<int>(queue.size());
            queue.clear();
        }
    });
    in_threads(4, [&](int number) {
        for (int i = 0; i < 25; ++i) {
            {
                std::scoped_lock const lock(m);
                queue.push_back(number);
            }
            ready.notify_one();
        }
    });
}

void condition_variable_with_time() {
    std::mutex m;
    std::condition_variable never;
    std::unique_lock lock(m);
    auto const start = std::chrono::steady_clock::now();
    BOOST_TEST((never.wait_for(lock, 1h) == std::cv_status::timeout));
    BOOST_TEST(
        (never.wait_until(lock, std::chrono::system_clock::now() + 1h) == std::cv_status::timeout));
    auto const waited = std::chrono::steady_clock::now() - start;
    BOOST_TEST((waited >= 2h && waited < 2h + 1s));
}

void condition_variable_with_the_monotonic_clock() {
    pthread_condattr_t attributes;
    ::pthread_condattr_init(&attributes);
    ::pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_t c;
    ::pthread_cond_init(&c, &attributes);
    pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
    timespec until;
    ::clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += 100;
    ::pthread_mutex_lock(&m);
    BOOST_TEST(::pthread_cond_timedwait(&c, &m, &until) == ETIMEDOUT);
    ::pthread_mutex_unlock(&m);
    timespec now;
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    BOOST_TEST(now.tv_sec == until.tv_sec);
    ::pthread_cond_destroy(&c);
}

void condition_variable_any_with_a_stop_token() {
    std::mutex m;
    std::condition_variable_any never;
    bool stopped = false;
    std::jthread waiting([&](std::stop_token stop) {
        std::unique_lock lock(m);
        never.wait(lock, stop, [] { return false; });
        stopped = stop.stop_requested();
    });
    std::this_thread::sleep_for(1h);
    waiting.request_stop();
    waiting.join();
    BOOST_TEST(stopped);
}

void barrier() {
    std::barrier b(3);
    std::atomic<int> passed{0};
    in_threads(3, [&](int number) {
        for (int round = 0; round < 5; ++round) {
            std::this_thread::sleep_for(std::chrono::seconds(number));
            b.arrive_and_wait();
            ++passed;
        }
    });
    BOOST_TEST(passed == 15);
}

void posix_barrier() {
    pthread_barrier_t b;
    ::pthread_barrier_init(&b, nullptr, 3);
    std::atomic<int> serial{0};
    in_threads(3, [&](int number) {
        for (int round = 0; round < 5; ++round) {
            std::this_thread::sleep_for(std::chrono::seconds(number));
            serial += ::pthread_barrier_wait(&b) == PTHREAD_BARRIER_SERIAL_THREAD;
        }
    });
    ::pthread_barrier_destroy(&b);
    BOOST_TEST(serial == 5);
}

void latch() {
    std::latch l(3);
    in_threads(3, [&](int number) {
        std::this_thread::sleep_for(std::chrono::seconds(number));
        l.arrive_and_wait();
    });
    BOOST_TEST(l.try_wait());
}

void semaphore() {
    std::counting_semaphore<4> s(0);
    std::jthread const other([&] {
        std::this_thread::sleep_for(1h);
        s.release(2);
    });
    BOOST_TEST(!s.try_acquire_for(1min));
    BOOST_TEST(s.try_acquire_for(2h));
    s.acquire();
}

void posix_semaphore() {
    sem_t s;
    ::sem_init(&s, 0, 0);
    std::jthread const other([&] {
        std::this_thread::sleep_for(1h);
        ::sem_post(&s);
    });
    timespec until;
    ::clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 60;
    BOOST_TEST((::sem_timedwait(&s, &until) == -1 && errno == ETIMEDOUT));
    BOOST_TEST((::sem_trywait(&s) == -1 && errno == EAGAIN));
    BOOST_TEST(::sem_wait(&s) == 0);
    ::sem_destroy(&s);
}

void call_once() {
    std::once_flag flag;
    int calls = 0;
    in_threads(5, [&](int) {
        std::call_once(flag, [&] {
            std::this_thread::sleep_for(1s);
            ++calls;
        });
        BOOST_TEST(calls == 1);
    });
}

void call_once_that_throws_first() {
    std::once_flag flag;
    std::atomic<int> calls{0};
    std::atomic<int> failures{0};
    in_threads(5, [&](int) {
        try {
            std::call_once(flag, [&] {
                std::this_thread::sleep_for(1s);
                if (++calls < 3)
                    throw 1;
            });
        } catch (int) {
            ++failures;
        }
    });
    BOOST_TEST(calls == 3);
    BOOST_TEST(failures == 2);
}

int slowly_made() {
    std::this_thread::sleep_for(1s);
    return 7;
}

template <class Tag>
int make_static_local() {
    static int const value = slowly_made();
    return value;
}

void future() {
    std::promise<int> p;
    std::jthread const other([&] {
        std::this_thread::sleep_for(5s);
        p.set_value(7);
    });
    auto f = p.get_future();
    BOOST_TEST((f.wait_for(1s) == std::future_status::timeout));
    BOOST_TEST(f.get() == 7);
    auto slow = std::async(std::launch::async, [] {
        std::this_thread::sleep_for(1h);
        return 3;
    });
    BOOST_TEST((slow.wait_for(30min) == std::future_status::timeout));
    BOOST_TEST(slow.get() == 3);
}

void atomic_wait() {
    std::atomic<int> turn{0};
    in_threads(3, [&](int number) {
        for (int round = 0; round < 5; ++round) {
            for (int seen = turn; seen % 3 != number; seen = turn)
                turn.wait(seen);
            ++turn;
            turn.notify_all();
        }
    });
    BOOST_TEST(turn == 15);
}

void yield_loop() {
    std::atomic<bool> done{false};
    std::jthread const other([&] {
        std::this_thread::sleep_for(10s);
        done = true;
    });
    while (!done)
        std::this_thread::yield();
}

void clock_loop() {
    auto const end = std::chrono::steady_clock::now() + 1min;
    while (std::chrono::steady_clock::now() < end) {
    }
}

struct slow_to_end {
    explicit slow_to_end(std::mutex& m)
        : mutex(m) {}
    ~slow_to_end() {
        std::scoped_lock const lock(mutex);
        std::this_thread::sleep_for(1s);
    }
    std::mutex& mutex;
};

void thread_local_destructors() {
    static std::mutex m;
    auto const start = std::chrono::steady_clock::now();
    in_threads(5, [](int) { thread_local slow_to_end const at_end(m); });
    BOOST_TEST((std::chrono::steady_clock::now() - start >= 5s));
}

void detached_threads() {
    static std::atomic<int> ended;
    ended = 0;
    for (int i = 0; i < 5; ++i)
        std::thread([i] {
            std::this_thread::sleep_for(std::chrono::seconds(i));
            ++ended;
        }).detach();
    while (ended < 5)
        std::this_thread::sleep_for(100ms);
}

void* leave(void*) {
    std::this_thread::sleep_for(1s);
    ::pthread_exit(reinterpret_cast<void*>(5));
}

void exit_of_a_thread() {
    pthread_t t;
    BOOST_TEST(::pthread_create(&t, nullptr, leave, nullptr) == 0);
    void* left = nullptr;
    BOOST_TEST(::pthread_tryjoin_np(t, &left) == EBUSY);
    BOOST_TEST(::pthread_join(t, &left) == 0);
    BOOST_TEST((left == reinterpret_cast<void*>(5)));
}

void* wait_forever(void* place) {
    struct at_end {
        bool& reached;
        ~at_end() { reached = true; }
    } const guard{*static_cast<bool*>(place)};
    std::mutex m;
    std::condition_variable never;
    std::unique_lock lock(m);
    never.wait(lock, [] { return false; });
    return nullptr;
}

void cancellation() {
    bool unwound = false;
    pthread_t t;
    BOOST_TEST(::pthread_create(&t, nullptr, wait_forever, &unwound) == 0);
    std::this_thread::sleep_for(1h);
    BOOST_TEST(::pthread_cancel(t) == 0);
    void* left = nullptr;
    BOOST_TEST(::pthread_join(t, &left) == 0);
    BOOST_TEST((left == PTHREAD_CANCELED));
    BOOST_TEST(unwound);
}

int add_one(void* counter) {
    static mtx_t m;
    static once_flag once = ONCE_FLAG_INIT;
    ::call_once(&once, [] { ::mtx_init(&m, mtx_plain); });
    for (int i = 0; i < 10; ++i) {
        ::mtx_lock(&m);
        int& n = *static_cast<int*>(counter);
        int const before = n;
        timespec const t{0, 1000};
        ::thrd_sleep(&t, nullptr);
        n = before + 1;
        ::mtx_unlock(&m);
    }
    return 4;
}

void threads_of_c() {
    int counter = 0;
    thrd_t threads[3];
    for (thrd_t& t : threads)
        BOOST_TEST(::thrd_create(&t, add_one, &counter) == thrd_success);
    for (thrd_t const& t : threads) {
        int left = 0;
        BOOST_TEST(::thrd_join(t, &left) == thrd_success);
        BOOST_TEST(left == 4);
    }
    BOOST_TEST(counter == 30);
}

struct program {
    char const* name;
    void (*run)();

    friend std::ostream& operator<<(std::ostream& out, program const& p) { return out << p.name; }
};

program const programs[] = {
    {"mutex", count_under<std::mutex>},
    {"recursive_mutex", recursive_mutex},
    {"recursive_mutex_of_a_blocked_owner", recursive_mutex_of_a_blocked_owner},
    {"timed_mutex", timed_mutex},
    {"error_checking_mutex", error_checking_mutex},
    {"shared_mutex", shared_mutex},
    {"shared_timed_mutex", shared_timed_mutex},
    {"spin_lock", spin_lock},
    {"try_lock_loop", try_lock_loop},
    {"condition_variable", condition_variable},
    {"condition_variable_with_time", condition_variable_with_time},
    {"condition_variable_with_the_monotonic_clock", condition_variable_with_the_monotonic_clock},
    {"condition_variable_any_with_a_stop_token", condition_variable_any_with_a_stop_token},
    {"barrier", barrier},
    {"posix_barrier", posix_barrier},
    {"latch", latch},
    {"semaphore", semaphore},
    {"posix_semaphore", posix_semaphore},
    {"call_once", call_once},
    {"call_once_that_throws_first", call_once_that_throws_first},
    {"future", future},
    {"atomic_wait", atomic_wait},
    {"yield_loop", yield_loop},
    {"clock_loop", clock_loop},
    {"thread_local_destructors", thread_local_destructors},
    {"detached_threads", detached_threads},
    {"exit_of_a_thread", exit_of_a_thread},
    {"cancellation", cancellation},
    {"threads_of_c", threads_of_c},
};

std::uint64_t run(std::uint64_t seed, void (*f)()) {
    simulation world{{.seed = seed}};
    world.host("one").run(f);
    world.run();
    return world.trace_hash();
}

BOOST_DATA_TEST_CASE(a_seed_gives_the_same_trace, boost::unit_test::data::make(programs), p) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        std::uint64_t const first = run(seed, p.run);
        for (int again = 0; again < 10; ++again)
            BOOST_TEST_REQUIRE(run(seed, p.run) == first);
    }
}

BOOST_AUTO_TEST_CASE(seeds_give_different_traces) {
    std::set<std::uint64_t> hashes;
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
        hashes.insert(run(seed, shared_mutex));
    BOOST_TEST(hashes.size() == 20);
}

// The one program that is different the second time.
BOOST_AUTO_TEST_CASE(threads_wait_for_a_static_local_that_another_makes) {
    run(1, [] { in_threads(5, [](int) { BOOST_TEST(make_static_local<int>() == 7); }); });
}

BOOST_AUTO_TEST_CASE(an_exception_of_a_program_comes_out_of_run) {
    simulation world;
    world.host("one").run([] { throw 5; });
    BOOST_CHECK_THROW(world.run(), int);
}

BOOST_AUTO_TEST_CASE(an_exception_of_another_thread_comes_out_of_run) {
    simulation world;
    world.host("one").run([] {
        std::thread t([] { throw 5; });
        std::this_thread::sleep_for(1h);
        t.join();
    });
    BOOST_CHECK_THROW(world.run(), int);
}

BOOST_AUTO_TEST_CASE(a_deadlock_is_reported) {
    static std::mutex a;
    static std::mutex b;
    simulation world;
    world.host("one").run([] {
        std::jthread const other([] {
            std::scoped_lock const first(a);
            std::this_thread::sleep_for(1s);
            std::scoped_lock const second(b);
        });
        std::scoped_lock const first(b);
        std::this_thread::sleep_for(1s);
        std::scoped_lock const second(a);
    });
    BOOST_CHECK_EXCEPTION(world.run(), simulation_error, [](simulation_error const& e) {
        std::string const text = e.what();
        BOOST_TEST(text.find("deadlock") != text.npos);
        BOOST_TEST(text.find("one, thread 1 waits for a mutex") != text.npos);
        BOOST_TEST(text.find("one, thread 2 waits for a mutex") != text.npos);
        BOOST_TEST_MESSAGE(text);
        return true;
    });
}

/// A thread that has just ended may still exist in the system. It is no thread of no host, which could
/// help: for those, the world waits for 2 s of real time.
BOOST_AUTO_TEST_CASE(a_deadlock_is_noticed_soon_after_a_thread_has_ended) {
    int late = 0; // On a loaded machine, some may take so long for other reasons.
    for (int i = 0; i < 20; ++i) {
        auto const start = std::chrono::steady_clock::now();
        simulation world;
        world.host("one").run([] {
            std::mutex m;
            std::condition_variable never;
            std::jthread const other([] {});
            std::unique_lock l(m);
            never.wait(l);
        });
        BOOST_CHECK_THROW(world.run(), simulation_error);
        late += std::chrono::steady_clock::now() - start >= 2s;
    }
    BOOST_TEST(late < 10);
}

BOOST_AUTO_TEST_CASE(a_loop_without_calls_is_named) {
    static std::atomic<bool> never;
    simulation world{{.stall_limit = 1s}};
    world.host("one").run([] {
        while (!never) {
        }
    });
    BOOST_CHECK_EXCEPTION(world.run(), simulation_error, [](simulation_error const& e) {
        std::string const text = e.what();
        BOOST_TEST(text.find("host \"one\", thread 1 has called nothing") != text.npos);
        BOOST_TEST_MESSAGE(text);
        return true;
    });
    never = true; // It goes on, and stops at its next call.
}

BOOST_AUTO_TEST_CASE(a_lock_is_shared_with_a_thread_of_no_host) {
    std::mutex m;
    std::condition_variable changed;
    int turn = 0;
    std::jthread const outside([&] {
        for (int i = 0; i < 50; ++i) {
            std::unique_lock lock(m);
            changed.wait(lock, [&] { return turn % 2 == 1; });
            ++turn;
            changed.notify_one();
        }
    });
    simulation world;
    world.host("one").run([&] {
        for (int i = 0; i < 50; ++i) {
            std::unique_lock lock(m);
            changed.wait(lock, [&] { return turn % 2 == 0; });
            ++turn;
            changed.notify_one();
        }
    });
    world.run();
}

// It unlocks the mutex within the C library.
BOOST_AUTO_TEST_CASE(a_thread_of_no_host_waits_for_a_condition_with_a_lock_that_a_host_wants) {
    std::mutex m;
    std::condition_variable changed;
    std::atomic<bool> locked{false};
    bool done = false;
    std::jthread const outside([&] {
        std::unique_lock lock(m);
        locked = true;
        std::this_thread::sleep_for(100ms); // Until the host's thread waits.
        changed.wait(lock, [&] { return done; });
    });
    while (!locked)
        std::this_thread::sleep_for(1ms);
    simulation world;
    world.host("one").run([&] {
        std::scoped_lock const lock(m);
        done = true;
        changed.notify_one();
    });
    world.run();
}

BOOST_AUTO_TEST_CASE(time_is_virtual_within_a_host_only) {
    auto const start = std::chrono::steady_clock::now();
    simulation world;
    world.host("one").run([] {
        for (int i = 0; i < 10; ++i)
            std::this_thread::sleep_for(1h);
    });
    world.run();
    BOOST_TEST((world.now() >= 10h && world.now() < 10h + 1s));
    BOOST_TEST((std::chrono::steady_clock::now() - start < 1h));
}

BOOST_AUTO_TEST_CASE(scripts_run_at_their_time_on_the_thread_that_called_run) {
    auto const self = std::this_thread::get_id();
    simulation world;
    std::vector<std::chrono::nanoseconds> times;
    world.at(30s, [&] {
        BOOST_TEST((std::this_thread::get_id() == self));
        times.push_back(world.now());
    });
    world.at(10s, [&] { times.push_back(world.now()); });
    world.host("one").run([] { std::this_thread::sleep_for(1min); });
    world.run();
    BOOST_TEST_REQUIRE(times.size() == 2u);
    BOOST_TEST((times[0] == 10s && times[1] == 30s));
}

BOOST_AUTO_TEST_CASE(what_a_script_throws_comes_out_of_run) {
    simulation world;
    world.at(1s, [] { throw 5; });
    BOOST_CHECK_THROW(world.run_for(10s), int);
}

BOOST_AUTO_TEST_CASE(reading_the_clock_takes_hardly_any_time) {
    run(1, [] {
        auto const start = std::chrono::steady_clock::now();
        for (int i = 0; i < 900; ++i)
            static_cast<void>(std::chrono::system_clock::now());
        BOOST_TEST((std::chrono::steady_clock::now() - start < 1ms));
    });
}

BOOST_AUTO_TEST_CASE(a_host_has_as_many_processors_on_every_machine) {
    run(1, [] { BOOST_TEST(std::thread::hardware_concurrency() == 4u); });
}

BOOST_AUTO_TEST_CASE(a_blocked_signal_is_pending) {
    struct sigaction count {};
    static int calls;
    calls = 0;
    count.sa_handler = [](int) { ++calls; };
    struct sigaction old;
    ::sigaction(SIGUSR1, &count, &old);
    simulation world;
    auto host = world.host("one");
    host.run([] {
        sigset_t set;
        ::sigemptyset(&set);
        ::sigaddset(&set, SIGUSR1);
        ::sigaddset(&set, SIGTERM);
        ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
        std::jthread const other([] { std::this_thread::sleep_for(20s); }); // It blocks them, too.
        std::raise(SIGUSR1);
        std::this_thread::sleep_for(10s);
        BOOST_TEST(calls == 0);
        int number = 0;
        BOOST_TEST(::sigwait(&set, &number) == 0);
        BOOST_TEST(number == SIGUSR1);
        BOOST_TEST(::sigwait(&set, &number) == 0); // That of the script.
        BOOST_TEST(number == SIGTERM);
        timespec const second{1, 0};
        BOOST_TEST(::sigtimedwait(&set, nullptr, &second) == -1);
        BOOST_TEST(errno == EAGAIN);
        ::kill(::getpid(), SIGUSR1);
        BOOST_TEST(calls == 0);
        ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
        BOOST_TEST(calls == 1);
    });
    world.at(5s, [&] { host.signal(SIGTERM); });
    world.run();
    ::sigaction(SIGUSR1, &old, nullptr);
}

BOOST_AUTO_TEST_CASE(a_signal_before_a_wait_does_not_wait_for_its_end) {
    static std::chrono::steady_clock::time_point heard;
    struct sigaction note {};
    note.sa_handler = [](int) { heard = std::chrono::steady_clock::now(); };
    struct sigaction old;
    ::sigaction(SIGUSR1, &note, &old);
    simulation world;
    world.host("one").run([] {
        auto const start = std::chrono::steady_clock::now();
        std::jthread other([] { std::this_thread::sleep_for(1h); });
        ::pthread_kill(other.native_handle(), SIGUSR1);
        other.join();
        BOOST_TEST((heard - start < 1s));
        std::jthread const later([self = ::pthread_self()] {
            std::this_thread::sleep_for(1min);
            ::pthread_kill(self, SIGUSR1);
        });
        BOOST_TEST(::pause() == -1);
        BOOST_TEST(errno == EINTR);
    });
    world.run();
    ::sigaction(SIGUSR1, &old, nullptr);
}

BOOST_AUTO_TEST_CASE(an_ignored_signal_interrupts_nothing) {
    run(1, [] {
        auto const self = ::pthread_self();
        std::jthread const other([self] {
            std::this_thread::sleep_for(1s);
            BOOST_TEST(::pthread_kill(self, SIGWINCH) == 0);
        });
        timespec const hour{3600, 0};
        BOOST_TEST(::nanosleep(&hour, nullptr) == 0);
    });
}

BOOST_AUTO_TEST_CASE(many_worlds_leave_no_descriptors) {
    auto const count = [] {
        int n = 0;
        for (int fd = 0; fd < 1000; ++fd)
            n += ::fcntl(fd, F_GETFD) >= 0;
        return n;
    };
    int const before = count();
    for (int i = 0; i < 100; ++i) {
        simulation world;
        world.host("one").service([] {
            int fds[2];
            ::socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
            std::this_thread::sleep_for(1h);
        });
        world.run_for(1s);
    }
    BOOST_TEST(count() == before);
}

BOOST_AUTO_TEST_CASE(run_for_stops_and_goes_on) {
    simulation world;
    int hours = 0;
    world.host("one").run([&] {
        for (; hours < 10; ++hours)
            std::this_thread::sleep_for(1h);
    });
    BOOST_TEST(!world.run_for(3h + 1min));
    BOOST_TEST(hours == 3);
    BOOST_TEST(world.run_for(100h));
    BOOST_TEST(hours == 10);
}

BOOST_AUTO_TEST_CASE(services_do_not_keep_the_world_running) {
    simulation world;
    world.host("server").service([] {
        for (;;)
            std::this_thread::sleep_for(1s);
    });
    world.host("client").run([] { std::this_thread::sleep_for(1h); });
    world.run();
    BOOST_TEST((world.now() >= 1h));
}

BOOST_AUTO_TEST_CASE(there_is_one_world_at_a_time) {
    simulation const world;
    BOOST_CHECK_THROW(simulation(), simulation_error);
}

} // namespace
