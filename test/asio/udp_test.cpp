// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Datagram and raw sockets behave as Boost.Asio documents.

#define BOOST_TEST_MODULE asio_udp
#include "support.hpp"

#include <array>

using namespace asio_test;
namespace error = asio::error;

namespace {

/// Whether the system reports refused datagrams. Wine does not.
boost::test_tools::assertion_result tells_refused_datagrams(boost::unit_test::test_unit_id) {
    asio::io_context context;
    udp::socket socket(context, {asio::ip::address_v4::loopback(), 0});
    socket.connect(deserted<udp>());
    socket.send(asio::buffer("x", 1));
    boost::test_tools::assertion_result result(sys::poll(socket.native_handle(), POLLIN, 200) > 0);
    result.message() << "the system does not report refused datagrams";
    return result;
}

boost::test_tools::assertion_result can_open_raw(boost::unit_test::test_unit_id) {
    asio::io_context context;
    asio::ip::icmp::socket socket(context);
    error_code ec;
    socket.open(asio::ip::icmp::v4(), ec);
    boost::test_tools::assertion_result result(!ec);
    result.message() << "raw sockets: " << ec.message();
    return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(datagrams)

BOOST_AUTO_TEST_CASE(a_datagram_arrives_with_its_sender) {
    asio::io_context context;
    udp::endpoint const any(asio::ip::address_v4::loopback(), 0);
    udp::socket one(context, any), other(context, any);
    std::array<char, 64> data{};
    udp::endpoint sender;
    outcome received, sent;
    other.async_receive_from(asio::buffer(data), sender, into(received));
    one.async_send_to(asio::buffer("hello", 5), other.local_endpoint(), into(sent));
    run(context);
    BOOST_TEST(sent.succeeded());
    BOOST_TEST(text(data, received.value) == "hello");
    BOOST_TEST(sender == one.local_endpoint());
}

BOOST_AUTO_TEST_CASE(datagrams_are_received_one_by_one) {
    asio::io_context context;
    auto pair = connect_udp(context);
    std::array<std::array<char, 64>, 3> data{};
    std::array<outcome, 3> received;
    for (std::size_t i = 0; i < 3; ++i)
        pair.first.async_receive(asio::buffer(data[i]), into(received[i]));
    for (char const* word : {"one", "two", "three"})
        pair.second.send(asio::buffer(word, std::strlen(word)));
    run(context);
    BOOST_TEST(text(data[0], received[0].value) == "one");
    BOOST_TEST(text(data[1], received[1].value) == "two");
    BOOST_TEST(text(data[2], received[2].value) == "three");
}

BOOST_AUTO_TEST_CASE(an_empty_datagram_is_received) {
    asio::io_context context;
    auto pair = connect_udp(context);
    std::array<char, 4> data{};
    outcome received;
    pair.first.async_receive(asio::buffer(data), into(received));
    pair.second.send(asio::const_buffer());
    run(context);
    BOOST_TEST(received.succeeded());
    BOOST_TEST(received.value == 0u);
}

BOOST_AUTO_TEST_CASE(a_refused_datagram_ends_the_waiting_receive,
    *needs_errors_to_stay() * boost::unit_test::precondition(tells_refused_datagrams)) {
    asio::io_context context;
    udp::socket socket(context, {asio::ip::address_v4::loopback(), 0});
    socket.connect(deserted<udp>());
    std::array<char, 4> data{};
    outcome received;
    socket.async_receive(asio::buffer(data), into(received));
    poll_often(context);
    socket.send(asio::buffer("x", 1));
    run(context);
    BOOST_TEST(received.failed(error::connection_refused));
}

BOOST_AUTO_TEST_CASE(a_wait_for_a_datagram_leaves_it) {
    asio::io_context context;
    auto pair = connect_udp(context);
    outcome waited;
    pair.first.async_wait(udp::socket::wait_read, into(waited));
    poll_often(context);
    BOOST_TEST(waited.calls == 0);
    pair.second.send(asio::buffer("four", 4));
    run(context);
    BOOST_TEST(waited.succeeded());
    BOOST_TEST(pair.first.available() == 4u);
}

BOOST_AUTO_TEST_CASE(cancelling_a_receive_loses_no_datagram) {
    asio::io_context context;
    auto pair = connect_udp(context);
    std::array<char, 64> data{};
    outcome aborted, received;
    pair.first.async_receive(asio::buffer(data), into(aborted));
    poll_often(context);
    pair.first.cancel();
    pair.second.send(asio::buffer("kept", 4));
    pair.first.async_receive(asio::buffer(data), into(received));
    run(context);
    BOOST_TEST(aborted.aborted());
    BOOST_TEST(text(data, received.value) == "kept");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(raw_sockets)

BOOST_AUTO_TEST_CASE(
    an_echo_request_over_a_raw_socket, *boost::unit_test::precondition(can_open_raw)) {
    using asio::ip::icmp;
    asio::io_context context;
    icmp::socket socket(context, icmp::endpoint(icmp::v4(), 0));
    auto const low = static_cast<unsigned char>(::getpid() & 0xff);
    auto const high = static_cast<unsigned char>(::getpid() >> 8 & 0xff);
    std::array<unsigned char, 8> request{8, 0, 0, 0, high, low, 0, 1};
    unsigned const sum = 0x0800u + (unsigned{high} << 8 | low) + 1u;
    unsigned const check = ~(sum + (sum >> 16)) & 0xffffu;
    request[2] = static_cast<unsigned char>(check >> 8);
    request[3] = static_cast<unsigned char>(check & 0xff);
    std::array<unsigned char, 256> reply{};
    bool replied = false;
    std::function<void()> receive = [&] {
        socket.async_receive(asio::buffer(reply), [&](error_code ec, std::size_t n) {
            std::size_t const header = (reply[0] & 0x0fu) * 4u;
            replied = !ec && n >= header + 8 && reply[header] == 0 && reply[header + 4] == high &&
                      reply[header + 5] == low;
            if (!ec && !replied)
                receive(); // The socket also receives other messages, and the request.
        });
    };
    receive();
    socket.send_to(asio::buffer(request), {asio::ip::address_v4::loopback(), 0});
    run(context);
    BOOST_TEST(replied);
}

BOOST_AUTO_TEST_SUITE_END()
