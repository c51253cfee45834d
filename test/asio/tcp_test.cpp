// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Stream sockets and acceptors behave as Boost.Asio documents.

#define BOOST_TEST_MODULE asio_tcp
#include "support.hpp"

#include <array>
#include <optional>
#include <vector>

using namespace asio_test;
using asio::socket_base;
namespace error = asio::error;

namespace {

/// A connection, and a buffer for each of several reads.
struct connected {
    asio::io_context context;
    socket_pair<tcp> pair = connect_tcp(context);
    tcp::socket& socket = pair.first;
    tcp::socket& peer = pair.second;
    std::array<char, 64> data{};
};

boost::test_tools::assertion_result has_ipv6(boost::unit_test::test_unit_id) {
    asio::io_context context;
    tcp::acceptor acceptor(context);
    error_code ec;
    acceptor.open(tcp::v6(), ec);
    if (!ec)
        acceptor.bind({asio::ip::address_v6::loopback(), 0}, ec);
    boost::test_tools::assertion_result result(!ec);
    result.message() << "IPv6: " << ec.message();
    return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(streams)

BOOST_AUTO_TEST_CASE(much_data_arrives_whole_in_both_directions_at_once) {
    connected c;
    std::string const there(4'000'000, 'a');
    std::string const back(3'000'000, 'b');
    std::string at_peer(there.size(), 0);
    std::string at_socket(back.size(), 0);
    outcome sent, received, sent_back, received_back;
    asio::async_write(c.socket, asio::buffer(there), into(sent));
    asio::async_write(c.peer, asio::buffer(back), into(sent_back));
    asio::async_read(c.peer, asio::buffer(at_peer), into(received));
    asio::async_read(c.socket, asio::buffer(at_socket), into(received_back));
    run(c.context);
    for (outcome const* o : {&sent, &received, &sent_back, &received_back})
        BOOST_TEST(o->succeeded());
    BOOST_TEST((at_peer == there));
    BOOST_TEST((at_socket == back));
}

BOOST_AUTO_TEST_CASE(a_write_waits_until_the_peer_has_read) {
    connected c;
    std::size_t const before = fill(c.socket);
    outcome written;
    c.socket.async_write_some(asio::buffer("more", 4), into(written));
    poll_often(c.context);
    BOOST_TEST(written.calls == 0);
    std::vector<char> sink(before);
    asio::read(c.peer, asio::buffer(sink));
    BOOST_TEST(run_until(c.context, [&] { return written.calls > 0; }));
    BOOST_TEST(written.succeeded());
    BOOST_TEST(written.value == 4u);
}

BOOST_AUTO_TEST_CASE(reads_are_served_in_the_order_they_were_started) {
    connected c;
    std::array<char, 3> letters{};
    std::string order;
    for (char& letter : letters)
        c.socket.async_read_some(
            asio::buffer(&letter, 1), [&](error_code, std::size_t) { order += letter; });
    send(c.peer, "abc");
    run(c.context);
    BOOST_TEST(order == "abc");
}

BOOST_AUTO_TEST_CASE(a_read_of_nothing_ends_at_once) {
    connected c;
    outcome read;
    c.socket.async_read_some(asio::mutable_buffer(), into(read));
    run(c.context);
    BOOST_TEST(read.succeeded());
}

BOOST_AUTO_TEST_CASE(no_handler_is_called_by_the_function_that_starts_it) {
    connected c;
    send(c.peer, "x");
    outcome read, written;
    c.socket.async_read_some(asio::buffer(c.data), into(read));
    c.socket.async_write_some(asio::buffer("y", 1), into(written));
    BOOST_TEST(read.calls + written.calls == 0);
    run(c.context);
    BOOST_TEST(read.succeeded());
    BOOST_TEST(written.succeeded());
}

BOOST_AUTO_TEST_CASE(the_end_of_the_stream_is_told_after_the_data) {
    connected c;
    send(c.peer, "last");
    c.peer.shutdown(tcp::socket::shutdown_send);
    outcome read, end, again;
    c.socket.async_read_some(asio::buffer(c.data), into(read));
    run(c.context);
    BOOST_TEST(text(c.data, read.value) == "last");
    c.socket.async_read_some(asio::buffer(c.data), into(end));
    run(c.context);
    BOOST_TEST(end.failed(error::eof));
    c.socket.async_read_some(asio::buffer(c.data), into(again));
    run(c.context);
    BOOST_TEST(again.failed(error::eof));
}

BOOST_AUTO_TEST_CASE(a_half_closed_stream_can_still_be_written_to) {
    connected c;
    outcome end, answered, got;
    c.peer.shutdown(tcp::socket::shutdown_send);
    c.socket.async_read_some(asio::buffer(c.data), into(end));
    run(c.context);
    BOOST_TEST(end.failed(error::eof));
    asio::async_write(c.socket, asio::buffer("answer", 6), into(answered));
    c.peer.async_read_some(asio::buffer(c.data), into(got));
    run(c.context);
    BOOST_TEST(answered.succeeded());
    BOOST_TEST(text(c.data, got.value) == "answer");
}

BOOST_AUTO_TEST_CASE(a_reset_ends_waiting_reads_and_writes, *needs_errors_to_stay()) {
    connected c;
    fill(c.socket);
    outcome read, written;
    c.socket.async_read_some(asio::buffer(c.data), into(read));
    c.socket.async_write_some(asio::buffer("x", 1), into(written));
    poll_often(c.context);
    c.peer.set_option(socket_base::linger(true, 0));
    c.peer.close();
    run(c.context);
    BOOST_TEST(read.calls == 1);
    BOOST_TEST(written.calls == 1);
    // The system decides which of the two operations reports the reset.
    BOOST_TEST(((read.ec == error::connection_reset || read.ec == error::eof) &&
                (written.ec == error::connection_reset || written.ec == error::broken_pipe)));
    BOOST_TEST((read.ec == error::connection_reset || written.ec == error::connection_reset));
}

BOOST_AUTO_TEST_CASE(synchronous_and_asynchronous_calls_mix) {
    connected c;
    outcome read;
    c.socket.async_read_some(asio::buffer(c.data), into(read));
    send(c.peer, "one");
    run(c.context);
    BOOST_TEST(text(c.data, read.value) == "one");
    // The synchronous read blocks, although Asio has made the descriptor non-blocking.
    std::thread later([&] {
        std::this_thread::sleep_for(moment);
        send(c.peer, "two");
    });
    std::size_t const n = c.socket.read_some(asio::buffer(c.data));
    later.join();
    BOOST_TEST(text(c.data, n) == "two");
    c.socket.non_blocking(true);
    error_code ec;
    c.socket.read_some(asio::buffer(c.data), ec);
    BOOST_TEST(ec == error::would_block);
}

BOOST_AUTO_TEST_CASE(buffer_sequences_are_scattered_and_gathered) {
    connected c;
    std::array<char, 2> a{};
    std::array<char, 3> b{};
    outcome written, read;
    asio::async_write(
        c.peer, std::array{asio::buffer("he", 2), asio::buffer("llo", 3)}, into(written));
    asio::async_read(c.socket, std::array{asio::buffer(a), asio::buffer(b)}, into(read));
    run(c.context);
    BOOST_TEST(std::string(a.data(), 2) + std::string(b.data(), 3) == "hello");
}

BOOST_AUTO_TEST_CASE(a_stream_over_ipv6, *boost::unit_test::precondition(has_ipv6)) {
    asio::io_context context;
    tcp::acceptor acceptor(context, {asio::ip::address_v6::loopback(), 0});
    tcp::socket client(context), server(context);
    outcome connected, accepted, read;
    acceptor.async_accept(server, into(accepted));
    client.async_connect(acceptor.local_endpoint(), into(connected));
    run(context);
    BOOST_TEST(connected.succeeded());
    BOOST_TEST(accepted.succeeded());
    std::array<char, 64> data{};
    server.async_read_some(asio::buffer(data), into(read));
    send(client, "six");
    run(context);
    BOOST_TEST(text(data, read.value) == "six");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(connecting_and_accepting)

BOOST_AUTO_TEST_CASE(everyone_who_connects_is_accepted) {
    constexpr int clients = 50;
    asio::io_context context;
    tcp::acceptor acceptor(context, loopback());
    std::vector<tcp::socket> connected, accepted;
    int failures = 0;
    std::function<void(error_code, tcp::socket)> on_accept = [&](error_code ec, tcp::socket s) {
        failures += ec.failed();
        accepted.push_back(std::move(s));
        if (accepted.size() < clients)
            acceptor.async_accept(on_accept);
    };
    acceptor.async_accept(on_accept);
    connected.reserve(clients);
    for (int i = 0; i < clients; ++i)
        connected.emplace_back(context).async_connect(
            acceptor.local_endpoint(), [&](error_code ec) { failures += ec.failed(); });
    run(context);
    BOOST_TEST(failures == 0);
    BOOST_TEST(accepted.size() == clients);
}

BOOST_AUTO_TEST_CASE(several_accepts_may_wait_at_once) {
    asio::io_context context;
    tcp::acceptor acceptor(context, loopback());
    tcp::socket a(context), b(context), first(context), second(context);
    outcome accepted_a, accepted_b;
    acceptor.async_accept(a, into(accepted_a));
    acceptor.async_accept(b, into(accepted_b));
    poll_often(context);
    first.connect(acceptor.local_endpoint());
    BOOST_TEST(run_until(context, [&] { return accepted_a.calls > 0; }));
    BOOST_TEST(accepted_b.calls == 0);
    second.connect(acceptor.local_endpoint());
    run(context);
    BOOST_TEST(accepted_a.succeeded());
    BOOST_TEST(accepted_b.succeeded());
    BOOST_TEST(b.remote_endpoint() == second.local_endpoint());
}

BOOST_AUTO_TEST_CASE(a_socket_can_be_accepted_into_another_context) {
    asio::io_context context, other;
    tcp::acceptor acceptor(context, loopback());
    tcp::socket client(context);
    std::optional<tcp::socket> accepted;
    tcp::endpoint peer;
    acceptor.async_accept(other, peer, [&](error_code ec, tcp::socket s) {
        if (!ec)
            accepted = std::move(s);
    });
    client.connect(acceptor.local_endpoint());
    run(context);
    BOOST_REQUIRE(accepted.has_value());
    BOOST_TEST(peer == client.local_endpoint());
    std::array<char, 64> data{};
    outcome read;
    accepted->async_read_some(asio::buffer(data), into(read));
    send(client, "hello");
    run(other);
    BOOST_TEST(text(data, read.value) == "hello");
}

BOOST_AUTO_TEST_CASE(a_refused_connect_says_so, *needs_errors_to_stay()) {
    asio::io_context context;
    tcp::socket socket(context);
    outcome connected;
    socket.async_connect(deserted<tcp>(), into(connected));
    run(context);
    BOOST_TEST(connected.failed(error::connection_refused));
}

BOOST_AUTO_TEST_CASE(connect_tries_the_endpoints_until_one_answers, *needs_errors_to_stay()) {
    asio::io_context context;
    tcp::acceptor acceptor(context, loopback());
    std::vector const endpoints{deserted<tcp>(), deserted<tcp>(), acceptor.local_endpoint()};
    tcp::socket socket(context);
    error_code result = error::fault;
    tcp::endpoint reached;
    asio::async_connect(socket, endpoints, [&](error_code ec, tcp::endpoint const& endpoint) {
        result = ec;
        reached = endpoint;
    });
    run(context);
    BOOST_TEST(!result);
    BOOST_TEST(reached == acceptor.local_endpoint());
}

BOOST_AUTO_TEST_CASE(a_socket_can_connect_again_after_a_failure, *needs_errors_to_stay()) {
    asio::io_context context;
    tcp::acceptor acceptor(context, loopback());
    tcp::socket socket(context);
    outcome refused, connected;
    socket.async_connect(deserted<tcp>(), into(refused));
    run(context);
    BOOST_TEST(refused.failed(error::connection_refused));
    socket.close();
    socket.async_connect(acceptor.local_endpoint(), into(connected));
    run(context);
    BOOST_TEST(connected.succeeded());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(waits)

BOOST_AUTO_TEST_CASE(a_wait_for_reading_ends_when_there_is_data_and_leaves_it) {
    connected c;
    outcome readable;
    c.socket.async_wait(tcp::socket::wait_read, into(readable));
    poll_often(c.context);
    BOOST_TEST(readable.calls == 0);
    send(c.peer, "data");
    run(c.context);
    BOOST_TEST(readable.succeeded());
    BOOST_TEST(c.socket.available() == 4u);
}

BOOST_AUTO_TEST_CASE(a_wait_ends_each_time_as_long_as_the_data_is_unread) {
    connected c;
    send(c.peer, "data");
    for (int i = 0; i < 5; ++i) {
        outcome readable;
        c.socket.async_wait(tcp::socket::wait_read, into(readable));
        run(c.context);
        BOOST_TEST(readable.succeeded());
    }
}

BOOST_AUTO_TEST_CASE(a_wait_for_writing_ends_when_there_is_room) {
    connected c;
    outcome at_once, writable;
    c.socket.async_wait(tcp::socket::wait_write, into(at_once));
    run(c.context);
    BOOST_TEST(at_once.succeeded());
    std::vector<char> sink(fill(c.socket));
    c.socket.async_wait(tcp::socket::wait_write, into(writable));
    poll_often(c.context);
    BOOST_TEST(writable.calls == 0);
    asio::read(c.peer, asio::buffer(sink));
    run(c.context);
    BOOST_TEST(writable.succeeded());
}

BOOST_AUTO_TEST_CASE(a_wait_for_errors_ends_with_urgent_data_but_not_with_data, *needs_priority()) {
    connected c;
    outcome urgent;
    c.socket.async_wait(tcp::socket::wait_error, into(urgent));
    send(c.peer, "data");
    poll_often(c.context);
    BOOST_TEST(urgent.calls == 0);
    c.peer.send(asio::buffer("!", 1), socket_base::message_out_of_band);
    run(c.context);
    BOOST_TEST(urgent.succeeded());
}

BOOST_AUTO_TEST_CASE(all_three_waits_at_once, *needs_priority()) {
    connected c;
    outcome readable, writable, failed;
    c.socket.async_wait(tcp::socket::wait_read, into(readable));
    c.socket.async_wait(tcp::socket::wait_write, into(writable));
    c.socket.async_wait(tcp::socket::wait_error, into(failed));
    BOOST_TEST(run_until(c.context, [&] { return writable.calls > 0; }));
    BOOST_TEST(readable.calls + failed.calls == 0);
    send(c.peer, "x");
    BOOST_TEST(run_until(c.context, [&] { return readable.calls > 0; }));
    BOOST_TEST(failed.calls == 0);
    c.socket.cancel();
    run(c.context);
    BOOST_TEST(failed.aborted());
}

BOOST_AUTO_TEST_CASE(a_wait_at_an_acceptor_ends_when_someone_connects) {
    asio::io_context context;
    tcp::acceptor acceptor(context, loopback());
    tcp::socket client(context);
    outcome ready;
    acceptor.async_wait(tcp::acceptor::wait_read, into(ready));
    poll_often(context);
    BOOST_TEST(ready.calls == 0);
    client.connect(acceptor.local_endpoint());
    run(context);
    BOOST_TEST(ready.succeeded());
    acceptor.non_blocking(true);
    BOOST_TEST(acceptor.accept().is_open());
}

BOOST_AUTO_TEST_CASE(null_buffers_wait_for_fresh_readiness) {
    connected c;
    outcome first, second;
    c.socket.async_receive(asio::null_buffers(), into(first));
    send(c.peer, "x");
    run(c.context);
    BOOST_TEST(first.succeeded());
    BOOST_TEST(steal(c.socket.native_handle()) == "x");
    c.socket.async_receive(asio::null_buffers(), into(second));
    poll_often(c.context);
    BOOST_TEST(second.calls == 0);
    send(c.peer, "y");
    run(c.context);
    BOOST_TEST(second.succeeded());
}

BOOST_AUTO_TEST_CASE(the_synchronous_waits_block_until_ready) {
    connected c;
    std::thread later([&] {
        std::this_thread::sleep_for(moment);
        send(c.peer, "x");
    });
    c.socket.wait(tcp::socket::wait_read);
    BOOST_TEST(c.socket.available() == 1u);
    later.join();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(urgent_data)

BOOST_AUTO_TEST_CASE(urgent_data_is_received_out_of_band, *needs_priority()) {
    connected c;
    char urgent = 0;
    outcome received;
    c.socket.async_receive(
        asio::buffer(&urgent, 1), socket_base::message_out_of_band, into(received));
    poll_often(c.context);
    BOOST_TEST(received.calls == 0);
    c.peer.send(asio::buffer("!", 1), socket_base::message_out_of_band);
    run(c.context);
    BOOST_TEST(received.succeeded());
    BOOST_TEST(urgent == '!');
}

BOOST_AUTO_TEST_CASE(urgent_data_is_received_beside_a_waiting_read, *needs_priority()) {
    connected c;
    char urgent = 0;
    outcome received, read;
    c.socket.async_read_some(asio::buffer(c.data), into(read));
    c.socket.async_receive(
        asio::buffer(&urgent, 1), socket_base::message_out_of_band, into(received));
    c.peer.send(asio::buffer("!", 1), socket_base::message_out_of_band);
    BOOST_TEST(run_until(c.context, [&] { return received.calls > 0; }));
    BOOST_TEST(urgent == '!');
    BOOST_TEST(read.calls == 0);
    send(c.peer, "plain");
    run(c.context);
    BOOST_TEST(text(c.data, read.value) == "plain");
}

BOOST_AUTO_TEST_CASE(urgent_data_that_nobody_receives_does_not_disturb_a_read) {
    connected c;
    outcome read;
    c.socket.async_read_some(asio::buffer(c.data), into(read));
    c.peer.send(asio::buffer("!", 1), socket_base::message_out_of_band);
    poll_often(c.context);
    BOOST_TEST(read.calls == 0);
    send(c.peer, "plain");
    run(c.context);
    BOOST_TEST(text(c.data, read.value) == "plain");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(cancellation)

BOOST_AUTO_TEST_CASE(cancel_aborts_all_that_wait_and_nothing_later) {
    connected c;
    fill(c.socket);
    outcome read, second_read, written, waited, later;
    c.socket.async_read_some(asio::buffer(c.data), into(read));
    c.socket.async_read_some(asio::buffer(c.data), into(second_read));
    c.socket.async_write_some(asio::buffer("x", 1), into(written));
    c.socket.async_wait(tcp::socket::wait_error, into(waited));
    c.socket.cancel();
    c.socket.async_read_some(asio::buffer(c.data), into(later));
    BOOST_TEST(read.calls == 0);
    poll_often(c.context);
    for (outcome const* o : {&read, &second_read, &written, &waited})
        BOOST_TEST(o->aborted());
    BOOST_TEST(later.calls == 0);
    send(c.peer, "x");
    run(c.context);
    BOOST_TEST(later.succeeded());
}

BOOST_AUTO_TEST_CASE(cancel_from_another_thread_ends_the_wait) {
    connected c;
    outcome read;
    c.socket.async_read_some(asio::buffer(c.data), into(read));
    std::thread canceller([&] {
        std::this_thread::sleep_for(moment);
        c.socket.cancel();
    });
    run(c.context);
    canceller.join();
    BOOST_TEST(read.aborted());
}

BOOST_AUTO_TEST_CASE(a_slot_cancels_its_own_operation_alone) {
    connected c;
    asio::cancellation_signal signal;
    outcome first, second, third;
    std::array<char, 1> one, two, three;
    c.socket.async_read_some(asio::buffer(one), into(first));
    c.socket.async_read_some(
        asio::buffer(two), asio::bind_cancellation_slot(signal.slot(), into(second)));
    c.socket.async_read_some(asio::buffer(three), into(third));
    poll_often(c.context);
    signal.emit(asio::cancellation_type::partial);
    poll_often(c.context);
    BOOST_TEST(second.aborted());
    BOOST_TEST(first.calls + third.calls == 0);
    send(c.peer, "13");
    run(c.context);
    BOOST_TEST(first.succeeded());
    BOOST_TEST(third.succeeded());
    BOOST_TEST(std::string({one[0], three[0]}) == "13");
}

BOOST_AUTO_TEST_CASE(slots_cancel_writes_waits_accepts_and_connects) {
    connected c;
    fill(c.socket);
    tcp::acceptor acceptor(c.context, loopback());
    tcp::socket accepted(c.context);
    asio::cancellation_signal write, wait, accept, wait_accept;
    outcome written, waited, was_accepted, waited_to_accept;
    c.socket.async_write_some(
        asio::buffer("x", 1), asio::bind_cancellation_slot(write.slot(), into(written)));
    c.socket.async_wait(
        tcp::socket::wait_read, asio::bind_cancellation_slot(wait.slot(), into(waited)));
    acceptor.async_accept(
        accepted, asio::bind_cancellation_slot(accept.slot(), into(was_accepted)));
    acceptor.async_wait(tcp::acceptor::wait_read,
        asio::bind_cancellation_slot(wait_accept.slot(), into(waited_to_accept)));
    poll_often(c.context);
    for (asio::cancellation_signal* signal : {&write, &wait, &accept, &wait_accept})
        signal->emit(asio::cancellation_type::terminal);
    run(c.context);
    for (outcome const* o : {&written, &waited, &was_accepted, &waited_to_accept})
        BOOST_TEST(o->aborted());
}

BOOST_AUTO_TEST_CASE(closing_aborts_what_waits) {
    connected c;
    fill(c.socket);
    outcome read, written, waited;
    c.socket.async_read_some(asio::buffer(c.data), into(read));
    c.socket.async_write_some(asio::buffer("x", 1), into(written));
    c.socket.async_wait(tcp::socket::wait_error, into(waited));
    c.socket.close();
    BOOST_TEST(read.calls == 0);
    run(c.context);
    for (outcome const* o : {&read, &written, &waited})
        BOOST_TEST(o->aborted());
}

BOOST_AUTO_TEST_CASE(closing_or_destroying_an_acceptor_aborts_what_waits) {
    asio::io_context context;
    tcp::acceptor closed(context, loopback());
    std::optional<tcp::acceptor> destroyed(std::in_place, context, loopback());
    tcp::socket socket(context);
    outcome at_closed, at_destroyed;
    closed.async_accept(socket, into(at_closed));
    destroyed->async_wait(tcp::acceptor::wait_read, into(at_destroyed));
    poll_often(context);
    closed.close();
    destroyed.reset();
    run(context);
    BOOST_TEST(at_closed.aborted());
    BOOST_TEST(at_destroyed.aborted());
}

BOOST_AUTO_TEST_CASE(operations_on_a_closed_socket_fail) {
    asio::io_context context;
    tcp::socket socket(context);
    std::array<char, 1> data{};
    outcome read, written, waited;
    socket.async_read_some(asio::buffer(data), into(read));
    socket.async_write_some(asio::buffer(data), into(written));
    socket.async_wait(tcp::socket::wait_read, into(waited));
    run(context);
    for (outcome const* o : {&read, &written, &waited})
        BOOST_TEST(o->failed(error::bad_descriptor));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(ownership)

BOOST_AUTO_TEST_CASE(a_moved_socket_keeps_its_waiting_operations) {
    connected c;
    outcome read, again;
    c.socket.async_read_some(asio::buffer(c.data), into(read));
    poll_often(c.context);
    tcp::socket moved = std::move(c.socket);
    BOOST_TEST(!c.socket.is_open());
    send(c.peer, "x");
    run(c.context);
    BOOST_TEST(read.succeeded());
    moved.async_read_some(asio::buffer(c.data), into(again));
    send(c.peer, "y");
    run(c.context);
    BOOST_TEST(again.succeeded());
}

BOOST_AUTO_TEST_CASE(move_assignment_closes_the_target) {
    connected c;
    auto other = connect_tcp(c.context);
    outcome aborted, kept;
    std::array<char, 1> data{};
    c.socket.async_read_some(asio::buffer(c.data), into(aborted));
    other.first.async_read_some(asio::buffer(data), into(kept));
    poll_often(c.context);
    c.socket = std::move(other.first);
    send(other.second, "x");
    run(c.context);
    BOOST_TEST(aborted.aborted());
    BOOST_TEST(kept.succeeded());
    error_code ec;
    c.peer.read_some(asio::buffer(data), ec);
    BOOST_TEST(ec == error::eof);
}

BOOST_AUTO_TEST_CASE(a_socket_moved_to_a_more_general_kind_keeps_its_operations) {
    connected c;
    outcome read;
    c.socket.async_read_some(asio::buffer(c.data), into(read));
    asio::generic::stream_protocol::socket general(std::move(c.socket));
    send(c.peer, "x");
    run(c.context);
    BOOST_TEST(read.succeeded());
}

BOOST_AUTO_TEST_CASE(a_released_socket_can_be_assigned_to_another_context) {
    connected c;
    asio::io_context other;
    outcome aborted, read;
    c.socket.async_read_some(asio::buffer(c.data), into(aborted));
    poll_often(c.context);
    tcp::socket assigned(other, tcp::v4(), c.socket.release());
    BOOST_TEST(!c.socket.is_open());
    assigned.async_read_some(asio::buffer(c.data), into(read));
    send(c.peer, "x");
    run(other);
    BOOST_TEST(read.succeeded());
    run(c.context);
    BOOST_TEST(aborted.aborted());
}

BOOST_AUTO_TEST_CASE(assigning_a_closed_descriptor_fails_at_once) {
    connected c;
    auto const fd = c.socket.release();
    sys::close(fd);
    error_code ec;
    c.socket.assign(tcp::v4(), fd, ec);
    BOOST_TEST(sys::is_not_open({ec.value(), std::system_category()}));
    BOOST_TEST(!c.socket.is_open());
}

BOOST_AUTO_TEST_CASE(assigning_to_an_open_socket_fails) {
    connected c;
    error_code ec;
    c.socket.assign(tcp::v4(), c.peer.native_handle(), ec);
    BOOST_TEST(ec == error::already_open);
}

#if !defined(_WIN32)

BOOST_AUTO_TEST_CASE(a_duplicate_of_a_descriptor_is_a_descriptor_of_its_own) {
    connected c;
    tcp::socket twin(c.context, tcp::v4(), ::dup(c.socket.native_handle()));
    outcome waited, waited_by_twin;
    c.socket.async_wait(tcp::socket::wait_read, into(waited));
    twin.async_wait(tcp::socket::wait_read, into(waited_by_twin));
    poll_often(c.context);
    send(c.peer, "x");
    run(c.context);
    BOOST_TEST(waited.succeeded());
    BOOST_TEST(waited_by_twin.succeeded());
}

#endif

BOOST_AUTO_TEST_CASE(a_handler_may_close_destroy_and_replace_its_socket) {
    connected c;
    auto owned = std::make_shared<tcp::socket>(std::move(c.socket));
    auto second = connect_tcp(c.context);
    outcome read_again;
    char letter = 0;
    owned->async_read_some(asio::buffer(c.data), [&, owned](error_code, std::size_t) mutable {
        *owned = std::move(second.first);
        owned->async_read_some(
            asio::buffer(&letter, 1), [&, keep = std::move(owned)](error_code ec, std::size_t n) {
                into{read_again}(ec, n);
            });
    });
    owned.reset();
    send(c.peer, "x");
    send(second.second, "y");
    run(c.context);
    BOOST_TEST(read_again.succeeded());
    BOOST_TEST(letter == 'y');
}

BOOST_AUTO_TEST_SUITE_END()
