// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Boost.Asio on simulated hosts: what of it waits, waits in virtual time.

#define BOOST_TEST_MODULE simulation_asio
#include <boost/asio.hpp>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/asio.hpp>
#include <boost_selectors/simulation.hpp>
#include <csignal>
#include <functional>
#include <memory>
#include <set>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using boost::system::error_code;
using boost_selectors::simulation;
using namespace std::chrono_literals;

template <class F>
std::uint64_t run(F program, std::uint64_t seed = 1) {
    simulation world{{.seed = seed}};
    world.host("one").run(program);
    world.run();
    return world.trace_hash();
}

asio::awaitable<void> echo(tcp::socket s) {
    char data[1024];
    try {
        for (;;) {
            auto const n = co_await s.async_read_some(asio::buffer(data), asio::use_awaitable);
            co_await async_write(s, asio::buffer(data, n), asio::use_awaitable);
        }
    } catch (boost::system::system_error const&) { // The client has gone.
    }
}

asio::awaitable<void> accept_all(tcp::acceptor acceptor) {
    for (;;) {
        auto s = co_await acceptor.async_accept(asio::use_awaitable);
        auto const executor = s.get_executor();
        co_spawn(executor, echo(std::move(s)), asio::detached);
    }
}

void serve(asio::io_context& context) {
    co_spawn(context, accept_all(tcp::acceptor(context, {tcp::v6(), 4000})), asio::detached);
    context.run();
}

BOOST_AUTO_TEST_CASE(a_context_of_a_host_has_the_simulated_selector) {
    run([] {
        boost_selectors::selector_context context;
        BOOST_TEST(context.selector().name() == "simulation");
    });
    boost_selectors::selector_context context;
    BOOST_TEST(context.selector().name() != "simulation");
}

template <class Timer>
void wait_for_an_hour() {
    asio::io_context context;
    Timer timer(context, 1h);
    auto const start = Timer::clock_type::now();
    bool waited = false;
    timer.async_wait([&](error_code ec) { waited = !ec; });
    context.run();
    BOOST_TEST(waited);
    auto const time = Timer::clock_type::now() - start;
    BOOST_TEST((time >= 1h && time < 1h + 1s));
}

BOOST_AUTO_TEST_CASE(timers_of_every_clock_wait_in_virtual_time) {
    run([] {
        wait_for_an_hour<asio::steady_timer>();
        wait_for_an_hour<asio::system_timer>();
        wait_for_an_hour<asio::high_resolution_timer>();
    });
}

BOOST_AUTO_TEST_CASE(ten_timeouts_of_an_hour_take_no_time) {
    auto const start = std::chrono::steady_clock::now();
    run([] {
        asio::io_context context;
        for (int i = 0; i < 10; ++i)
            wait_for_an_hour<asio::steady_timer>();
    });
    BOOST_TEST((std::chrono::steady_clock::now() - start < 10s));
}

BOOST_AUTO_TEST_CASE(a_server_and_its_clients_meet_by_name) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        simulation world{{.seed = seed}};
        world.link("client", "server").latency(1ms, 100ms).loss(0.05);
        world.host("server").service([] {
            asio::io_context context;
            serve(context);
        });
        int echoed = 0;
        world.host("client").run([&] {
            asio::io_context context;
            for (int i = 0; i < 10; ++i)
                co_spawn(
                    context,
                    [&]() -> asio::awaitable<void> {
                        asio::steady_timer pause(context, 1s);
                        co_await pause.async_wait(asio::use_awaitable);
                        tcp::resolver resolver(context);
                        auto const found =
                            co_await resolver.async_resolve("server", "4000", asio::use_awaitable);
                        tcp::socket s(context);
                        co_await asio::async_connect(s, found, asio::use_awaitable);
                        std::string const text(10'000, 'x');
                        co_await asio::async_write(s, asio::buffer(text), asio::use_awaitable);
                        std::string answer(text.size(), ' ');
                        co_await asio::async_read(s, asio::buffer(answer), asio::use_awaitable);
                        echoed += answer == text;
                    },
                    [](std::exception_ptr e) {
                        if (e)
                            std::rethrow_exception(e);
                    });
            context.run();
        });
        world.run();
        BOOST_TEST(echoed == 10);
    }
}

BOOST_AUTO_TEST_CASE(blocking_calls_wait_in_virtual_time) {
    simulation world;
    world.host("server").service([] {
        asio::io_context context;
        tcp::acceptor acceptor(context, {tcp::v4(), 4000});
        std::this_thread::sleep_for(1h);
        auto s = acceptor.accept();
        std::string text;
        asio::read_until(s, asio::dynamic_buffer(text), '\n');
        std::this_thread::sleep_for(1h);
        asio::write(s, asio::buffer(text));
    });
    world.host("client").run([] {
        asio::io_context context;
        tcp::resolver resolver(context);
        tcp::socket s(context);
        std::this_thread::sleep_for(1s);
        asio::connect(s, resolver.resolve(tcp::v4(), "server", "4000"));
        asio::write(s, asio::buffer("hello\n", 6));
        std::string text;
        BOOST_TEST(asio::read_until(s, asio::dynamic_buffer(text), '\n') == 6u);
    });
    world.run();
    BOOST_TEST((world.now() >= 2h && world.now() < 2h + 1min));
}

BOOST_AUTO_TEST_CASE(datagrams_and_their_timeouts) {
    simulation world;
    world.link("client", "server").loss(0.3);
    world.host("server").service([] {
        asio::io_context context;
        udp::socket s(context, {udp::v4(), 5000});
        for (;;) {
            char data[100];
            udp::endpoint from;
            auto const n = s.receive_from(asio::buffer(data), from);
            s.send_to(asio::buffer(data, n), from);
        }
    });
    int answered = 0;
    world.host("client").run([&] {
        asio::io_context context;
        udp::socket s(context, udp::endpoint(udp::v4(), 0));
        auto const to = *udp::resolver(context).resolve(udp::v4(), "server", "5000").begin();
        std::this_thread::sleep_for(1s);
        for (int i = 0; i < 50; ++i) {
            s.send_to(asio::buffer("hello", 5), to);
            char data[100];
            udp::endpoint from;
            asio::steady_timer timer(context, 1s);
            s.async_receive_from(asio::buffer(data), from, [&](error_code ec, std::size_t) {
                answered += !ec;
                timer.cancel();
            });
            timer.async_wait([&](error_code ec) {
                if (!ec)
                    s.cancel();
            });
            context.restart();
            context.run();
        }
    });
    world.run();
    BOOST_TEST(answered > 10);
    BOOST_TEST(answered < 40);
}

BOOST_AUTO_TEST_CASE(several_threads_run_one_context) {
    std::set<std::uint64_t> hashes;
    for (int again = 0; again < 20; ++again)
        hashes.insert(run([] {
            asio::io_context context;
            auto strand = asio::make_strand(context);
            int counted = 0;
            std::set<std::thread::id> threads;
            for (int i = 0; i < 100; ++i)
                asio::post(context, [&, strand] {
                    asio::post(strand, [&] {
                        ++counted;
                        threads.insert(std::this_thread::get_id());
                    });
                });
            {
                std::vector<std::jthread> runners;
                for (int i = 0; i < 4; ++i)
                    runners.emplace_back([&] { context.run(); });
            }
            BOOST_TEST(counted == 100);
            BOOST_TEST(threads.size() > 1u);
        }));
    BOOST_TEST(hashes.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_thread_pool_is_deterministic) {
    std::set<std::uint64_t> hashes;
    for (int again = 0; again < 20; ++again)
        hashes.insert(run([] {
            asio::thread_pool pool(3);
            std::atomic<int> done{0};
            for (int i = 0; i < 50; ++i)
                asio::post(pool, [&] {
                    std::this_thread::sleep_for(1s);
                    ++done;
                });
            auto const last = asio::post(pool, asio::use_future([] { return 5; }));
            pool.join();
            BOOST_TEST(done == 50);
        }));
    BOOST_TEST(hashes.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_context_stops_and_restarts) {
    run([] {
        asio::io_context context;
        auto const work = asio::make_work_guard(context);
        std::jthread other([&] {
            std::this_thread::sleep_for(1h);
            context.stop();
        });
        context.run();
        BOOST_TEST(context.stopped());
        other.join();
        context.restart();
        bool called = false;
        asio::post(context, [&] { called = true; });
        BOOST_TEST(context.poll() == 1u);
        BOOST_TEST(called);
        BOOST_TEST(context.run_for(1h) == 0u);
    });
}

BOOST_AUTO_TEST_CASE(signal_sets_hear_signals_of_their_host) {
    run([] {
        asio::io_context context;
        asio::signal_set signals(context, SIGUSR1, SIGTERM);
        std::vector<int> heard;
        std::function<void()> const wait = [&] {
            signals.async_wait([&](error_code, int number) {
                heard.push_back(number);
                if (heard.size() < 2)
                    wait();
            });
        };
        wait();
        std::jthread const other([] {
            std::this_thread::sleep_for(1h);
            std::raise(SIGUSR1);
            std::this_thread::sleep_for(1h);
            ::kill(::getpid(), SIGTERM);
        });
        context.run();
        BOOST_TEST((heard == std::vector{SIGUSR1, SIGTERM}));
    });
}

BOOST_AUTO_TEST_CASE(test_sends_a_signal_to_a_host) {
    boost_selectors::simulation world;
    auto host = world.host("host");
    int heard = 0;
    host.run([&] {
        asio::io_context context;
        asio::signal_set signals(context, SIGTERM);
        signals.async_wait([&](error_code, int number) { heard = number; });
        context.run();
    });
    world.at(1h, [&] { host.signal(SIGTERM); });
    world.run();
    BOOST_TEST(heard == SIGTERM);
    BOOST_TEST((world.now() >= 1h));
    BOOST_CHECK_THROW(host.signal(0), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(signal_that_nobody_handles_ends_its_host) {
    boost_selectors::simulation world;
    auto host = world.host("host");
    host.run([] { std::this_thread::sleep_for(2h); });
    world.host("suicide").run([] {
        std::this_thread::sleep_for(30min);
        ::kill(::getpid(), SIGTERM);
    });
    world.host("careless").run([] { // It writes into a connection that nobody reads any more.
        int ends[2];
        BOOST_TEST(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
        ::close(ends[0]);
        BOOST_TEST(::write(ends[1], "x", 1) == 1);
        BOOST_ERROR("it goes on after SIGPIPE");
    });
    world.at(1h, [&] { host.signal(SIGTERM); });
    world.run();
    BOOST_TEST((world.now() >= 1h && world.now() < 2h));
}

BOOST_AUTO_TEST_CASE(local_sockets_and_pipes) {
    run([] {
        asio::io_context context;
        asio::local::stream_protocol::socket a(context);
        asio::local::stream_protocol::socket b(context);
        asio::local::connect_pair(a, b);
        asio::readable_pipe in(context);
        asio::writable_pipe out(context);
        asio::connect_pipe(in, out);
        std::string through_pair(5, ' ');
        std::string through_pipe(5, ' ');
        int read = 0;
        asio::async_read(b, asio::buffer(through_pair), [&](error_code ec, auto) { read += !ec; });
        asio::async_read(in, asio::buffer(through_pipe), [&](error_code ec, auto) { read += !ec; });
        asio::steady_timer timer(context, 1h);
        timer.async_wait([&](error_code) {
            asio::write(a, asio::buffer("hello", 5));
            asio::write(out, asio::buffer("world", 5));
        });
        context.run();
        BOOST_TEST(read == 2);
        BOOST_TEST(through_pair == "hello");
        BOOST_TEST(through_pipe == "world");
    });
}

/// Virtual time is exact, so the statistics can be, too.
BOOST_AUTO_TEST_CASE(statistics_tell_how_long_the_loop_worked_and_how_late_timers_were) {
    run([] {
        boost_selectors::selector_context context;
        asio::steady_timer busy(context, 1s);
        asio::steady_timer late(context, 3s);
        busy.async_wait([](error_code) { std::this_thread::sleep_for(5s); }); // Until second 6.
        late.async_wait([](error_code) {});
        context.run();
        auto const s = context.get_statistics();
        auto const is_about = [](std::uint64_t ns, std::chrono::nanoseconds time) {
            auto const t = static_cast<std::uint64_t>(time.count());
            return ns >= t && ns <= t + t / 16 + 100'000;
        };
        BOOST_TEST(is_about(s.lag.max(), 5s));
        BOOST_TEST(s.timer_lateness.count() == 2u);
        BOOST_TEST(is_about(s.timer_lateness.max(), 3s));
        BOOST_TEST(s.timer_lateness.quantile(0.5) < 100'000u);
        BOOST_TEST((s.waiting > 1s - 1ms && s.waiting < 1s + 1ms));
        BOOST_TEST((s.working >= 5s && s.working < 5s + 1ms));
        BOOST_TEST(s.utilization() > 0.83);
        BOOST_TEST(s.utilization() < 0.84);
    });
}

/// How late timers were, in sum.
std::chrono::nanoseconds lateness(boost_selectors::context_statistics const& s) {
    return std::chrono::nanoseconds(s.timer_lateness.sum());
}

bool is_about(std::chrono::nanoseconds measured, std::chrono::nanoseconds wanted) {
    return measured >= wanted - 1us && measured <= wanted + 100us;
}

BOOST_AUTO_TEST_CASE(a_tick_that_works_after_it_has_set_its_timer_is_late) {
    run([] {
        boost_selectors::selector_context context;
        asio::steady_timer timer(context, 10ms);
        int ticks = 0;
        std::function<void(error_code)> const tick = [&](error_code) {
            if (++ticks == 4)
                return;
            timer.expires_after(10ms);
            timer.async_wait(tick);
            std::this_thread::sleep_for(30ms);
        };
        timer.async_wait(tick);
        context.run();
        auto const s = context.get_statistics();
        BOOST_TEST(s.timer_lateness.count() == 4u);
        BOOST_TEST(is_about(lateness(s), 3 * 20ms));
    });
}

template <class Timer>
void set_a_timer_and_block() {
    boost_selectors::selector_context context;
    Timer timer(context);
    asio::post(context, [&] {
        timer.expires_after(1ms);
        timer.async_wait([](error_code) {});
        std::this_thread::sleep_for(100ms);
    });
    context.run();
    BOOST_TEST(is_about(lateness(context.get_statistics()), 99ms));
}

BOOST_AUTO_TEST_CASE(a_timer_of_a_handler_that_blocks_is_late) {
    run(set_a_timer_and_block<asio::steady_timer>);
    run(set_a_timer_and_block<asio::system_timer>);
}

BOOST_AUTO_TEST_CASE(a_timer_is_late_although_another_one_is_cancelled_meanwhile) {
    run([] {
        boost_selectors::selector_context context;
        asio::steady_timer late(context, 10ms);
        asio::steady_timer other(context, 1h);
        late.async_wait([](error_code) {});
        other.async_wait([](error_code) {});
        asio::steady_timer blocks(context, 1ms);
        blocks.async_wait([&](error_code) {
            other.cancel();
            std::this_thread::sleep_for(100ms);
        });
        context.run();
        auto const s = context.get_statistics();
        BOOST_TEST(s.timer_lateness.count() == 2u);
        BOOST_TEST(is_about(lateness(s), 91ms));
    });
}

BOOST_AUTO_TEST_CASE(a_timer_whose_time_is_over_when_it_is_set_is_not_late) {
    run([] {
        boost_selectors::selector_context context;
        asio::steady_timer first(context, 1s);
        asio::steady_timer over(context);
        first.async_wait([&](error_code) {
            over.expires_at((asio::steady_timer::time_point::min)());
            over.async_wait([](error_code) {});
        });
        context.run();
        auto const s = context.get_statistics();
        BOOST_TEST(s.timer_lateness.count() == 2u);
        BOOST_TEST(is_about(lateness(s), 0s));
    });
}

BOOST_AUTO_TEST_CASE(an_old_timer_that_was_cancelled_is_forgotten) {
    run([] {
        boost_selectors::selector_context context;
        auto const work = asio::make_work_guard(context);
        std::thread loop([&] { context.run(); });
        std::this_thread::sleep_for(1ms);
        asio::post(context, [&] {
            asio::steady_timer cancelled(context, 1s);
            cancelled.async_wait([](error_code) {});
        });
        std::this_thread::sleep_for(1h);
        asio::steady_timer timer(context);
        asio::post(context, [&] {
            timer.expires_after(1ms);
            timer.async_wait([&](error_code) { context.stop(); });
            std::this_thread::sleep_for(2ms);
        });
        loop.join();
        BOOST_TEST(is_about(lateness(context.get_statistics()), 1ms));
    });
}

/// Its waits fail.
struct failing_backend final : boost_selectors::forwarding_backend {
    explicit failing_backend(std::unique_ptr<boost_selectors::selector_backend> inner)
        : forwarding_backend(std::move(inner)) {}

    void wait(std::chrono::nanoseconds, std::size_t, std::error_code& ec) override {
        ec = std::make_error_code(std::errc::io_error);
    }
};

BOOST_AUTO_TEST_CASE(waits_that_fail_do_not_count_the_work_before_them_again) {
    run([] {
        boost_selectors::selector_context context(
            std::in_place_type<failing_backend>, boost_selectors::make_backend());
        asio::steady_timer timer(context, 1h);
        timer.async_wait([](error_code) {});
        BOOST_CHECK_THROW(context.poll(), boost::system::system_error);
        std::this_thread::sleep_for(1s);
        for (int i = 0; i < 10; ++i)
            BOOST_CHECK_THROW(context.poll(), boost::system::system_error);
        BOOST_TEST(is_about(context.get_statistics().working, 1s));
    });
}

BOOST_AUTO_TEST_CASE(a_cancelled_timer_does_not_make_the_next_one_late) {
    run([] {
        boost_selectors::selector_context context;
        asio::steady_timer cancelled(context, 1s);
        asio::steady_timer next(context, 10s);
        bool done = false;
        cancelled.async_wait([](error_code) {});
        next.async_wait([&](error_code) { done = true; });
        context.poll(); // The loop knows the first one.
        cancelled.cancel();
        // From now on it never sleeps, so it only polls.
        std::function<void()> again = [&] {
            std::this_thread::sleep_for(1ms);
            if (!done)
                asio::post(context, again);
        };
        again();
        context.run();
        auto const s = context.get_statistics();
        BOOST_TEST(s.timer_lateness.count() == 1u);
        BOOST_TEST(s.timer_lateness.max() < 3'000'000u);
    });
}

} // namespace
