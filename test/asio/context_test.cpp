// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Execution contexts run, poll, stop and are destroyed as Boost.Asio documents.

#define BOOST_TEST_MODULE asio_context
#include "watched.hpp"

#include <boost/core/bit.hpp>
#include <boost/mpl/list_c.hpp>
#include <boost_selectors/prometheus.hpp>
#include <csignal>
#include <deque>
#include <iomanip>
#include <limits>
#include <sstream>
#include <string_view>
#include <vector>

using namespace asio_test;
namespace error = asio::error;
using stream_protocol = local_stream;

namespace {

/// A connection with a pending read at one end.
struct reading {
    explicit reading(asio::io_context& context)
        : pair(connect_local(context)) {
        pair.first.async_read_some(asio::buffer(&data, 1), into(read));
    }

    socket_pair<stream_protocol> pair;
    char data = 0;
    outcome read;
};

/// Answers each byte that it receives, until it has received @p trips bytes.
class echo : public std::enable_shared_from_this<echo> {
public:
    echo(stream_protocol::socket socket, int trips, std::atomic<int>& finished)
        : socket_(std::move(socket))
        , trips_(trips)
        , finished_(finished) {}

    void start() {
        socket_.async_read_some(asio::buffer(&data_, 1),
            [self = shared_from_this()](error_code ec, std::size_t) { self->on_read(ec); });
    }

    void send() {
        socket_.async_write_some(
            asio::buffer(&data_, 1), [self = shared_from_this()](error_code, std::size_t) {});
    }

private:
    void on_read(error_code ec) {
        if (ec)
            return;
        ++data_;
        send();
        if (--trips_ == 0)
            ++finished_;
        else
            start();
    }

    stream_protocol::socket socket_;
    int trips_;
    std::atomic<int>& finished_;
    char data_ = 0;
};

/// Starts two such objects that answer each other.
void start_echo(asio::io_context& context, int trips, std::atomic<int>& finished) {
    auto pair = connect_local(context);
    auto const first = std::make_shared<echo>(std::move(pair.first), trips, finished);
    auto const second = std::make_shared<echo>(std::move(pair.second), trips, finished);
    first->start();
    second->start();
    first->send();
}

using hints = boost::mpl::list_c<int, 1, 2, BOOST_ASIO_CONCURRENCY_HINT_UNSAFE,
    BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO, BOOST_ASIO_CONCURRENCY_HINT_SAFE>;

} // namespace

BOOST_AUTO_TEST_SUITE(running)

BOOST_AUTO_TEST_CASE(run_returns_when_there_is_no_work) {
    asio::io_context context;
    tcp::socket const idle(context, tcp::v4());
    asio::steady_timer const unused(context, 1h);
    BOOST_TEST(run(context) == 0u);
    BOOST_TEST(context.stopped());
    BOOST_TEST(run(context) == 0u);
}

BOOST_AUTO_TEST_CASE(run_counts_the_handlers) {
    asio::io_context context;
    reading r(context);
    asio::steady_timer timer(context, 1ms);
    timer.async_wait([](error_code) {});
    asio::post(context, [] {});
    send(r.pair.second, "x");
    BOOST_TEST(run(context) == 3u);
}

BOOST_AUTO_TEST_CASE(run_one_runs_one_handler) {
    asio::io_context context;
    reading a(context), b(context);
    send(a.pair.second, "x");
    send(b.pair.second, "x");
    BOOST_TEST(context.run_one() == 1u);
    BOOST_TEST(a.read.calls + b.read.calls == 1);
    BOOST_TEST(context.run_one() == 1u);
    BOOST_TEST(a.read.calls + b.read.calls == 2);
    BOOST_TEST(context.run_one() == 0u);
}

BOOST_AUTO_TEST_CASE(a_work_guard_keeps_run_going) {
    asio::io_context context;
    asio::steady_timer const uses_the_selector(context);
    auto guard = asio::make_work_guard(context);
    bool called = false;
    std::thread thread([&] {
        std::this_thread::sleep_for(moment);
        asio::post(context, [&] {
            called = true;
            guard.reset();
        });
    });
    run(context);
    thread.join();
    BOOST_TEST(called);
}

BOOST_AUTO_TEST_CASE(run_for_ends_in_time_and_not_before) {
    asio::io_context context;
    reading r(context);
    auto const start = steady::now();
    BOOST_TEST(context.run_for(20ms) == 0u);
    BOOST_TEST((steady::now() - start >= 20ms));
    BOOST_TEST((steady::now() - start < deadline));
    BOOST_TEST(!context.stopped());
    BOOST_TEST(context.run_one_for(5ms) == 0u);
    BOOST_TEST(context.run_until(steady::now() - 1s) == 0u);
    send(r.pair.second, "x");
    BOOST_TEST(context.run_one_for(deadline) == 1u);
    BOOST_TEST(r.read.succeeded());
}

BOOST_AUTO_TEST_CASE(run_for_serves_timers_and_sockets_within_its_time) {
    asio::io_context context;
    reading r(context);
    asio::steady_timer timer(context, 5ms);
    outcome waited;
    timer.async_wait([&](error_code ec) {
        into{waited}(ec);
        send(r.pair.second, "x");
    });
    context.run_for(deadline);
    BOOST_TEST(waited.succeeded());
    BOOST_TEST(r.read.succeeded());
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_CASE(stop_ends_run_and_restart_takes_up_where_it_was) {
    asio::io_context context;
    reading a(context), b(context);
    asio::post(context, [&] { context.stop(); });
    asio::post(context, [&] { send(a.pair.second, "x"); });
    run(context);
    BOOST_TEST(context.stopped());
    BOOST_TEST(a.read.calls == 0);
    BOOST_TEST(context.run() == 0u);
    BOOST_TEST(context.poll() == 0u);
    send(b.pair.second, "x");
    run(context);
    BOOST_TEST(a.read.succeeded());
    BOOST_TEST(b.read.succeeded());
}

BOOST_AUTO_TEST_CASE(stop_from_another_thread_ends_a_sleep) {
    asio::io_context context;
    reading const r(context);
    std::thread thread([&] {
        std::this_thread::sleep_for(moment);
        context.stop();
    });
    run(context);
    thread.join();
    BOOST_TEST(context.stopped());
    BOOST_TEST(r.read.calls == 0);
}

BOOST_AUTO_TEST_CASE(an_exception_of_a_handler_leaves_run_and_the_rest_goes_on) {
    asio::io_context context;
    reading r(context);
    asio::post(context, [] { throw std::runtime_error("of the handler"); });
    asio::post(context, [&] { send(r.pair.second, "x"); });
    BOOST_CHECK_THROW(run(context), std::runtime_error);
    BOOST_TEST(run(context) == 2u);
    BOOST_TEST(r.read.succeeded());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(polling)

BOOST_AUTO_TEST_CASE(poll_finds_what_is_ready_and_never_sleeps) {
    asio::io_context context;
    reading a(context), b(context);
    asio::steady_timer over(context, -1ms), distant(context, 1h);
    outcome expired;
    over.async_wait(into(expired));
    distant.async_wait([](error_code) {});
    send(a.pair.second, "x");
    BOOST_TEST(context.poll() == 2u);
    BOOST_TEST(a.read.succeeded());
    BOOST_TEST(expired.succeeded());
    BOOST_TEST(context.poll() == 0u);
    send(b.pair.second, "x");
    BOOST_TEST(context.poll_one() == 1u);
    BOOST_TEST(b.read.succeeded());
}

BOOST_AUTO_TEST_CASE(poll_runs_what_a_handler_posts) {
    asio::io_context context;
    reading const keeps_work(context);
    int calls = 0;
    asio::post(context, [&] {
        ++calls;
        asio::post(context, [&] { ++calls; });
    });
    BOOST_TEST(context.poll() == 2u);
    BOOST_TEST(calls == 2);
}

BOOST_AUTO_TEST_CASE(poll_finds_a_socket_that_a_handler_has_made_ready) {
    asio::io_context context;
    reading r(context);
    asio::post(context, [&] { send(r.pair.second, "x"); });
    std::size_t handlers = context.poll();
    if (r.read.calls == 0)
        handlers += context.poll(); // As with Asio's own reactor, the next call finds it.
    BOOST_TEST(handlers == 2u);
    BOOST_TEST(r.read.succeeded());
}

BOOST_AUTO_TEST_CASE(poll_one_finds_a_socket_that_a_handler_has_made_ready) {
    asio::io_context context;
    reading r(context);
    asio::post(context, [&] { send(r.pair.second, "x"); });
    BOOST_TEST(context.poll_one() == 1u);
    BOOST_TEST(r.read.calls == 0);
    BOOST_TEST(context.poll_one() == 1u);
    BOOST_TEST(r.read.succeeded());
}

BOOST_AUTO_TEST_CASE(poll_one_finds_each_of_a_chain_of_sockets) {
    asio::io_context context;
    std::deque<socket_pair<stream_protocol>> chain;
    std::vector<char> data(20);
    int reached = 0;
    for (std::size_t i = 0; i < data.size(); ++i)
        chain.push_back(connect_local(context));
    for (std::size_t i = 0; i < data.size(); ++i)
        chain[i].first.async_read_some(asio::buffer(&data[i], 1), [&, i](error_code, std::size_t) {
            ++reached;
            if (i + 1 < chain.size())
                send(chain[i + 1].second, "x");
        });
    send(chain[0].second, "x");
    for (int i = 1; i <= 20; ++i) {
        BOOST_TEST(context.poll_one() == 1u);
        BOOST_TEST(reached == i);
    }
}

BOOST_AUTO_TEST_CASE(poll_finds_a_timer_that_expired_in_between) {
    asio::io_context context;
    asio::steady_timer timer(context, 5ms);
    outcome waited;
    timer.async_wait(into(waited));
    BOOST_TEST(context.poll() == 0u);
    while (steady::now() <= timer.expiry()) // A sleep on Windows may end early.
        std::this_thread::sleep_for(1ms);
    BOOST_TEST(context.poll() == 1u);
    BOOST_TEST(waited.succeeded());
}

BOOST_AUTO_TEST_CASE(poll_one_finds_a_timer_that_a_handler_has_set) {
    asio::io_context context;
    asio::steady_timer timer(context);
    outcome waited;
    asio::post(context, [&] {
        timer.expires_after(0s);
        timer.async_wait(into(waited));
    });
    BOOST_TEST(context.poll_one() == 1u);
    BOOST_TEST(context.poll_one() == 1u);
    BOOST_TEST(waited.succeeded());
}

BOOST_AUTO_TEST_CASE(handlers_may_poll_and_run_their_context) {
    asio::io_context context;
    reading r(context);
    bool inside = false;
    asio::post(context, [&] {
        send(r.pair.second, "x");
        while (context.poll_one() == 0 && r.read.calls == 0) {
        }
        inside = r.read.calls == 1;
    });
    run(context);
    BOOST_TEST(inside);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(ending)

BOOST_AUTO_TEST_CASE(operations_of_every_kind_are_destroyed_with_their_context) {
    auto const token = std::make_shared<int>();
    {
        asio::io_context context;
        auto streams = std::make_shared<socket_pair<tcp>>(connect_tcp(context));
        auto datagrams = std::make_shared<socket_pair<udp>>(connect_udp(context));
        auto acceptor = std::make_shared<tcp::acceptor>(context, loopback());
        auto accepted = std::make_shared<tcp::socket>(context);
#if defined(BOOST_ASIO_HAS_PIPE)
        auto reader = std::make_shared<asio::readable_pipe>(context);
        auto writer = std::make_shared<asio::writable_pipe>(context);
        asio::connect_pipe(*reader, *writer);
#endif
        auto timer = std::make_shared<asio::steady_timer>(context, 1h);
        auto signals = std::make_shared<asio::signal_set>(context, SIGINT);
        auto resolver = std::make_shared<tcp::resolver>(context);
        auto data = std::make_shared<std::array<char, 16>>();
        // Each handler owns the I/O object that it waits for.
        auto const own = [token](auto... objects) {
            return [token, objects...](auto&&...) { BOOST_ERROR("a handler was called"); };
        };
        fill(streams->first);
        streams->first.async_write_some(asio::buffer(*data), own(streams, data));
        streams->first.async_read_some(asio::buffer(*data), own(streams, data));
        streams->second.async_wait(tcp::socket::wait_error, own(streams));
        datagrams->first.async_receive(asio::buffer(*data), own(datagrams, data));
        acceptor->async_accept(*accepted, own(acceptor, accepted));
#if defined(BOOST_ASIO_HAS_PIPE)
        reader->async_read_some(asio::buffer(*data), own(reader, writer, data));
#endif
        timer->async_wait(own(timer));
        signals->async_wait(own(signals));
        resolver->async_resolve("127.0.0.1", "1", own(resolver));
        asio::post(context, own(streams, timer));
        BOOST_TEST(token.use_count() > 9);
    }
    BOOST_TEST(token.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(a_context_ends_after_it_has_run_with_all_that_still_waits) {
    auto const token = std::make_shared<int>();
    {
        asio::io_context context;
        auto pair = std::make_shared<socket_pair<stream_protocol>>(connect_local(context));
        auto timer = std::make_shared<asio::steady_timer>(context, 1h);
        auto data = std::make_shared<char>();
        pair->first.async_read_some(
            asio::buffer(data.get(), 1), [token, pair, data](error_code, std::size_t) {});
        pair->second.async_wait(stream_protocol::socket::wait_read, [token, pair](error_code) {});
        timer->async_wait([token, timer, pair](error_code) {});
        context.run_for(5ms);
    }
    BOOST_TEST(token.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(handlers_that_start_operations_when_destroyed_do_no_harm) {
    struct restarts {
        explicit restarts(asio::io_context& context)
            : timer(context, 1h)
            , pair(connect_local(context)) {}

        ~restarts() {
            auto const keep = token;
            timer.expires_after(1h);
            timer.async_wait([keep](error_code) {});
            pair.first.async_wait(stream_protocol::socket::wait_read, [keep](error_code) {});
        }

        asio::steady_timer timer;
        socket_pair<stream_protocol> pair;
        std::shared_ptr<int> token;
    };
    auto const token = std::make_shared<int>();
    {
        asio::io_context context;
        auto object = std::make_shared<restarts>(context);
        object->token = token;
        object->timer.async_wait([object](error_code) {});
        poll_often(context);
    }
    BOOST_TEST(token.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(a_stopped_context_can_be_destroyed_while_operations_are_done) {
    for (int i = 0; i < 50; ++i) {
        asio::io_context context;
        std::atomic<int> finished = 0;
        start_echo(context, 1'000'000, finished);
        std::thread thread([&] { context.run(); });
        std::this_thread::sleep_for(200us);
        context.stop();
        thread.join();
    }
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(threads)

BOOST_AUTO_TEST_CASE(several_threads_serve_many_connections_of_one_context) {
    watchdog const guard;
    asio::io_context context;
    std::atomic<int> finished = 0;
    for (int i = 0; i < 50; ++i)
        start_echo(context, rounds(300), finished);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] { context.run(); });
    for (std::thread& thread : threads)
        thread.join();
    BOOST_TEST(finished == 100);
}

BOOST_AUTO_TEST_CASE(several_contexts_run_on_threads_of_their_own) {
    watchdog const guard;
    std::deque<asio::io_context> contexts(4);
    std::atomic<int> finished = 0;
    std::vector<std::thread> threads;
    for (asio::io_context& context : contexts) {
        for (int i = 0; i < 10; ++i)
            start_echo(context, rounds(300), finished);
        threads.emplace_back([&] { context.run(); });
    }
    for (std::thread& thread : threads)
        thread.join();
    BOOST_TEST(finished == 80);
}

BOOST_AUTO_TEST_CASE(a_strand_runs_one_handler_at_a_time) {
    watchdog const guard;
    asio::io_context context;
    auto const strand = asio::make_strand(context);
    std::deque<asio::steady_timer> timers;
    int inside = 0, most = 0, calls = 0; // Protected only by the strand.
    for (int i = 0; i < 200; ++i)
        timers.emplace_back(context, i % 5 * 1ms)
            .async_wait(asio::bind_executor(strand, [&](error_code) {
                most = std::max(most, ++inside);
                ++calls;
                std::this_thread::yield();
                --inside;
            }));
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
        threads.emplace_back([&] { context.run(); });
    for (std::thread& thread : threads)
        thread.join();
    BOOST_TEST(calls == 200);
    BOOST_TEST(most == 1);
}

BOOST_AUTO_TEST_CASE(sockets_of_a_strand_are_served) {
    asio::io_context context;
    auto strand = asio::make_strand(context);
    asio::basic_stream_socket<stream_protocol, decltype(strand)> one(strand), other(strand);
    connect_pair(one, other);
    char data = 0;
    outcome read, written;
    one.async_read_some(asio::buffer(&data, 1), into(read));
    other.async_write_some(asio::buffer("x", 1), into(written));
    run(context);
    BOOST_TEST(read.succeeded());
    BOOST_TEST(data == 'x');
}

BOOST_AUTO_TEST_CASE_TEMPLATE(every_concurrency_hint_works, hint, hints) {
    asio::io_context context(hint::value);
    std::atomic<int> finished = 0;
    for (int i = 0; i < 5; ++i)
        start_echo(context, 20, finished);
    reading r(context);
    asio::steady_timer timer(context, 2ms);
    timer.async_wait([&](error_code) { send(r.pair.second, "x"); });
    run(context);
    BOOST_TEST(finished == 10);
    BOOST_TEST(r.read.succeeded());
    reading cancelled(context);
    cancelled.pair.first.cancel();
    run(context);
    BOOST_TEST(cancelled.read.aborted());
}

BOOST_AUTO_TEST_CASE(with_hint_1_other_threads_may_post_and_stop) {
    asio::io_context context(1);
    reading const r(context);
    std::atomic<int> posted = 0;
    {
        background_run const runner(context);
        for (int i = 0; i < 1000; ++i)
            asio::post(context, [&] { ++posted; });
        BOOST_TEST(eventually([&] { return posted == 1000; }));
    }
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(other_contexts)

BOOST_AUTO_TEST_CASE(a_thread_pool_serves_sockets_and_timers) {
    watchdog const guard;
    asio::thread_pool pool(3);
    tcp::acceptor acceptor(pool, loopback());
    tcp::socket one(pool), other(pool);
    one.connect(acceptor.local_endpoint());
    acceptor.accept(other);
    asio::steady_timer timer(pool, 2ms);
    std::atomic<int> done = 0;
    char data = 0;
    one.async_read_some(asio::buffer(&data, 1), [&](error_code ec, std::size_t) { done += !ec; });
    timer.async_wait([&](error_code ec) {
        done += !ec;
        other.async_write_some(
            asio::buffer("x", 1), [&](error_code e, std::size_t) { done += !e; });
    });
    pool.join();
    BOOST_TEST(done == 3);
    BOOST_TEST(data == 'x');
}

BOOST_AUTO_TEST_CASE(a_thread_pool_ends_with_operations_outstanding) {
    watchdog const guard;
    auto const token = std::make_shared<int>();
    for (int i = 0; i < 20; ++i) {
        asio::thread_pool pool(2);
        auto timer = std::make_shared<asio::steady_timer>(pool, 1h);
        timer->async_wait([timer, token](error_code) {});
        pool.stop();
        pool.join();
    }
    BOOST_TEST(token.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(the_system_context_serves_sockets_and_timers) {
    asio::system_executor const system;
    stream_protocol::socket one(system), other(system);
    connect_pair(one, other);
    asio::steady_timer timer(system, 2ms);
    std::atomic<int> done = 0;
    char data = 0;
    one.async_read_some(asio::buffer(&data, 1), [&](error_code ec, std::size_t) { done += !ec; });
    timer.async_wait([&](error_code ec) {
        done += !ec;
        send(other, "x");
    });
    BOOST_TEST(eventually([&] { return done == 2; }));
    // Ends the threads before libkqueue's exit handler destroys the kqueue that they wait in.
    system.context().stop();
    system.context().join();
}

BOOST_AUTO_TEST_CASE(other_executors_properties_do_not_matter) {
    asio::io_context context;
    auto const executor = asio::require(context.get_executor(), asio::execution::blocking.never,
        asio::execution::outstanding_work.tracked);
    asio::any_io_executor const erased = executor;
    asio::steady_timer timer(erased, 1ms);
    outcome waited;
    timer.async_wait(asio::bind_executor(context.get_executor(), into(waited)));
    BOOST_TEST(run_until(context, [&] { return waited.calls > 0; }));
    BOOST_TEST(waited.succeeded());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(statistics)

BOOST_AUTO_TEST_CASE(a_context_that_needs_no_reactor_has_none_and_gets_none) {
    asio::io_context context;
    asio::post(context, [] {});
    run(context);
    auto const s = boost_selectors::get_statistics(context);
    BOOST_TEST(s.waits == 0u);
    BOOST_TEST(!asio::has_service<boost_selectors::selector_reactor>(context));
}

BOOST_AUTO_TEST_CASE(statistics_count_what_the_reactor_does) {
    watched_pair w;
    outcome waits, at_once;
    char data[2];
    w.socket.async_read_some(asio::buffer(data, 1), into(waits)); // This speculative attempt fails.
    poll_often(w.context);
    auto s = w.context.get_statistics();
    BOOST_TEST(s.registrations == 1u);
    BOOST_TEST(s.speculations == 1u);
    BOOST_TEST(s.speculation_hits == 0u);
    BOOST_TEST(s.polls >= 1u);
    BOOST_TEST(s.ready_events == 0u);
    send(w.peer, "x");
    run(w.context);
    BOOST_TEST(waits.succeeded());
    send(w.socket, "y");
    w.peer.async_read_some(asio::buffer(data, 1), into(at_once)); // This one succeeds.
    run(w.context);
    BOOST_TEST(at_once.succeeded());
    s = w.context.get_statistics();
    BOOST_TEST(s.waits + s.polls >= 2u);
    BOOST_TEST(s.ready_events == 1u);
    BOOST_TEST(s.speculations == 2u);
    BOOST_TEST(s.speculation_hits == 1u);
    BOOST_TEST(s.registrations == 1u);
}

BOOST_AUTO_TEST_CASE(the_lag_is_how_long_nobody_looked) {
    selector_context context;
    asio::steady_timer timer(context, 1ms);
    timer.async_wait([&](error_code) {
        std::this_thread::sleep_for(moment);
        asio::post(context, [] {});
    });
    run(context);
    asio::steady_timer(context, 1h).async_wait([](error_code) {});
    context.restart();
    context.poll();
    auto const s = context.get_statistics();
    auto const ns = static_cast<std::uint64_t>(std::chrono::nanoseconds(moment).count());
    BOOST_TEST(s.lag.max() >= ns);
    BOOST_TEST(s.lag.sum() >= ns);
    BOOST_TEST((s.working >= moment));
    BOOST_TEST(s.utilization() > 0);
    context.restart();
    context.poll();
    auto const since = context.get_statistics() - s;
    BOOST_TEST(since.lag.count() == since.waits + since.polls);
}

BOOST_AUTO_TEST_CASE(what_is_pending_is_counted) {
    watched_pair w;
    auto const none = w.context.get_statistics();
    BOOST_TEST(none.descriptors == 2u);
    BOOST_TEST(none.pending_operations == 0u);
    BOOST_TEST(none.pending_timers == 0u);
    outcome reads[2], urgent, first, second, moved_away;
    char data[2];
    for (outcome& read : reads)
        w.socket.async_read_some(asio::buffer(data, 1), into(read));
    w.socket.async_wait(tcp::socket::wait_error, into(urgent));
    asio::steady_timer timer(w.context, 1h);
    timer.async_wait(into(first));
    timer.async_wait(into(second));
    asio::steady_timer other(w.context, 1h);
    other.async_wait(into(moved_away));
    auto s = w.context.get_statistics();
    BOOST_TEST(s.pending_operations == 3u);
    BOOST_TEST(s.pending_timers == 3u);
    other = std::move(timer);
    s = w.context.get_statistics();
    BOOST_TEST(s.pending_timers == 2u);
    other.cancel_one();
    BOOST_TEST(w.context.get_statistics().pending_timers == 1u);
    other.expires_after(0s);
    outcome third;
    other.async_wait(into(third));
    BOOST_TEST(w.context.get_statistics().pending_timers == 1u);
    w.socket.cancel();
    w.peer.close();
    BOOST_TEST(run_until(w.context, [&] { return third.calls > 0 && urgent.calls > 0; }));
    s = w.context.get_statistics();
    BOOST_TEST(s.descriptors == 1u);
    BOOST_TEST(s.pending_operations == 0u);
    BOOST_TEST(s.pending_timers == 0u);
    BOOST_TEST(s.timer_lateness.count() == 1u);
    BOOST_TEST(s.ready.sum() == s.ready_events);
}

BOOST_AUTO_TEST_CASE(a_histogram_is_right_to_a_sixteenth) {
    boost_selectors::detail::live_histogram live;
    boost_selectors::histogram const empty = live.snapshot();
    BOOST_TEST(empty.count() == 0u);
    BOOST_TEST(empty.quantile(0.5) == 0u);
    BOOST_TEST(empty.max() == 0u);
    boost_selectors::histogram before = empty;
    std::uint64_t count = 0;
    std::uint64_t sum = 0;
    auto const check = [&](std::uint64_t value) {
        live.add(value);
        ++count;
        sum += value;
        auto const now = live.snapshot();
        auto const one = now - before;
        BOOST_TEST(one.count() == 1u);
        BOOST_TEST(one.sum() == value);
        BOOST_TEST(one.max() >= value);
        BOOST_TEST(one.max() <= value + value / 16);
        BOOST_TEST(one.quantile(0) == one.max());
        unsigned const power = static_cast<unsigned>(boost::core::bit_width(value));
        BOOST_TEST(one.count_below_power(power) == 1u);
        if (power > 0)
            BOOST_TEST(one.count_below_power(power - 1) == 0u);
        before = now;
    };
    for (std::uint64_t v = 0; v < 100; ++v)
        check(v);
    for (unsigned bits = 7; bits < 40; ++bits)
        for (std::int64_t const off : {-1, 0, 1, 12345})
            if (std::uint64_t const v =
                    (std::uint64_t{1} << bits) + static_cast<std::uint64_t>(off);
                v < std::uint64_t{1} << 40)
                check(v);
    BOOST_TEST(before.count() == count);
    BOOST_TEST(before.sum() == sum);
    live.add(~std::uint64_t{0}); // Too large.
    live.add(-1s);               // None at all.
    auto const one = live.snapshot() - before;
    BOOST_TEST(one.max() == (std::uint64_t{1} << 40) - 1);
    BOOST_TEST(one.quantile(0.5) == 0u);
    for (unsigned const bits : {40u, 64u, ~0u})
        BOOST_TEST(one.count_below_power(bits) == 2u);

    boost_selectors::detail::live_histogram hundred;
    for (std::uint64_t v = 1; v <= 100; ++v)
        hundred.add(v);
    auto const h = hundred.snapshot();
    BOOST_TEST(h.quantile(0.01) == 1u);
    BOOST_TEST(h.quantile(0.1) == 10u);
    BOOST_TEST(h.quantile(0.5) >= 50u);
    BOOST_TEST(h.quantile(0.5) <= 53u);
    BOOST_TEST(h.quantile(-1) == 1u);
    BOOST_TEST(h.quantile(7) == h.max());
    BOOST_TEST(h.quantile(std::numeric_limits<double>::quiet_NaN()) == h.max());
}

BOOST_AUTO_TEST_CASE(statistics_are_written_for_prometheus) {
    selector_context context;
    asio::steady_timer timer(context, 1ms);
    timer.async_wait([](error_code) {});
    run(context);
    std::ostringstream text;
    text << std::hex << std::showpos << std::setw(40); // Whatever the stream has been used for.
    boost_selectors::write_prometheus(
        text, {{"one \"\\\n", "poll", context.get_statistics()}, {"two", "select", {}}});
    BOOST_TEST_MESSAGE(text.str());
    auto const has = [&](std::string_view part) {
        return text.str().find(part) != std::string::npos;
    };
    BOOST_TEST(text.str().starts_with("# HELP"));
    BOOST_TEST(has("# TYPE boost_selectors_waits_total counter\n"
                   "boost_selectors_waits_total{context=\"one \\\"\\\\\\n\",backend=\"poll\"} "));
    BOOST_TEST(has("boost_selectors_waits_total{context=\"two\",backend=\"select\"} 0\n"));
    BOOST_TEST(has("boost_selectors_timer_lateness_seconds_count{context=\"one "
                   "\\\"\\\\\\n\",backend=\"poll\"} 1\n"));
    BOOST_TEST(has("boost_selectors_ready_handles_bucket{context=\"two\",backend=\"select\",le=\"+"
                   "Inf\"} 0\n"));
    BOOST_TEST(has("le=\"3\"} "));
    BOOST_TEST(!has("0x"));
}

BOOST_AUTO_TEST_CASE(any_thread_may_read_statistics_while_the_context_runs) {
    selector_context context;
    auto pair = connect_tcp(context);
    char data = 'x';
    std::function<void(error_code, std::size_t)> on_read = [&](error_code ec, std::size_t) {
        if (ec)
            return;
        pair.first.async_read_some(asio::buffer(&data, 1), on_read);
        asio::post(context, [&] { send(pair.second, "x"); });
    };
    on_read({}, 0);
    background_run const runner(context);
    std::uint64_t last = 0;
    BOOST_TEST(eventually([&] {
        auto const events = context.get_statistics().ready_events;
        BOOST_REQUIRE(events >= last);
        last = events;
        return events > 100;
    }));
}

BOOST_AUTO_TEST_SUITE_END()
