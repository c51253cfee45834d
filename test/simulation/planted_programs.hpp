// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_SIMULATION_PLANTED_PROGRAMS_HPP
#define BOOST_SELECTORS_TEST_SIMULATION_PLANTED_PROGRAMS_HPP

// Small programs with one mistake each, or without it: for simulated hosts, and for threads of a process
// with the real system. World is boost_selectors::simulation, or has the same functions; and
//
//     static std::string address_of(std::string host); // A name or an address.

#include "sockets.hpp"

#include <atomic>
#include <boost/asio.hpp>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <ostream>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace planted {

namespace asio = boost::asio;
using namespace simulation_test;
using namespace std::chrono_literals;
using boost::system::error_code;

/// Whether a server is there.
using flag = std::shared_ptr<std::atomic<bool>>;

inline flag make_flag() {
    return std::make_shared<std::atomic<bool>>(false);
}

inline void await(flag const& f) {
    while (!*f)
        std::this_thread::sleep_for(1ms);
}

inline void expect(bool condition, char const* what) {
    if (!condition)
        throw std::logic_error(what);
}

/// Something that happens once. Who waits for it may destroy it at once, which std::promise does not allow.
class event {
public:
    void set() {
        std::scoped_lock const l(mutex_);
        is_set_ = true;
        changed_.notify_one();
    }
    void wait() {
        std::unique_lock l(mutex_);
        changed_.wait(l, [&] { return is_set_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_set_ = false;
};

/// Tries until the server listens.
inline handle connect_when_ready(std::string const& address) {
    for (;;) {
        try {
            return connect_to(address, "4000");
        } catch (std::system_error const&) {
            std::this_thread::sleep_for(1ms);
        }
    }
}

/// Waits without a condition: a notification that comes before the wait is lost.
template <class World>
void lost_wakeup(World& world, bool mended) {
    world.host("one").run([mended] {
        std::mutex m;
        std::condition_variable told;
        bool done = false;
        std::jthread const other([&] {
            std::scoped_lock const l(m);
            done = true;
            told.notify_one();
        });
        std::unique_lock l(m);
        if (mended)
            told.wait(l, [&] { return done; });
        else
            told.wait(l);
    });
}

/// Takes the end of a wait for the event.
template <class World>
void spurious_wakeup(World& world, bool mended) {
    world.chaos(1);
    world.host("one").run([mended] {
        std::mutex m;
        std::condition_variable told;
        bool done = false;
        std::jthread const other([&] {
            std::this_thread::sleep_for(10ms);
            std::scoped_lock const l(m);
            done = true;
            told.notify_one();
        });
        std::unique_lock l(m);
        while (!done) {
            told.wait(l);
            if (!mended)
                break;
        }
        expect(done, "it went on too early");
    });
}

/// Two locks in two orders.
template <class World>
void deadlock_of_two_mutexes(World& world, bool mended) {
    world.host("one").run([mended] {
        std::mutex a;
        std::mutex b;
        auto const work = [](std::mutex& first, std::mutex& second) {
            for (int i = 0; i < 3; ++i) {
                std::scoped_lock const l(first);
                std::scoped_lock const k(second);
            }
        };
        std::jthread const other([&] { mended ? work(a, b) : work(b, a); });
        work(a, b);
    });
}

/// Looks first, and acts later.
template <class World>
void made_twice(World& world, bool mended) {
    world.host("one").run([mended] {
        std::mutex m;
        int made = 0;
        bool there = false;
        auto const make = [&] {
            if (!mended) {
                std::scoped_lock const l(m);
                if (there)
                    return;
            }
            std::scoped_lock const l(m);
            if (mended && there)
                return;
            there = true;
            ++made;
        };
        {
            std::jthread const other(make);
            make();
        }
        expect(made == 1, "it was made twice");
    });
}

/// Gives the server 3,000 bytes, which says whether it got all.
template <class World>
void transfer(World& world, bool sends_all, bool reads_all) {
    constexpr std::size_t size = 3000;
    world.chaos(1);
    world.host("server").service([=] {
        handle const listener = listen_at(4000);
        handle const s(::accept(listener, nullptr, nullptr));
        std::string text(size, ' ');
        ssize_t const n = ::recv(s, text.data(), size, reads_all ? MSG_WAITALL : 0);
        write_all(s, n == static_cast<ssize_t>(size) ? "all" : "not");
        read_all(s); // With bytes that nobody has read, close() would reset the connection.
    });
    world.host("client").run([server = World::address_of("server"), sends_all] {
        handle const s = connect_when_ready(server);
        std::string const text(size, 'x');
        std::size_t sent = 0;
        do {
            ssize_t const n =
                ::send(s, text.data() + sent, size - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
            if (n > 0)
                sent += static_cast<std::size_t>(n);
        } while (sends_all && sent < size);
        checked(::shutdown(s, SHUT_WR));
        expect(read_all(s) == "all", "the message was cut");
    });
}

/// Takes it that send() sends all.
template <class World>
void short_write(World& world, bool mended) {
    transfer(world, mended, true);
}

/// Takes it that recv() receives all.
template <class World>
void short_read(World& world, bool mended) {
    transfer(world, true, mended);
}

/// Asks once, although the server may not be there yet.
template <class World>
void missing_retry(World& world, bool mended) {
    world.host("server").service([] { echo(listen_at(4000)); });
    world.host("client").run([server = World::address_of("server"), mended] {
        for (;;) {
            try {
                connect_to(server, "4000");
                return;
            } catch (std::system_error const&) {
                if (!mended)
                    throw;
            }
            std::this_thread::sleep_for(10ms);
        }
    });
    world.at(0s, [&] { world.host("server").kill(); });
    world.at(3ms, [&] { world.host("server").restart(); });
}

/// Trusts that each datagram arrives once, and in order.
template <class World>
void order_of_datagrams(World& world, bool mended) {
    world.link("client", "server").latency(1ms, 4ms).duplication(0.01);
    flag const ready = make_flag();
    world.host("server").run([ready, mended] {
        handle const s = receive_at(5300);
        *ready = true;
        std::set<int> seen;
        int expected = 0;
        for (int number; seen.size() < 5 && ::recv(s, &number, sizeof(number), 0) > 0;) {
            seen.insert(number);
            expect(mended || number == expected++, "not in order");
        }
    });
    world.host("client").run([ready, server = World::address_of("server")] {
        await(ready);
        resolved const at(server, "5300", SOCK_DGRAM, AF_INET);
        handle const s(::socket(AF_INET, SOCK_DGRAM, 0));
        for (int number = 0; number < 5; ++number) {
            ::sendto(s, &number, sizeof(number), 0, at.first->ai_addr, at.first->ai_addrlen);
            std::this_thread::sleep_for(2ms);
        }
    });
}

/// Measures time by a clock that can be set.
template <class World>
void clock_that_is_set(World& world, bool mended) {
    world.chaos(3);
    world.host("one").run([mended] {
        for (int second = 0; second < 5; ++second) {
            auto const steady = std::chrono::steady_clock::now();
            auto const system = std::chrono::system_clock::now();
            std::this_thread::sleep_for(1s);
            std::chrono::nanoseconds elapsed = std::chrono::steady_clock::now() - steady;
            if (!mended)
                elapsed = std::chrono::system_clock::now() - system;
            expect(elapsed >= 1s && elapsed < 1min, "a second is no second");
        }
    });
}

/// Takes it that a timer that was cancelled calls no handler, though it had expired already.
template <class World>
void use_after_cancel(World& world, bool mended) {
    world.host("one").run([mended] {
        asio::thread_pool pool(2);
        auto strand = asio::make_strand(pool);
        for (int i = 0; i < 20; ++i) {
            auto alive = std::make_shared<bool>(true);
            asio::steady_timer timeout(strand, 10us);
            timeout.async_wait([&, alive](error_code ec) {
                if (!ec)
                    expect(mended || *alive, "the session was used after its end");
            });
            asio::steady_timer answer(strand, 10us);
            event ended;
            answer.async_wait([&, alive](error_code) {
                timeout.cancel();
                *alive = false;
                ended.set();
            });
            ended.wait();
        }
        pool.join();
    });
}

/// Counts an answer and the end of its time, if they come together.
template <class World>
void timeout_against_completion(World& world, bool mended) {
    world.link("client", "server").latency(1ms, 20ms);
    flag const ready = make_flag();
    world.host("server").service([ready] {
        handle const listener = listen_at(4000);
        *ready = true;
        handle const s(::accept(listener, nullptr, nullptr));
        for (char byte; ::read(s, &byte, 1) == 1;)
            ::send(s, &byte, 1, MSG_NOSIGNAL);
    });
    world.host("client").run([ready, server = World::address_of("server"), mended] {
        asio::thread_pool pool(2);
        asio::ip::tcp::socket s(pool);
        await(ready);
        asio::connect(s, asio::ip::tcp::resolver(pool).resolve(server, "4000"));
        for (int i = 0; i < 20; ++i) {
            asio::write(s, asio::buffer("x", 1));
            char byte;
            std::mutex m;
            int outcomes = 0;
            event done[2];
            asio::steady_timer timeout(pool, 21ms);
            auto const count = [&](error_code ec) {
                std::scoped_lock const l(m);
                if (!ec && (!mended || outcomes == 0))
                    ++outcomes;
            };
            timeout.async_wait([&](error_code ec) {
                count(ec);
                done[1].set();
            });
            s.async_read_some(asio::buffer(&byte, 1), [&](error_code ec, std::size_t) {
                count(ec);
                timeout.cancel(); // Its wait began before the read.
                done[0].set();
            });
            for (event& d : done)
                d.wait();
            expect(outcomes <= 1, "an answer and a timeout");
        }
        pool.join();
    });
}

/// Adds in two threads of a pool, without a strand.
template <class World>
void missing_strand(World& world, bool mended) {
    world.host("one").run([mended] {
        asio::thread_pool pool(2);
        auto const strand = asio::make_strand(pool);
        int sum = 0;
        auto const add = [&] {
            int const before = sum;
            std::this_thread::yield();
            sum = before + 1;
        };
        for (int i = 0; i < 10; ++i)
            mended ? asio::post(strand, add) : asio::post(pool, add);
        pool.join();
        expect(sum == 10, "an addition was lost");
    });
}

/// Closes a descriptor twice: the second time it is somebody else's.
template <class World>
void double_close(World& world, bool mended) {
    world.host("one").run([mended] {
        int const old = checked(::socket(AF_INET, SOCK_STREAM, 0));
        std::jthread const other([] {
            for (int i = 0; i < 5; ++i) {
                int ends[2];
                checked(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
                std::this_thread::yield();
                expect(::send(ends[0], "x", 1, MSG_NOSIGNAL) == 1, "the socket was closed");
                ::close(ends[0]);
                ::close(ends[1]);
            }
        });
        ::close(old);
        std::this_thread::yield();
        if (!mended)
            ::close(old);
    });
}

/// Signals without the lock, in the moment between the check and the wait.
template <class World>
void signal_without_lock(World& world, bool mended) {
    world.host("one").run([mended] {
        std::mutex m;
        std::condition_variable told;
        std::atomic<bool> done{false};
        std::jthread const other([&] {
            std::unique_lock l(m, std::defer_lock);
            if (mended)
                l.lock();
            done = true;
            told.notify_one();
        });
        std::unique_lock l(m);
        while (!done) {
            std::this_thread::yield();
            told.wait(l);
        }
    });
}

/// Repeats a request, of which the answer was lost, and which must be done once.
template <class World>
void repeated_request(World& world, bool mended) {
    world.link("client", "server").loss(0.02);
    auto const done = std::make_shared<std::atomic<int>>(0);
    flag const ready = make_flag();
    world.host("server").service([=] {
        handle const s = receive_at(5300);
        *ready = true;
        std::set<int> seen;
        sockaddr_in from{};
        socklen_t size = sizeof(from);
        for (int number; ::recvfrom(s, &number, sizeof(number), 0,
                             reinterpret_cast<sockaddr*>(&from), &size) > 0;) {
            if (seen.insert(number).second || !mended)
                ++*done;
            ::sendto(s, &number, sizeof(number), 0, reinterpret_cast<sockaddr*>(&from), size);
        }
    });
    world.host("client").run([ready, done, server = World::address_of("server")] {
        await(ready);
        resolved const at(server, "5300", SOCK_DGRAM, AF_INET);
        handle const s(::socket(AF_INET, SOCK_DGRAM, 0));
        timeval const second{1, 0};
        checked(::setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second)));
        for (int number = 0; number < 5; ++number)
            for (int answer = -1; answer != number;) {
                ::sendto(s, &number, sizeof(number), 0, at.first->ai_addr, at.first->ai_addrlen);
                ::recv(s, &answer, sizeof(answer), 0);
            }
        expect(*done == 5, "a request was done twice");
    });
}

/// Stops to accept at the first error.
template <class World>
void accept_loop_that_ends(World& world, bool mended) {
    world.host("server").descriptor_limit(3);
    flag const ready = make_flag();
    world.host("server").service([ready, mended] {
        handle const listener = listen_at(4000);
        *ready = true;
        std::vector<std::jthread> sessions;
        for (;;) {
            int const s = ::accept(listener, nullptr, nullptr);
            if (s >= 0)
                sessions.emplace_back([s] {
                    handle const own(s);
                    write_all(own, read_all(own));
                });
            else if (mended)
                std::this_thread::sleep_for(10ms);
            else
                return;
        }
    });
    for (char const* const name : {"a", "b", "c", "d"}) {
        world.host(name).run([ready, server = World::address_of("server")] {
            await(ready);
            bool answered = false;
            try {
                handle const s = connect_to(server, "4000");
                write_all(s, "x");
                checked(::shutdown(s, SHUT_WR));
                answered = read_all(s) == "x";
            } catch (std::runtime_error const&) { // It is refused or reset.
            }
            expect(answered, "no answer");
        });
        world.link(name, "server").latency(1ms, 20ms);
    }
}

/// Takes an error for the end of the message.
template <class World>
void error_as_end(World& world, bool mended) {
    flag const ready = make_flag();
    world.host("server").service([ready] {
        handle const listener = listen_at(4000);
        *ready = true;
        for (;;) {
            handle const s(::accept(listener, nullptr, nullptr));
            for (int i = 0; i < 10; ++i) {
                ::send(s, "0123456789", 10, MSG_NOSIGNAL);
                std::this_thread::sleep_for(100ms);
            }
        }
    });
    world.chaos(3);
    world.host("client").run([ready, server = World::address_of("server"), mended] {
        await(ready);
        for (int i = 0; i < 4; ++i) {
            std::string text;
            ssize_t n = -1;
            try {
                handle const s = connect_to(server, "4000");
                char some[100];
                while ((n = ::recv(s, some, sizeof(some), 0)) > 0)
                    text.append(some, static_cast<std::size_t>(n));
            } catch (std::system_error const&) { // It was not reached.
                continue;
            }
            if (n == 0 || !mended)
                expect(text.size() == 100, "the message was cut");
        }
    });
}

/// Changes the buffer of a write that has not ended.
template <class World>
void buffer_in_use(World& world, bool mended) {
    world.chaos(1);
    world.host("one").run([mended] {
        asio::io_context context;
        asio::local::stream_protocol::socket a(context);
        asio::local::stream_protocol::socket b(context);
        asio::local::connect_pair(a, b);
        std::string line;
        std::function<void(int)> const say = [&](int number) {
            line.assign(100, static_cast<char>('0' + number));
            bool const last = number == 9;
            asio::async_write(a, asio::buffer(line), [&, number, last](error_code, std::size_t) {
                if (mended && !last)
                    say(number + 1);
            });
            if (!mended && !last)
                asio::post(context, [&, number] { say(number + 1); });
        };
        say(0);
        std::string heard(1000, ' ');
        asio::async_read(b, asio::buffer(heard), [](error_code, std::size_t) {});
        context.run();
        for (std::size_t i = 0; i < heard.size(); ++i)
            expect(heard[i] == static_cast<char>('0' + i / 100), "the lines are mixed");
    });
}

/// Takes the end of an older wait for that of the timer's new time.
template <class World>
void stale_timer(World& world, bool mended) {
    world.host("one").run([mended] {
        asio::io_context context;
        asio::steady_timer silence(context);
        auto last_heard = std::chrono::steady_clock::now();
        std::function<void()> const wait = [&] {
            silence.async_wait([&](error_code ec) {
                if (ec || (mended && silence.expiry() > std::chrono::steady_clock::now()))
                    return;
                expect(std::chrono::steady_clock::now() - last_heard >= 10us, "it was not silent");
            });
        };
        for (int i = 0; i < 10; ++i) {
            last_heard = std::chrono::steady_clock::now();
            silence.expires_after(10us);
            wait();
            std::this_thread::sleep_for(std::chrono::nanoseconds(std::random_device{}() % 20'000));
            asio::post(context, [&] { // Something was heard.
                last_heard = std::chrono::steady_clock::now();
                silence.expires_after(10us);
            });
            context.restart();
            context.run();
        }
    });
}

/// Waits without a limit for a server that may lose its power.
template <class World>
void missing_timeout(World& world, bool mended) {
    world.host("server").service([] { echo(listen_at(4000)); });
    world.host("client").run([server = World::address_of("server"), mended] {
        handle const s = connect_when_ready(server);
        timeval const minute{60, 0};
        if (mended)
            checked(::setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof(minute)));
        std::this_thread::sleep_for(std::chrono::milliseconds(std::random_device{}() % 100));
        auto const sent = now();
        ::send(s, "x", 1, MSG_NOSIGNAL);
        ::shutdown(s, SHUT_WR);
        char byte;
        ::recv(s, &byte, 1, 0);
        expect(now() - sent < 2min, "it waits for too long");
    });
    world.at(50ms, [&] { world.host("server").crash(); });
}

template <class World>
struct program {
    char const* name;
    void (*run)(World& world, bool mended);
    char const* mistake;
    /// What makes it show: functions of the simulation, or the order of threads.
    char const* found_by;
    /// A part of the message of what it throws, or "deadlock". Any other failure is not the mistake.
    char const* failure;

    friend std::ostream& operator<<(std::ostream& out, program const& p) { return out << p.name; }
};

template <class World>
program<World> const programs[] = {
    {"lost_wakeup", lost_wakeup, "waits without a condition", "order of threads", "deadlock"},
    {"spurious_wakeup", spurious_wakeup, "takes the end of a wait for the event", "`chaos(1)`",
        "it went on too early"},
    {"deadlock_of_two_mutexes", deadlock_of_two_mutexes, "locks two mutexes in two orders",
        "order of threads", "deadlock"},
    {"made_twice", made_twice, "looks first, and acts later", "order of threads",
        "it was made twice"},
    {"short_write", short_write, "takes it that `send` sends all", "`chaos(1)`",
        "the message was cut"},
    {"short_read", short_read, "takes it that `recv` receives all", "`chaos(1)`",
        "the message was cut"},
    {"missing_retry", missing_retry, "asks once, although the server may not be there yet",
        "`kill()`, `restart()`", "Connection refused"},
    {"order_of_datagrams", order_of_datagrams, "trusts that datagrams arrive once, and in order",
        "`latency()`, `duplication()`", "not in order"},
    {"clock_that_is_set", clock_that_is_set, "measures time by a clock that can be set",
        "`chaos(3)`", "a second is no second"},
    {"use_after_cancel", use_after_cancel,
        "takes it that a timer that was cancelled calls no handler", "order of threads",
        "the session was used after its end"},
    {"timeout_against_completion", timeout_against_completion,
        "counts an answer and its timeout, if they come together", "`latency()`",
        "an answer and a timeout"},
    {"missing_strand", missing_strand, "adds in two threads without a strand", "order of threads",
        "an addition was lost"},
    {"double_close", double_close, "closes a descriptor twice", "order of threads",
        "the socket was closed"},
    {"signal_without_lock", signal_without_lock, "signals between the check and the wait",
        "order of threads", "deadlock"},
    {"repeated_request", repeated_request,
        "repeats what must be done once, when the answer is lost", "`loss()`",
        "a request was done twice"},
    {"accept_loop_that_ends", accept_loop_that_ends, "stops to accept at the first error",
        "`descriptor_limit()`", "no answer"},
    {"error_as_end", error_as_end, "takes an error for the end of the message", "`chaos(3)`",
        "the message was cut"},
    {"buffer_in_use", buffer_in_use, "changes the buffer of a write that has not ended",
        "`chaos(1)`", "the lines are mixed"},
    {"stale_timer", stale_timer, "takes the end of an older wait for that of the timer's new time",
        "order of threads", "it was not silent"},
    {"missing_timeout", missing_timeout, "waits without a limit for a server that loses its power",
        "`crash()`", "it waits for too long"},
};

} // namespace planted

#endif
