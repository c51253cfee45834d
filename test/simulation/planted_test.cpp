// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Small programs with one mistake each: explore() finds it within 1,000 seeds, and finds nothing in the
// same program without it.
//
//   planted_test [-- SEEDS_WITHOUT]

#define BOOST_TEST_MODULE simulation_planted
#include "sockets.hpp"

#include <atomic>
#include <boost/asio.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost_selectors/simulation.hpp>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <ostream>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
using namespace simulation_test;
using namespace std::chrono_literals;
using boost::system::error_code;
using boost_selectors::explore;
using boost_selectors::explore_options;
using boost_selectors::simulation;

void expect(bool condition, char const* what) {
    if (!condition)
        throw std::logic_error(what);
}

/// Waits without a condition: who is told too early waits for ever.
void lost_wakeup(simulation& world, bool mended) {
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
void spurious_wakeup(simulation& world, bool mended) {
    world.chaos(1);
    world.host("one").run([mended] {
        std::mutex m;
        std::condition_variable told;
        bool done = false;
        std::jthread const other([&] {
            std::this_thread::sleep_for(1min);
            std::scoped_lock const l(m);
            done = true;
            told.notify_one();
        });
        std::unique_lock l(m);
        do
            told.wait(l);
        while (mended && !done);
        expect(done, "it went on too early");
    });
}

/// Two locks in two orders.
void deadlock_of_two_mutexes(simulation& world, bool mended) {
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
void made_twice(simulation& world, bool mended) {
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
void transfer(simulation& world, bool sends_all, bool reads_all) {
    constexpr std::size_t size = 3000;
    world.chaos(1);
    world.host("server").service([=] {
        handle const listener = listen_at(4000);
        handle const s(::accept(listener, nullptr, nullptr));
        std::string text(size, ' ');
        ssize_t const n = ::recv(s, text.data(), size, reads_all ? MSG_WAITALL : 0);
        write_all(s, n == static_cast<ssize_t>(size) ? "all" : "not");
    });
    world.host("client").run([=] {
        std::this_thread::sleep_for(1s);
        handle const s = connect_to("server", "4000");
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
void short_write(simulation& world, bool mended) {
    transfer(world, mended, true);
}

/// Takes it that recv() receives all.
void short_read(simulation& world, bool mended) {
    transfer(world, true, mended);
}

/// Asks once, although the server may not be there yet.
void missing_retry(simulation& world, bool mended) {
    world.host("server").service([] { echo(listen_at(4000)); });
    world.host("client").run([mended] {
        for (;;) {
            try {
                connect_to("server", "4000");
                return;
            } catch (std::system_error const&) {
                if (!mended)
                    throw;
            }
            std::this_thread::sleep_for(1s);
        }
    });
    world.at(0s, [&] { world.host("server").kill(); });
    world.at(3ms, [&] { world.host("server").restart(); });
}

/// Trusts that each datagram arrives once, and in order.
void order_of_datagrams(simulation& world, bool mended) {
    world.link("client", "server").latency(1ms, 4ms).duplication(0.01);
    world.host("server").run([mended] {
        handle const s = receive_at(53);
        std::set<int> seen;
        int expected = 0;
        for (int number; seen.size() < 5 && ::recv(s, &number, sizeof(number), 0) > 0;) {
            seen.insert(number);
            expect(mended || number == expected++, "not in order");
        }
    });
    world.host("client").run([] {
        std::this_thread::sleep_for(1s);
        resolved const at("server", "53", SOCK_DGRAM, AF_INET);
        handle const s(::socket(AF_INET, SOCK_DGRAM, 0));
        for (int number = 0; number < 5; ++number) {
            ::sendto(s, &number, sizeof(number), 0, at.first->ai_addr, at.first->ai_addrlen);
            std::this_thread::sleep_for(2ms);
        }
    });
}

/// Measures time by a clock that can be set.
void clock_that_is_set(simulation& world, bool mended) {
    world.chaos(3);
    world.host("one").run([mended] {
        for (int minute = 0; minute < 10; ++minute) {
            auto const steady = std::chrono::steady_clock::now();
            auto const system = std::chrono::system_clock::now();
            std::this_thread::sleep_for(1min);
            std::chrono::nanoseconds elapsed = std::chrono::steady_clock::now() - steady;
            if (!mended)
                elapsed = std::chrono::system_clock::now() - system;
            expect(elapsed >= 1min && elapsed < 2min, "a minute is no minute");
        }
    });
}

/// Takes it that a timer that was cancelled calls no handler, though it had expired already.
void use_after_cancel(simulation& world, bool mended) {
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
            std::promise<void> ended;
            answer.async_wait([&, alive](error_code) {
                timeout.cancel();
                *alive = false;
                ended.set_value();
            });
            ended.get_future().wait();
        }
        pool.join();
    });
}

/// Counts an answer and the end of its time, if they come together.
void timeout_against_completion(simulation& world, bool mended) {
    world.link("client", "server").latency(1ms, 20ms);
    world.host("server").service([] {
        handle const listener = listen_at(4000);
        handle const s(::accept(listener, nullptr, nullptr));
        for (char byte; ::read(s, &byte, 1) == 1;)
            ::send(s, &byte, 1, MSG_NOSIGNAL);
    });
    world.host("client").run([mended] {
        asio::thread_pool pool(2);
        asio::ip::tcp::socket s(pool);
        std::this_thread::sleep_for(1s);
        asio::connect(s, asio::ip::tcp::resolver(pool).resolve("server", "4000"));
        for (int i = 0; i < 20; ++i) {
            asio::write(s, asio::buffer("x", 1));
            char byte;
            std::mutex m;
            int outcomes = 0;
            std::promise<void> done[2];
            asio::steady_timer timeout(pool, 21ms);
            auto const count = [&](error_code ec) {
                std::scoped_lock const l(m);
                if (!ec && (!mended || outcomes == 0))
                    ++outcomes;
            };
            s.async_read_some(asio::buffer(&byte, 1), [&](error_code ec, std::size_t) {
                count(ec);
                timeout.cancel();
                done[0].set_value();
            });
            timeout.async_wait([&](error_code ec) {
                count(ec);
                done[1].set_value();
            });
            for (auto& d : done)
                d.get_future().wait();
            expect(outcomes <= 1, "an answer and a timeout");
        }
        pool.join();
    });
}

/// Adds in two threads of a pool, without a strand.
void missing_strand(simulation& world, bool mended) {
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
void double_close(simulation& world, bool mended) {
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
void signal_without_lock(simulation& world, bool mended) {
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
void repeated_request(simulation& world, bool mended) {
    world.link("client", "server").loss(0.02);
    auto const done = std::make_shared<int>(0);
    world.host("server").service([=] {
        handle const s = receive_at(53);
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
    world.host("client").run([=] {
        std::this_thread::sleep_for(1s);
        resolved const at("server", "53", SOCK_DGRAM, AF_INET);
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
void accept_loop_that_ends(simulation& world, bool mended) {
    world.host("server").descriptor_limit(3);
    world.host("server").service([mended] {
        handle const listener = listen_at(4000);
        std::vector<std::jthread> sessions;
        for (;;) {
            int const s = ::accept(listener, nullptr, nullptr);
            if (s >= 0)
                sessions.emplace_back([s] {
                    handle const own(s);
                    write_all(own, read_all(own));
                });
            else if (mended)
                std::this_thread::sleep_for(1s);
            else
                return;
        }
    });
    for (char const* const name : {"a", "b", "c", "d"}) {
        world.host(name).run([] {
            std::this_thread::sleep_for(1s);
            handle const s = connect_to("server", "4000");
            write_all(s, "x");
            checked(::shutdown(s, SHUT_WR));
            expect(read_all(s) == "x", "no answer");
        });
        world.link(name, "server").latency(1ms, 20ms);
    }
}

/// Takes an error for the end of the message.
void error_as_end(simulation& world, bool mended) {
    world.host("server").service([] {
        handle const listener = listen_at(4000);
        for (;;) {
            handle const s(::accept(listener, nullptr, nullptr));
            for (int i = 0; i < 10; ++i) {
                ::send(s, "0123456789", 10, MSG_NOSIGNAL);
                std::this_thread::sleep_for(1s);
            }
        }
    });
    world.chaos(3);
    world.host("client").run([mended] {
        std::this_thread::sleep_for(1s);
        for (int i = 0; i < 20; ++i) {
            std::string text;
            ssize_t n = -1;
            try {
                handle const s = connect_to("server", "4000");
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
void buffer_in_use(simulation& world, bool mended) {
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
void stale_timer(simulation& world, bool mended) {
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
            silence.expires_after(10us);
            last_heard = std::chrono::steady_clock::now();
            wait();
            std::this_thread::sleep_for(std::chrono::nanoseconds(std::random_device{}() % 20'000));
            asio::post(context, [&] { // Something was heard.
                silence.expires_after(10us);
                last_heard = std::chrono::steady_clock::now();
            });
            context.restart();
            context.run();
        }
    });
}

/// Waits without a limit for a server that may lose its power.
void missing_timeout(simulation& world, bool mended) {
    auto const server = std::make_shared<boost_selectors::simulated_host>(world.host("server"));
    server->service([] { echo(listen_at(4000)); });
    world.host("client").run([mended] {
        std::this_thread::sleep_for(1s);
        handle const s = connect_to("server", "4000");
        timeval const minute{60, 0};
        if (mended)
            checked(::setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof(minute)));
        std::this_thread::sleep_for(std::chrono::milliseconds(std::random_device{}() % 100));
        auto const start = now();
        ::send(s, "x", 1, MSG_NOSIGNAL);
        ::shutdown(s, SHUT_WR);
        char byte;
        ::recv(s, &byte, 1, 0);
        expect(now() - start < 2min, "it waits for too long");
    });
    world.at(1050ms, [=] { server->crash(); });
}

struct planted {
    char const* name;
    void (*program)(simulation&, bool mended);

    friend std::ostream& operator<<(std::ostream& out, planted const& p) { return out << p.name; }
};

planted const all[] = {
    {"lost_wakeup", lost_wakeup},
    {"spurious_wakeup", spurious_wakeup},
    {"deadlock_of_two_mutexes", deadlock_of_two_mutexes},
    {"made_twice", made_twice},
    {"short_write", short_write},
    {"short_read", short_read},
    {"missing_retry", missing_retry},
    {"order_of_datagrams", order_of_datagrams},
    {"clock_that_is_set", clock_that_is_set},
    {"use_after_cancel", use_after_cancel},
    {"timeout_against_completion", timeout_against_completion},
    {"missing_strand", missing_strand},
    {"double_close", double_close},
    {"signal_without_lock", signal_without_lock},
    {"repeated_request", repeated_request},
    {"accept_loop_that_ends", accept_loop_that_ends},
    {"error_as_end", error_as_end},
    {"buffer_in_use", buffer_in_use},
    {"stale_timer", stale_timer},
    {"missing_timeout", missing_timeout},
};

BOOST_DATA_TEST_CASE(a_planted_mistake_is_found, boost::unit_test::data::make(all), p) {
    explore_options options;
    options.most_failures = 1;
    auto const test = [&](bool mended) {
        return [&p, mended](std::uint64_t seed) {
            simulation world{{.seed = seed}};
            p.program(world, mended);
            world.run();
        };
    };
    auto const found = explore(1'000, test(false), options);
    BOOST_TEST(!found.failed.empty());
    BOOST_TEST(found.unrepeatable.empty());
    auto const& suite = boost::unit_test::framework::master_test_suite();
    std::uint64_t const without = suite.argc > 1 ? std::strtoull(suite.argv[1], nullptr, 10) : 200;
    BOOST_TEST(explore(without, test(true), options).failed.empty());
}

} // namespace
