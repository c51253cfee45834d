// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// When the reactor registers a descriptor with the selector, for which events, and when it
// unregisters it.

#define BOOST_TEST_MODULE asio_registration
#include "watched.hpp"

#include <array>
#include <csignal>
#include <deque>
#include <memory>

using namespace asio_test;
namespace error = asio::error;

BOOST_AUTO_TEST_SUITE(registration)

BOOST_AUTO_TEST_CASE(a_connection_that_never_waits_is_never_registered) {
    watched_pair w;
    for (int i = 0; i < 10; ++i) {
        outcome written, read;
        w.peer.async_write_some(asio::buffer("ping", 4), into(written));
        BOOST_TEST(readable(w.socket.native_handle()));
        w.socket.async_read_some(asio::buffer(w.data), into(read));
        run(w.context);
        BOOST_TEST(written.succeeded());
        BOOST_TEST(read.value == 4u);
    }
    BOOST_TEST(w.calls.registers == 0);
    BOOST_TEST(w.registered() == 0u);
}

BOOST_AUTO_TEST_CASE(a_handle_is_registered_when_an_operation_first_waits_and_only_for_that) {
    watched_pair w;
    outcome read, written;
    w.socket.async_read_some(asio::buffer(w.data), into(read));
    BOOST_TEST(w.interest(w.socket) == event::read);
    fill(w.socket);
    BOOST_TEST(w.interest(w.socket) == event::read);
    w.socket.async_write_some(asio::buffer("x", 1), into(written));
    BOOST_TEST(w.interest(w.socket) == (event::read | event::write));
    BOOST_TEST(w.interest(w.peer) == event::none);
    BOOST_TEST(w.calls.registers == 1);
    BOOST_TEST(w.calls.modifies == 1);
}

BOOST_AUTO_TEST_CASE(waits_connects_and_urgent_reads_register_at_once, *needs_priority()) {
    watched_pair w;
    outcome readable_, writable, failed, urgent;
    w.socket.async_wait(tcp::socket::wait_read, into(readable_));
    BOOST_TEST(w.interest(w.socket) == event::read);
    w.socket.async_wait(tcp::socket::wait_write, into(writable));
    BOOST_TEST(w.interest(w.socket) == (event::read | event::write));
    w.socket.async_wait(tcp::socket::wait_error, into(failed));
    BOOST_TEST(w.interest(w.socket) == boost_selectors::all_events);
    w.peer.async_receive(
        asio::buffer(w.data), asio::socket_base::message_out_of_band, into(urgent));
    BOOST_TEST(w.interest(w.peer) == event::priority);
}

BOOST_AUTO_TEST_CASE(the_interest_stays_when_the_operation_is_done) {
    watched_pair w;
    w.arm_by_reading(w.socket, w.peer);
    BOOST_TEST(w.interest(w.socket) == event::read);
    int const changes = w.calls.changes();
    for (int i = 0; i < 10; ++i) {
        outcome read;
        w.socket.async_read_some(asio::buffer(w.data), into(read));
        send(w.peer, "x");
        run(w.context);
        BOOST_TEST(read.succeeded());
    }
    BOOST_TEST(w.calls.changes() == changes);
}

BOOST_AUTO_TEST_CASE(a_round_trip_costs_one_wait_for_each_side) {
    constexpr int trips = 200;
    watched_pair w;
    int reads = 0;
    std::array<char, 64> at_peer{};
    std::function<void(error_code, std::size_t)> on_ping, on_pong;
    on_ping = [&](error_code ec, std::size_t n) {
        if (ec)
            return;
        w.peer.async_read_some(asio::buffer(at_peer), on_ping);
        w.peer.async_write_some(asio::buffer(at_peer, n), [](error_code, std::size_t) {});
    };
    on_pong = [&](error_code ec, std::size_t n) {
        if (ec || ++reads == trips)
            return w.peer.close();
        w.socket.async_read_some(asio::buffer(w.data), on_pong);
        w.socket.async_write_some(asio::buffer(w.data, n), [](error_code, std::size_t) {});
    };
    w.peer.async_read_some(asio::buffer(at_peer), on_ping);
    w.socket.async_read_some(asio::buffer(w.data), on_pong);
    w.socket.async_write_some(asio::buffer("x", 1), [](error_code, std::size_t) {});
    run(w.context);
    BOOST_TEST(reads == trips);
    BOOST_TEST(w.calls.registers == 2);
    BOOST_TEST(w.calls.modifies == 0);
    BOOST_TEST(w.calls.waits <= trips * 2 + 10);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(deregistration)

BOOST_AUTO_TEST_CASE(everything_is_unregistered_before_it_is_closed) {
    watched_calls calls;
    {
        selector_context context(std::in_place_type<watched_backend>, calls);
        auto closed = connect_tcp(context);
        auto destroyed = connect_tcp(context);
        auto released = connect_tcp(context);
        char data;
        for (tcp::socket* socket : {&closed.first, &destroyed.first, &released.first})
            socket->async_read_some(asio::buffer(&data, 1), [](error_code, std::size_t) {});
        BOOST_TEST(calls.registers == 3);
        closed.first.close();
        BOOST_TEST(calls.unregisters == 1);
        { tcp::socket const gone(std::move(destroyed.first)); }
        BOOST_TEST(calls.unregisters == 2);
        sys::close(released.first.release());
        BOOST_TEST(calls.unregisters == 3);
    }
    BOOST_TEST(calls.late_unregisters == 0);
    BOOST_TEST(calls.closed);
}

BOOST_AUTO_TEST_CASE(a_context_that_ends_unregisters_what_waits) {
    watched_calls calls;
    {
        selector_context context(std::in_place_type<watched_backend>, calls);
        auto pair = std::make_shared<socket_pair<tcp>>(connect_tcp(context));
        auto data = std::make_shared<std::array<char, 64>>();
        pair->first.async_read_some(asio::buffer(*data), [pair, data](error_code, std::size_t) {});
        asio::signal_set signals(context, SIGINT);
        signals.async_wait([](error_code, int) {});
        poll_often(context);
    }
    BOOST_TEST(calls.registers >= 1);
    BOOST_TEST(calls.registers == calls.unregisters);
    BOOST_TEST(calls.late_unregisters == 0);
}

#if !defined(_WIN32)

BOOST_AUTO_TEST_CASE(a_duplicate_of_a_closed_socket_neither_spins_nor_is_heard) {
    watched_pair w;
    auto const work = asio::make_work_guard(w.context);
    outcome aborted;
    w.socket.async_read_some(asio::buffer(w.data), into(aborted));
    int const number = w.socket.native_handle();
    int const duplicate = ::dup(number);
    w.socket.close();
    send(w.peer, "for the duplicate");
    BOOST_TEST(readable(duplicate));
    w.calls.waits = 0;
    w.context.run_for(50ms);
    BOOST_TEST(aborted.aborted());
    BOOST_TEST(w.calls.waits <= 10);
    BOOST_TEST(w.context.selector().get_statistics().stale_events == 0u);

    // The next owner of the number gets no event of the old socket.
    auto next = connect_local(w.context);
    outcome waited;
    BOOST_TEST((next.first.native_handle() == number || next.second.native_handle() == number));
    next.first.async_wait(asio::socket_base::wait_read, into(waited));
    next.second.async_wait(asio::socket_base::wait_read, into(waited));
    poll_often(w.context);
    BOOST_TEST(waited.calls == 0);
    ::close(duplicate);
}

BOOST_AUTO_TEST_CASE(a_forked_copy_of_a_closed_socket_neither_spins_nor_is_heard,
    *boost::unit_test::precondition(can_fork)) {
    watched_pair w;
    auto const work = asio::make_work_guard(w.context);
    outcome aborted;
    w.socket.async_read_some(asio::buffer(w.data), into(aborted));
    int hold[2];
    BOOST_REQUIRE(::pipe(hold) == 0);
    ::pid_t const child = ::fork();
    if (child == 0) {
        char byte;
        ::close(hold[1]);
        std::_Exit(::read(hold[0], &byte, 1) == 0 ? 0 : 1); // Until the parent closes the pipe.
    }
    BOOST_REQUIRE(child > 0);
    w.socket.close();
    send(w.peer, "for the child");
    w.calls.waits = 0;
    w.context.run_for(50ms);
    BOOST_TEST(w.calls.waits <= 10);
    ::close(hold[1]);
    ::close(hold[0]);
    while (::waitpid(child, nullptr, 0) == -1 && errno == EINTR) {
    }
}

#endif // !defined(_WIN32)

BOOST_AUTO_TEST_CASE(the_peer_of_a_closed_socket_sees_the_end_at_once_while_a_thread_waits) {
    asio::io_context context, other;
    for (int i = 0; i < 20; ++i) {
        auto pair = connect_tcp(context, other);
        char data;
        std::atomic<bool> aborted = false;
        pair.first.async_read_some(
            asio::buffer(&data, 1), [&](error_code ec, std::size_t) { aborted = ec.failed(); });
        context.restart();
        background_run const runner(context);
        if (i == 0)
            std::this_thread::sleep_for(moment); // Let the thread enter its wait.
        pair.first.close();
        BOOST_TEST(readable(pair.second.native_handle(), 5s));
        error_code ec;
        pair.second.read_some(asio::buffer(&data, 1), ec);
        BOOST_TEST(ec == error::eof);
        BOOST_TEST(eventually([&] { return aborted.load(); }));
    }
}

BOOST_AUTO_TEST_CASE(closed_in_the_same_pass_as_its_event_a_socket_is_silent) {
    watched w;
    std::deque<socket_pair<local_stream>> pairs;
    std::deque<outcome> read(20);
    char data;
    for (outcome& o : read)
        pairs.emplace_back(connect_local(w.context))
            .first.async_read_some(asio::buffer(&data, 1), into(o));
    // A wait for errors registers each socket at once. The posted handler closes all of them while
    // their events are pending.
    for (auto& pair : pairs)
        pair.first.async_wait(asio::socket_base::wait_error, [&](error_code) {});
    for (auto& pair : pairs)
        send(pair.second, "x");
    asio::post(w.context, [&] {
        for (auto& pair : pairs)
            pair.first.close();
    });
    run(w.context);
    for (outcome const& o : read)
        BOOST_TEST((o.succeeded() || o.aborted()));
    BOOST_TEST(w.registered() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

// Descriptor numbers that are reused for another file.
BOOST_AUTO_TEST_SUITE(numbers)

BOOST_AUTO_TEST_CASE(a_second_descriptor_object_for_one_handle_is_refused_when_it_waits) {
    watched_pair w;
    outcome first, second;
    w.socket.async_read_some(asio::buffer(w.data), into(first));
    tcp::socket twin(w.context);
    error_code ec;
    twin.assign(tcp::v4(), w.socket.native_handle(), ec);
    if (!ec)
        twin.async_wait(tcp::socket::wait_read, into(second));
    poll_often(w.context);
    BOOST_TEST(((ec ? ec : second.ec) == boost::system::errc::file_exists));
    send(w.peer, "x");
    BOOST_TEST(run_until(w.context, [&] { return first.calls > 0; }));
    BOOST_TEST(first.succeeded());
    if (twin.is_open())
        twin.release();
}

#if !defined(_WIN32)

BOOST_AUTO_TEST_CASE(a_numbers_new_owner_takes_it_from_the_old_one_each_time) {
    watched_pair w;
    outcome lost, first, stale, second;
    w.socket.async_wait(tcp::socket::wait_read, into(lost));
    int const number = w.socket.native_handle();
    ::close(number);
    auto pair = connect_local(w.context);
    bool const is_first = pair.first.native_handle() == number;
    auto& owner = is_first ? pair.first : pair.second;
    auto& peer = is_first ? pair.second : pair.first;
    BOOST_REQUIRE(owner.native_handle() == number);
    char byte;
    owner.async_read_some(asio::buffer(&byte, 1), into(first));
    poll_often(w.context);
    w.socket.cancel();
    owner.cancel();
    poll_often(w.context);
    BOOST_TEST((lost.aborted() && first.aborted()));
    w.socket.async_wait(tcp::socket::wait_read, into(stale));
    owner.async_read_some(asio::buffer(&byte, 1), into(second));
    send(peer, "x");
    BOOST_TEST(run_until(w.context, [&] { return second.calls > 0; }));
    BOOST_TEST(second.succeeded());
    w.socket.release();
    run(w.context);
    BOOST_TEST(stale.aborted());
}

BOOST_AUTO_TEST_CASE(a_number_that_was_closed_behind_asios_back_can_be_used_again) {
    watched_pair w;
    outcome lost;
    w.socket.async_wait(tcp::socket::wait_read, into(lost));
    poll_often(w.context);
    int const number = w.socket.native_handle();
    ::close(number);
    auto pair = connect_local(w.context);
    BOOST_REQUIRE((pair.first.native_handle() == number || pair.second.native_handle() == number));
    std::array<std::array<char, 8>, 2> data;
    outcome first, second, again;
    pair.first.async_read_some(asio::buffer(data[0]), into(first));
    pair.second.async_read_some(asio::buffer(data[1]), into(second));
    poll_often(w.context);
    send(pair.first, "x");
    send(pair.second, "x");
    BOOST_TEST(run_until(w.context, [&] { return first.calls > 0 && second.calls > 0; }));
    BOOST_TEST((first.succeeded() && second.succeeded()));
    // Releasing the old object does not affect the new one's registration.
    w.socket.release();
    BOOST_TEST(run_until(w.context, [&] { return lost.calls > 0; }));
    BOOST_TEST((lost.ec == asio::error::operation_aborted));
    auto& reused = pair.first.native_handle() == number ? pair.first : pair.second;
    auto& other = pair.first.native_handle() == number ? pair.second : pair.first;
    reused.async_read_some(asio::buffer(data[0]), into(again));
    poll_often(w.context);
    send(other, "x");
    BOOST_TEST(run_until(w.context, [&] { return again.calls > 0; }));
    BOOST_TEST(again.succeeded());
}

#endif

#if !defined(_WIN32)

BOOST_AUTO_TEST_CASE(after_a_cancellation_a_descriptor_may_be_redirected) {
    watched_pair w;
    std::vector<socket_pair<tcp>> others;
    for (bool const by_slot : {false, true}) {
        outcome cancelled, read, later;
        asio::cancellation_signal signal;
        w.socket.async_read_some(
            asio::buffer(w.data), asio::bind_cancellation_slot(signal.slot(), into(cancelled)));
        poll_often(w.context);
        if (by_slot)
            signal.emit(asio::cancellation_type::total);
        else
            w.socket.cancel();
        poll_often(w.context);
        BOOST_TEST(cancelled.aborted());
        auto& other = others.emplace_back(connect_tcp(w.context));
        send(other.second, "x");
        BOOST_TEST(readable(other.first.native_handle()));
        other.first.native_non_blocking(true);
        BOOST_TEST(::dup2(other.first.native_handle(), w.socket.native_handle()) != -1);
        w.socket.async_read_some(asio::buffer(w.data), into(read));
        BOOST_TEST(run_until(w.context, [&] { return read.calls > 0; }));
        BOOST_TEST(read.succeeded());
        w.socket.async_read_some(asio::buffer(w.data), into(later));
        poll_often(w.context);
        send(other.second, "y");
        BOOST_TEST(run_until(w.context, [&] { return later.calls > 0; }));
        BOOST_TEST(later.succeeded());
    }
}

#endif

BOOST_AUTO_TEST_CASE(a_reused_number_never_receives_the_old_sockets_events) {
    asio::io_context context;
    background_run const runner(context);
    std::atomic<int> false_events = 0;
    std::atomic<int> aborted = 0;
    int const storms = rounds(2000);
    for (int i = 0; i < storms; ++i) {
        {
            auto old = connect_local(context);
            old.first.async_wait(asio::socket_base::wait_read, [](error_code) {});
            send(old.second, "for the old one");
        }
        auto fresh = connect_local(context);
        auto const on_event = [&](error_code ec) {
            ++(ec == error::operation_aborted ? aborted : false_events);
        };
        fresh.first.async_wait(asio::socket_base::wait_read, on_event);
        fresh.second.async_wait(asio::socket_base::wait_read, on_event);
        if (i % 16 == 0)
            std::this_thread::yield();
        fresh.first.cancel(); // Closing one end first would make the other readable.
        fresh.second.cancel();
    }
    BOOST_TEST(eventually([&] { return aborted + false_events == 2 * storms; }));
    BOOST_TEST(false_events == 0);
}

BOOST_AUTO_TEST_SUITE_END()
