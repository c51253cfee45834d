// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What the reactor does with readiness that the selector reports: it tries the operation, remembers
// or queues the readiness, or ignores it.

#define BOOST_TEST_MODULE asio_readiness
#include "watched.hpp"

#include <array>
#include <optional>
#include <vector>

using namespace asio_test;
namespace error = asio::error;

namespace {

bool has_flags() {
    return boost_selectors::make_selector()->get_capabilities().flags;
}

[[maybe_unused]] bool has_edge() {
    return boost_selectors::make_selector()->get_capabilities().edge;
}

} // namespace

BOOST_AUTO_TEST_SUITE(readiness_nobody_waits_for)

BOOST_AUTO_TEST_CASE(readiness_is_remembered_the_first_time_and_no_longer_watched_the_second) {
    watched_pair w;
    auto const work = asio::make_work_guard(w.context);
    w.arm_by_reading(w.socket, w.peer);
    send(w.peer, "unread");
    BOOST_TEST(readable(w.socket.native_handle()));
    w.context.poll();
    w.context.poll();
    w.context.poll();
    BOOST_TEST(w.interest(w.socket) == event::none);
    int const changes = w.calls.changes();
    for (int i = 0; i < 20; ++i)
        w.context.poll();
    BOOST_TEST(w.calls.changes() == changes);
}

/// A pending read, and an interest in writing that the reactor is about to drop.
struct about_to_be_dropped : watched_pair {
    about_to_be_dropped() {
        socket.async_read_some(asio::buffer(data), into(read));
        socket.async_wait(tcp::socket::wait_write, into(writable));
        run_until(context, [&] { return writable.calls > 0; });
    }

    outcome read, writable;
};

BOOST_AUTO_TEST_CASE(an_error_when_it_is_dropped_loses_no_operation) {
    about_to_be_dropped w;
    int const registers = w.calls.registers;
    w.calls.refused_modifies = 2; // This makes the selector drop the handle.
    poll_often(w.context);
    BOOST_TEST(w.calls.refused_modifies == 0);
    BOOST_TEST(w.calls.registers > registers);
    send(w.peer, "x");
    BOOST_TEST(run_until(w.context, [&] { return w.read.calls > 0; }));
    BOOST_TEST(w.read.succeeded());
}

BOOST_AUTO_TEST_CASE(an_exception_when_it_is_dropped_loses_no_operation) {
    about_to_be_dropped w;
    w.calls.throw_in_modify = true;
    poll_often(w.context);
    BOOST_TEST(!w.calls.throw_in_modify);
    send(w.peer, "x");
    BOOST_TEST(run_until(w.context, [&] { return w.read.calls > 0; }));
    BOOST_TEST(w.read.succeeded());
}

BOOST_AUTO_TEST_CASE(data_that_nobody_reads_does_not_spin) {
    watched_pair w;
    auto const work = asio::make_work_guard(w.context);
    w.arm_by_reading(w.socket, w.peer);
    send(w.peer, "unread");
    w.calls.waits = 0;
    w.context.run_for(100ms);
    BOOST_TEST(w.calls.waits <= 10);
}

BOOST_AUTO_TEST_CASE(what_is_remembered_lets_the_next_read_succeed_at_once) {
    watched_pair w;
    auto const work = asio::make_work_guard(w.context);
    w.arm_by_reading(w.socket, w.peer);
    send(w.peer, "early");
    BOOST_TEST(readable(w.socket.native_handle()));
    for (int i = 0; i < 5; ++i)
        w.context.poll();
    int const changes = w.calls.changes();
    outcome read;
    w.socket.async_read_some(asio::buffer(w.data), into(read));
    BOOST_TEST(w.socket.available() == 0u);
    w.context.poll();
    BOOST_TEST(read.succeeded());
    BOOST_TEST(w.calls.changes() == changes);
}

BOOST_AUTO_TEST_CASE(a_wait_does_not_end_because_of_what_is_remembered) {
    watched_pair w;
    auto const work = asio::make_work_guard(w.context);
    for (int polls = 0; polls < 4; ++polls) {
        w.arm_by_reading(w.socket, w.peer);
        send(w.peer, "stolen");
        BOOST_TEST(readable(w.socket.native_handle()));
        for (int i = 0; i < polls; ++i)
            w.context.poll();
        BOOST_TEST(steal(w.socket.native_handle()) == "stolen");
        outcome waited, empty;
        w.socket.async_wait(tcp::socket::wait_read, into(waited));
        w.socket.async_receive(asio::null_buffers(), into(empty));
        poll_often(w.context);
        BOOST_TEST(waited.calls + empty.calls == 0);
        send(w.peer, "x");
        BOOST_TEST(run_until(w.context, [&] { return waited.calls + empty.calls == 2; }));
        BOOST_TEST(steal(w.socket.native_handle()) == "x");
    }
}

BOOST_AUTO_TEST_CASE(a_hang_up_that_nobody_waits_for_ends_the_registration_at_once) {
    watched w;
    auto const work = asio::make_work_guard(w.context);
    auto pair = connect_local(w.context);
    w.arm_by_reading(pair.first, pair.second);
    BOOST_TEST(w.interest(pair.first) == event::read);
    pair.second.close();
    w.calls.waits = 0;
    w.context.poll();
    if (!has_flags())
        poll_often(w.context); // It looks like data, so the second report ends the interest.
    BOOST_TEST(w.interest(pair.first) == event::none);
    w.context.run_for(50ms);
    BOOST_TEST(w.calls.waits <= 10);
    outcome end;
    char data;
    pair.first.async_read_some(asio::buffer(&data, 1), into(end));
    poll_often(w.context);
    BOOST_TEST(end.failed(error::eof));
}

#if defined(BOOST_ASIO_HAS_PIPE)

BOOST_AUTO_TEST_CASE(a_hang_up_does_not_spin_while_only_a_full_write_had_waited) {
    watched w;
    auto const work = asio::make_work_guard(w.context);
    asio::readable_pipe reader(w.context);
    asio::writable_pipe writer(w.context);
    asio::connect_pipe(reader, writer);
    fill(writer);
    outcome written;
    writer.async_write_some(asio::buffer("x", 1), into(written));
    poll_often(w.context);
    writer.cancel();
    poll_often(w.context);
    BOOST_TEST(written.aborted());
    reader.close();
    w.calls.waits = 0;
    w.context.run_for(50ms);
    BOOST_TEST(w.calls.waits <= 10);
}

#endif

BOOST_AUTO_TEST_CASE(room_to_write_that_nobody_waits_for_does_not_spin) {
    watched_pair w;
    auto const work = asio::make_work_guard(w.context);
    outcome writable, read;
    w.socket.async_wait(tcp::socket::wait_write, into(writable));
    BOOST_TEST(run_until(w.context, [&] { return writable.calls > 0; }));
    w.socket.async_read_some(asio::buffer(w.data), into(read));
    w.calls.waits = 0;
    w.context.run_for(50ms);
    BOOST_TEST(w.calls.waits <= 10);
    BOOST_TEST(w.interest(w.socket) == event::read);
    send(w.peer, "x");
    BOOST_TEST(run_until(w.context, [&] { return read.calls > 0; }));
    BOOST_TEST(read.succeeded());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(speculation)

BOOST_AUTO_TEST_CASE(a_read_at_a_handle_that_is_not_watched_is_tried_first) {
    watched_pair w;
    send(w.peer, "data");
    BOOST_TEST(readable(w.socket.native_handle()));
    outcome read;
    w.socket.async_read_some(asio::buffer(w.data), into(read));
    BOOST_TEST(w.socket.available() == 0u);
    BOOST_TEST(read.calls == 0);
}

BOOST_AUTO_TEST_CASE(reads_at_a_watched_handle_are_seldom_tried_where_they_have_to_wait) {
    constexpr int reads = 200;
    watched_pair w;
    for (int i = 0; i < reads; ++i) {
        outcome read;
        w.socket.async_read_some(asio::buffer(w.data), into(read));
        send(w.peer, "data");
        run(w.context);
        BOOST_TEST(read.succeeded());
    }
    BOOST_TEST(w.context.get_statistics().speculations <= reads / 10u);
    send(w.peer, "data");
    BOOST_TEST(readable(w.socket.native_handle()));
    outcome read;
    w.socket.async_read_some(asio::buffer(w.data), into(read));
    BOOST_TEST(w.socket.available() == 4u);
    run(w.context);
    BOOST_TEST(read.value == 4u);
}

BOOST_AUTO_TEST_CASE(reads_at_a_watched_handle_are_tried_where_the_data_is_there_first) {
    constexpr unsigned reads = 200;
    watched_pair w;
    w.arm_by_reading(w.socket, w.peer);
    for (unsigned i = 0; i < reads; ++i) {
        outcome read;
        send(w.peer, "data");
        BOOST_TEST(readable(w.socket.native_handle()));
        w.socket.async_read_some(asio::buffer(w.data), into(read));
        run(w.context);
        BOOST_TEST(read.succeeded());
    }
    BOOST_TEST(w.context.get_statistics().speculation_hits >= reads - 1);
    BOOST_TEST(w.calls.registers == 1);
    BOOST_TEST(w.calls.modifies == 0);
}

BOOST_AUTO_TEST_CASE(a_handle_whose_reads_never_wait_is_not_watched_until_one_does) {
    constexpr int reads = 200;
    watched_pair w;
    auto const work = asio::make_work_guard(w.context);
    w.arm_by_reading(w.socket, w.peer);
    outcome read;
    for (int i = 0; i < reads; ++i) {
        read = {};
        send(w.peer, "data");
        BOOST_TEST(readable(w.socket.native_handle()));
        w.context.poll();
        w.socket.async_read_some(asio::buffer(w.data), into(read));
        w.context.poll();
        BOOST_TEST(read.succeeded());
    }
    BOOST_TEST(w.registered() == 0u);
    BOOST_TEST(w.calls.registers == 1);
    BOOST_TEST(w.calls.modifies == 0);
    read = {};
    w.socket.async_read_some(asio::buffer(w.data), into(read));
    BOOST_TEST(w.interest(w.socket) == event::read);
    send(w.peer, "data");
    BOOST_TEST(run_until(w.context, [&] { return read.calls > 0; }));
    BOOST_TEST(read.succeeded());
}

BOOST_AUTO_TEST_CASE(a_handle_whose_reads_never_waited_stays_watched_once_it_is_only_waited_for) {
    constexpr int reads = 100;
    watched_pair w;
    auto const work = asio::make_work_guard(w.context);
    w.arm_by_reading(w.socket, w.peer);
    auto const message_first = [&](auto operation) {
        outcome o;
        send(w.peer, "data");
        BOOST_TEST(readable(w.socket.native_handle()));
        w.context.poll();
        operation(o);
        BOOST_TEST(run_until(w.context, [&] { return o.calls > 0; }));
        BOOST_TEST(o.succeeded());
    };
    for (int i = 0; i < reads; ++i)
        message_first([&](outcome& o) { w.socket.async_read_some(asio::buffer(w.data), into(o)); });
    int const changes = w.calls.changes();
    for (int i = 0; i < reads; ++i) {
        message_first([&](outcome& o) { w.socket.async_wait(tcp::socket::wait_read, into(o)); });
        BOOST_TEST(steal(w.socket.native_handle()) == "data");
    }
    BOOST_TEST(w.calls.changes() <= changes + 2);
}

BOOST_AUTO_TEST_CASE(a_new_connection_inherits_nothing_from_the_one_before_it) {
    watched w;
    std::array<std::uint64_t, 3> tries{};
    std::uint64_t before = 0;
    for (std::uint64_t& t : tries) {
        auto pair = connect_tcp(w.context);
        std::array<char, 8> data{};
        for (int i = 0; i < 30; ++i) { // Reads that have to wait.
            outcome read;
            pair.first.async_read_some(asio::buffer(data), into(read));
            send(pair.second, "x");
            run(w.context);
            BOOST_TEST(read.succeeded());
        }
        auto const now = w.context.get_statistics().speculations;
        t = now - std::exchange(before, now);
    }
    BOOST_TEST(tries[0] > 1u);
    BOOST_TEST(tries[1] == tries[0]);
    BOOST_TEST(tries[2] == tries[0]);
}

BOOST_AUTO_TEST_CASE(a_write_is_tried_first_always) {
    watched_pair w;
    for (int i = 0; i < 3; ++i) {
        outcome written;
        w.socket.async_write_some(asio::buffer("x", 1), into(written));
        BOOST_TEST(readable(w.peer.native_handle()));
        BOOST_TEST(steal(w.peer.native_handle()) == "x");
        BOOST_TEST(written.calls == 0);
        run(w.context);
        // Try again after the selector has watched for writing.
        outcome waited;
        w.socket.async_wait(tcp::socket::wait_write, into(waited));
        run(w.context);
    }
}

BOOST_AUTO_TEST_CASE(a_read_does_not_overtake_one_that_waits) {
    watched_pair w;
    std::array<char, 2> letters{};
    outcome first, second;
    w.socket.async_read_some(asio::buffer(&letters[0], 1), into(first));
    send(w.peer, "ab");
    BOOST_TEST(readable(w.socket.native_handle()));
    w.socket.async_read_some(asio::buffer(&letters[1], 1), into(second));
    run(w.context);
    BOOST_TEST(std::string(letters.data(), 2) == "ab");
}

BOOST_AUTO_TEST_CASE(a_connect_does_not_end_before_the_selector_says_so) {
    watched w;
    tcp::acceptor acceptor(w.context, loopback());
    tcp::socket socket(w.context);
    outcome connected;
    socket.async_connect(acceptor.local_endpoint(), into(connected));
    run(w.context);
    BOOST_TEST(connected.succeeded());
    BOOST_TEST(socket.remote_endpoint() == acceptor.local_endpoint());
}

BOOST_AUTO_TEST_SUITE_END()

// Descriptors that are ready wait in the scheduler's queue until a thread performs their
// operations.
BOOST_AUTO_TEST_SUITE(readiness_in_the_queue)

namespace {

/// Two connections that become readable in the same pass. The handler that is called first acts on
/// the other connection, which is still in the queue.
struct two_ready {
    struct end {
        explicit end(socket_pair<tcp> pair)
            : socket(std::move(pair.first))
            , peer(std::move(pair.second)) {}
        tcp::socket socket, peer;
        outcome read;
        std::array<char, 64> data{};
    };

    template <class Act>
    void run_with(Act act) {
        for (end* e : {&one, &two})
            e->socket.async_read_some(asio::buffer(e->data), [this, e, act](auto ec, auto n) {
                into(e->read)(ec, n);
                if (other)
                    return;
                other = e == &one ? &two : &one;
                act();
            });
        poll_often(w.context);
        for (end* e : {&one, &two}) {
            send(e->peer, "x");
            BOOST_TEST(readable(e->socket.native_handle()));
        }
        poll_often(w.context);
        BOOST_REQUIRE(other);
    }

    void finish_other() {
        run(w.context);
        BOOST_TEST(other->read.succeeded());
    }

    watched w;
    end one{connect_tcp(w.context)};
    end two{connect_tcp(w.context)};
    end* other = nullptr;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_wait_is_not_ended_by_what_was_seen_before_it_began) {
    two_ready t;
    outcome waited;
    t.run_with([&] {
        t.other->socket.cancel();
        BOOST_TEST(steal(t.other->socket.native_handle()) == "x");
        t.other->socket.async_wait(tcp::socket::wait_read, into(waited));
    });
    BOOST_TEST(t.other->read.aborted());
    BOOST_TEST(waited.calls == 0);
    send(t.other->peer, "y");
    run(t.w.context);
    BOOST_TEST(waited.succeeded());
}

BOOST_AUTO_TEST_CASE(a_descriptor_that_is_closed_meanwhile_leaves_nothing_behind) {
    two_ready t;
    std::optional<socket_pair<tcp>> next;
    outcome read;
    char data;
    t.run_with([&] {
        t.other->socket.close();
        next.emplace(connect_tcp(t.w.context)); // Reuses the state, perhaps the number.
        next->first.async_read_some(asio::buffer(&data, 1), into(read));
    });
    BOOST_TEST(t.other->read.aborted());
    BOOST_TEST(read.calls == 0);
    send(next->second, "y");
    run(t.w.context);
    BOOST_TEST(read.succeeded());
}

BOOST_AUTO_TEST_CASE(a_context_that_was_stopped_meanwhile_goes_on_where_it_was) {
    two_ready t;
    t.run_with([&] {
        t.w.context.stop();
        asio::post(t.w.context, [&] { BOOST_TEST(t.other->read.succeeded()); });
    });
    t.finish_other();
}

BOOST_AUTO_TEST_CASE(an_exception_of_a_handler_leaves_the_others_in_the_queue) {
    two_ready t;
    BOOST_CHECK_THROW(
        t.run_with([] { throw std::runtime_error("of a handler"); }), std::runtime_error);
    t.finish_other();
}

namespace {

/// Two connections that become readable in the same pass. Each handler takes the other connection's
/// data. So one connection repeatedly finds no data, and the reactor makes it edge-triggered.
struct thieves {
    void read(std::size_t i) {
        ++reads;
        waits[i] = true;
        pairs[i].first.async_read_some(
            asio::buffer(&bytes[i], 1), [this, i](error_code ec, std::size_t) {
                BOOST_TEST(ec == (may_end ? error::eof : error_code()));
                ++handlers;
                waits[i] = false;
                steal(pairs[1 - i].first.native_handle());
            });
    }

    void round() {
        for (std::size_t i = 0; i < pairs.size(); ++i)
            if (!waits[i])
                read(i);
        poll_often(w.context);
        for (auto& pair : pairs) {
            send(pair.second, "x");
            BOOST_TEST(readable(pair.first.native_handle()));
        }
        poll_often(w.context);
    }

    /// Repeats rounds until the victim is edge-triggered.
    void steal_until_edges() {
        for (int i = 0; i < 10 && w.calls.edges == 0; ++i)
            round();
        BOOST_REQUIRE(w.calls.edges > 0);
    }

    std::size_t victim() const { return waits[0] ? 0 : 1; }

    watched w;
    std::array<socket_pair<tcp>, 2> pairs{connect_tcp(w.context), connect_tcp(w.context)};
    std::array<char, 2> bytes{};
    std::array<bool, 2> waits{};
    bool may_end = false;
    int reads = 0;
    int handlers = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_selector_that_throws_leaves_waiting_operations_waiting, *needs_edge()) {
    thieves t;
    t.w.calls.throw_in_modify = true;
    for (int i = 0; i < 10 && t.w.calls.throw_in_modify; ++i)
        t.round();
    BOOST_TEST(!t.w.calls.throw_in_modify);
    BOOST_TEST(t.handlers < t.reads);
    send(t.pairs[t.victim()].second, "x");
    run(t.w.context);
    BOOST_TEST(t.handlers == t.reads);
}

BOOST_AUTO_TEST_CASE(a_selector_that_throws_keeps_no_handler_from_being_called, *needs_edge()) {
    thieves t;
    t.steal_until_edges();
    t.read(t.victim());
    send(t.pairs[t.victim()].second, "xy");
    t.w.calls.throw_in_modify = true;
    run(t.w.context);
    BOOST_TEST(!t.w.calls.throw_in_modify);
    BOOST_TEST(t.handlers == t.reads);
}

BOOST_AUTO_TEST_CASE(a_selector_that_refuses_levels_leaves_no_read_behind, *needs_edge()) {
    thieves t;
    t.steal_until_edges();
    auto& pair = t.pairs[t.victim()];
    outcome second;
    char byte;
    pair.first.async_receive(asio::buffer(&byte, 1), into(second));
    t.w.calls.refused_modifies = 1;
    t.may_end = true;
    pair.second.close(); // After the first read has seen the end, no new edge comes.
    BOOST_TEST(run_until(t.w.context, [&] { return second.calls > 0; }));
    BOOST_TEST(t.w.calls.refused_modifies == 0);
}

BOOST_AUTO_TEST_CASE(a_context_may_end_with_descriptors_in_the_queue) {
    auto const alive = std::make_shared<int>();
    {
        selector_context context;
        auto one = connect_tcp(context), two = connect_tcp(context);
        char data;
        int handlers = 0;
        for (auto* pair : {&one, &two})
            pair->first.async_read_some(
                asio::buffer(&data, 1), [&handlers, alive, &context](error_code, std::size_t) {
                    ++handlers;
                    context.stop();
                });
        poll_often(context);
        for (auto* pair : {&one, &two}) {
            send(pair->second, "x");
            BOOST_TEST(readable(pair->first.native_handle()));
        }
        context.restart();
        context.run();
        BOOST_TEST(handlers == 1);
        BOOST_TEST(alive.use_count() > 1);
    }
    BOOST_TEST(alive.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(threads_share_what_is_ready) {
    constexpr int count = 4;
    selector_context context;
    std::vector<socket_pair<tcp>> pairs;
    std::array<char, count> data{};
    std::atomic<int> started = 0;
    std::atomic<int> failures = 0;
    // Each handler waits until all have started, so each one needs its own thread.
    for (std::size_t i = 0; i < count; ++i) {
        pairs.push_back(connect_tcp(context));
        pairs[i].first.async_read_some(asio::buffer(&data[i], 1), [&](error_code ec, std::size_t) {
            ++started;
            failures += ec || !eventually([&] { return started == count; });
        });
    }
    poll_often(context);
    for (auto& pair : pairs)
        send(pair.second, "x");
    context.restart();
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i)
        threads.emplace_back([&] { context.run(); });
    for (std::thread& t : threads)
        t.join();
    BOOST_TEST(started == count);
    BOOST_TEST(failures == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(unproductive_readiness)

#if defined(__linux__)

namespace {

/// A UDP socket whose error queue holds an unread message.
void with_unread_error(watched& w) {
    udp::endpoint const any(asio::ip::address_v4::loopback(), 0);
    udp::socket socket(w.context, any), peer(w.context, any);
    udp::endpoint const nobody = udp::socket(w.context, any).local_endpoint();
    int const on = 1;
    BOOST_REQUIRE(
        ::setsockopt(socket.native_handle(), IPPROTO_IP, IP_RECVERR, &on, sizeof on) == 0);
    std::array<char, 64> data{};
    outcome refused, received;
    socket.async_receive(asio::buffer(data), into(refused));
    poll_often(w.context);
    socket.send_to(asio::buffer("x", 1), nobody);
    run(w.context);
    BOOST_TEST(refused.failed(error::connection_refused));

    socket.async_receive(asio::buffer(data), into(received));
    w.calls.waits = 0;
    w.context.restart();
    w.context.run_for(300ms);
    BOOST_TEST(received.calls == 0);
    BOOST_TEST(w.calls.waits <= 300);

    for (int i = 0; i < 5; ++i) {
        peer.send_to(asio::buffer("data", 4), socket.local_endpoint());
        BOOST_TEST(run_until(w.context, [&] { return received.calls > 0; }));
        BOOST_TEST(received.succeeded());
        BOOST_TEST(received.value == 4u);
        received = {};
        socket.async_receive(asio::buffer(data), into(received));
        w.calls.waits = 0;
        w.context.restart();
        w.context.run_for(50ms);
        BOOST_TEST(received.calls == 0);
        BOOST_TEST(w.calls.waits <= 60);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(
    an_unread_error_queue_does_not_spin_and_data_still_arrives, *needs_errors_to_stay()) {
    watched w;
    with_unread_error(w);
    if (has_edge())
        BOOST_TEST(w.calls.edges > 0);
}

BOOST_AUTO_TEST_CASE(
    an_unread_error_queue_does_not_spin_without_edge_triggering_either, *needs_errors_to_stay()) {
    watched w(false);
    with_unread_error(w);
    BOOST_TEST(w.calls.edges == 0);
}

BOOST_AUTO_TEST_CASE(a_handle_that_rests_can_be_cancelled_and_closed, *needs_errors_to_stay()) {
    for (bool const with_edge : {true, false}) {
        watched w(with_edge);
        udp::endpoint const any(asio::ip::address_v4::loopback(), 0);
        udp::socket socket(w.context, any);
        int const on = 1;
        ::setsockopt(socket.native_handle(), IPPROTO_IP, IP_RECVERR, &on, sizeof on);
        udp::endpoint const nobody = udp::socket(w.context, any).local_endpoint();
        socket.send_to(asio::buffer("x", 1), nobody);
        char data;
        outcome cleared, cancelled, closed;
        socket.async_receive(asio::buffer(&data, 1), into(cleared));
        run(w.context);
        socket.async_receive(asio::buffer(&data, 1), into(cancelled));
        poll_often(w.context, 10);
        socket.cancel();
        poll_often(w.context);
        BOOST_TEST(cancelled.aborted());
        socket.async_receive(asio::buffer(&data, 1), into(closed));
        poll_often(w.context, 10);
        socket.close();
        run(w.context);
        BOOST_TEST(closed.aborted());
        // A pause of the closed handle must not affect the next handle.
        auto pair = connect_udp(w.context);
        outcome received;
        pair.first.async_receive(asio::buffer(&data, 1), into(received));
        w.context.restart();
        w.context.run_for(100ms);
        BOOST_TEST(received.calls == 0);
        pair.second.send(asio::buffer("y", 1));
        run(w.context);
        BOOST_TEST(received.succeeded());
    }
}

#endif // defined(__linux__)

BOOST_AUTO_TEST_CASE(data_that_somebody_else_took_does_not_end_a_read) {
    watched_pair w;
    outcome read;
    w.socket.async_read_some(asio::buffer(w.data), into(read));
    for (int i = 0; i < 10; ++i) {
        send(w.peer, "x");
        BOOST_TEST(readable(w.socket.native_handle()));
        BOOST_TEST(steal(w.socket.native_handle()) == "x");
        poll_often(w.context);
        BOOST_TEST(read.calls == 0);
    }
    send(w.peer, "y");
    run(w.context);
    BOOST_TEST(read.succeeded());
}

BOOST_AUTO_TEST_SUITE_END()
