// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The load client detects a server's errors. Here the test plays the server, so that it can make
// errors.

#define BOOST_TEST_MODULE example_echo_load
#include "client.hpp"
#include "program.hpp"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

using namespace example_test;

namespace {

command echo_load(std::string const& port, std::string const& connections,
    std::string const& messages, std::string const& size) {
    return {ECHO_LOAD, port, connections, messages, size};
}

struct listening {
    unique_handle listener = make_listener();
    std::string port = std::to_string(port_of(listener));
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(echo_load_client, listening)

BOOST_AUTO_TEST_CASE(each_message_of_each_connection_is_another) {
    program load(echo_load(port, "2", "3", "64"));
    unique_handle const peers[] = {accept(listener), accept(listener)};
    std::set<std::string> messages;
    for (int i = 0; i < 3; ++i)
        for (unique_handle const& peer : peers) {
            std::string const message = receive_exactly(peer, 64);
            messages.insert(message);
            send(peer, message);
        }
    BOOST_TEST(messages.size() == 6u);
    BOOST_TEST(load.exit_status() == 0, load.err.text());
    BOOST_TEST(load.out.text().starts_with("connections=2 messages=6 bytes=384 errors=0 seconds="),
        load.out.text());
    BOOST_TEST(contains(load.out.text(), " messages_per_second="));
    BOOST_TEST(is_one_line(load.out.text()));
}

BOOST_AUTO_TEST_CASE(a_changed_byte_is_an_error) {
    for (std::size_t const place : {0u, 50u, 99u}) {
        program load(echo_load(port, "1", "1", "100"));
        unique_handle const peer = accept(listener);
        std::string message = receive_exactly(peer, 100);
        message.at(place) ^= 1;
        send(peer, message);
        BOOST_TEST(load.exit_status() == 1);
        BOOST_TEST(is_one_line(load.err.text()), load.err.text());
        BOOST_TEST(contains(load.err.text(), "other bytes"), load.err.text());
        BOOST_TEST(contains(load.out.text(), " errors=1 "), load.out.text());
    }
}

BOOST_AUTO_TEST_CASE(a_lost_connection_is_an_error_and_the_others_go_on) {
    program load(echo_load(port, "2", "1", "100"));
    unique_handle lost = accept(listener);
    unique_handle const kept = accept(listener);
    receive_exactly(lost, 100);
    lost.close();
    send(kept, receive_exactly(kept, 100));
    BOOST_TEST(load.exit_status() == 1);
    BOOST_TEST(contains(load.err.text(), "End of file"), load.err.text());
    BOOST_TEST(contains(load.out.text(), "messages=1 bytes=100 errors=1 "), load.out.text());
}

BOOST_AUTO_TEST_CASE(a_message_beyond_one_piece_that_is_cut_is_an_error_with_its_reason) {
    program load(echo_load(port, "1", "1", "1000000"));
    unique_handle peer = accept(listener);
    send(peer, receive_exactly(peer, 50'000));
    reset_connection(peer);
    BOOST_TEST(load.exit_status() == 1);
    std::string const reason = load.err.text(); // Of the read or of the concurrent write.
    BOOST_TEST((contains(reason, "Connection reset") || contains(reason, "Broken pipe")), reason);
}

BOOST_AUTO_TEST_CASE(nobody_who_listens_is_an_error_for_each_connection) {
    listener = make_bound_socket(); // Nothing can listen on its port.
    finished const load(echo_load(std::to_string(port_of(listener)), "5", "1", "1"));
    BOOST_TEST(load.status == 1);
    BOOST_TEST(is_one_line(load.err), load.err);
    BOOST_TEST(contains(load.err, "refused"), load.err);
    BOOST_TEST(contains(load.out, " errors=5 "), load.out);
}

BOOST_AUTO_TEST_CASE(what_it_does_not_understand_is_answered_with_its_usage) {
    for (command const& bad : {command{ECHO_LOAD}, {ECHO_LOAD, "0"}, {ECHO_LOAD, "x"},
             {ECHO_LOAD, "65536"}, {ECHO_LOAD, port, "0"}, {ECHO_LOAD, port, "-1"},
             {ECHO_LOAD, port, "1", "1", "1", "1"}}) {
        finished const load(bad);
        BOOST_TEST(load.status == 2);
        BOOST_TEST(is_one_line(load.err), load.err);
        BOOST_TEST(contains(load.err, "Usage: "), load.err);
    }
}

BOOST_AUTO_TEST_SUITE_END()
