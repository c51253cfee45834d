// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Local sockets, of each kind, behave as Boost.Asio documents.

#define BOOST_TEST_MODULE asio_local
#include "support.hpp"

#include <array>
#include <filesystem>

using namespace asio_test;
using asio::socket_base;
using asio::local::datagram_protocol;
using stream_protocol = local_stream;
namespace error = asio::error;

namespace {

/// A temporary folder for named sockets.
class scratch_folder {
public:
    scratch_folder() {
        std::string name = (std::filesystem::temp_directory_path() / "asio_test.XXXXXX").string();
        if (!::mkdtemp(name.data()))
            throw std::system_error(errno, std::system_category(), "mkdtemp");
        path_ = name;
    }
    ~scratch_folder() { std::filesystem::remove_all(path_); }

    std::string operator/(char const* file) const { return (path_ / file).string(); }

private:
    std::filesystem::path path_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(local_sockets)

BOOST_AUTO_TEST_CASE(a_local_connection_by_name) {
    asio::io_context context;
    scratch_folder const folder;
    stream_protocol::acceptor acceptor(context, stream_protocol::endpoint(folder / "socket"));
    stream_protocol::socket client(context), server(context);
    std::array<char, 64> data{};
    outcome accepted, connected, read;
    acceptor.async_accept(server, into(accepted));
    client.async_connect(stream_protocol::endpoint(folder / "socket"), into(connected));
    run(context);
    BOOST_TEST(accepted.succeeded());
    BOOST_TEST(connected.succeeded());
    client.async_read_some(asio::buffer(data), into(read));
    send(server, "hello");
    run(context);
    BOOST_TEST(text(data, read.value) == "hello");
}

BOOST_AUTO_TEST_CASE(the_end_of_a_local_stream_is_told) {
    asio::io_context context;
    auto pair = connect_local(context);
    std::array<char, 64> data{};
    outcome end, hung_up;
    pair.first.async_read_some(asio::buffer(data), into(end));
    pair.first.async_wait(stream_protocol::socket::wait_error, into(hung_up));
    poll_often(context);
    pair.second.close();
    BOOST_TEST(run_until(context, [&] { return end.calls > 0; }));
    BOOST_TEST(end.failed(error::eof));
}

BOOST_AUTO_TEST_CASE(local_datagrams_keep_their_bounds) {
    asio::io_context context;
    auto pair = connect_local<datagram_protocol>(context);
    std::array<char, 64> data{};
    outcome first, second;
    pair.first.async_receive(asio::buffer(data), into(first));
    poll_often(context);
    pair.second.send(asio::buffer("one", 3));
    pair.second.send(asio::buffer("three", 5));
    run(context);
    BOOST_TEST(text(data, first.value) == "one");
    pair.first.async_receive(asio::buffer(data), into(second));
    run(context);
    BOOST_TEST(text(data, second.value) == "three");
}

BOOST_AUTO_TEST_CASE(a_full_local_datagram_socket_waits_for_room) {
    asio::io_context context;
    auto pair = connect_local<datagram_protocol>(context);
    fill(pair.first);
    outcome sent;
    pair.first.async_send(asio::buffer("x", 1), into(sent));
    poll_often(context);
    BOOST_TEST(sent.calls == 0);
    while (!steal(pair.second.native_handle()).empty()) {
    }
    run(context);
    BOOST_TEST(sent.succeeded());
}

BOOST_AUTO_TEST_CASE(a_sequenced_packet_is_received_whole_with_its_flags) {
    using asio::generic::seq_packet_protocol;
    asio::io_context context;
    int fds[2];
    BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds) == 0);
    seq_packet_protocol const protocol(AF_UNIX, 0);
    seq_packet_protocol::socket first(context, protocol, fds[0]);
    seq_packet_protocol::socket second(context, protocol, fds[1]);
    std::array<char, 64> data{};
    socket_base::message_flags flags = 0;
    outcome received, sent;
    first.async_receive(asio::buffer(data), flags, into(received));
    poll_often(context);
    second.async_send(asio::buffer("packet", 6), 0, into(sent));
    run(context);
    BOOST_TEST(sent.succeeded());
    BOOST_TEST(text(data, received.value) == "packet");
    BOOST_TEST((flags & MSG_EOR) == 0);
}

BOOST_AUTO_TEST_CASE(a_write_to_who_is_gone_is_an_error_and_no_signal) {
    asio::io_context context;
    auto pair = connect_local(context);
    pair.second.close();
    outcome written;
    asio::async_write(pair.first, asio::buffer("x", 1), into(written));
    run(context);
    BOOST_TEST(written.failed(error::broken_pipe));
}

BOOST_AUTO_TEST_CASE(a_connect_waits_for_room_in_the_backlog) {
    asio::io_context context;
    scratch_folder const folder;
    stream_protocol::endpoint const name(folder / "socket");
    stream_protocol::acceptor acceptor(context, stream_protocol());
    acceptor.bind(name);
    acceptor.listen(0);
    stream_protocol::socket first(context), second(context);
    first.connect(name);
    outcome connected;
    second.async_connect(name, into(connected));
    run(context);
    // If the backlog is full, Linux fails a connect() of a Unix socket at once. Both results are
    // valid.
    BOOST_TEST((connected.succeeded() || connected.failed(error::try_again)));
}

BOOST_AUTO_TEST_SUITE_END()
