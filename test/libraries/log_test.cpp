// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A program on boost_selectors uses the shared library of Boost.Log. That library contains its own
// copy of Asio, compiled for Asio's own reactor. Each must use its own copy.

#define BOOST_TEST_MODULE log
#include "../asio/support.hpp"
#include <boost/log/core.hpp>
#include <boost/log/sinks/sync_frontend.hpp>
#include <boost/log/sinks/syslog_backend.hpp>
#include <boost/log/sources/logger.hpp>
#include <boost/log/sources/record_ostream.hpp>

namespace {

using namespace asio_test;
namespace log = boost::log;
namespace sinks = log::sinks;

/// Sends the log to a UDP port, with Boost.Log's copy of Asio.
boost::shared_ptr<sinks::sink> sink_to(unsigned short port) {
    namespace keywords = log::keywords;
    auto backend = boost::make_shared<sinks::syslog_backend>(
        keywords::use_impl = sinks::syslog::udp_socket_based, keywords::ip_version = sinks::v4);
    backend->set_target_address("127.0.0.1", port);
    return boost::make_shared<sinks::synchronous_sink<sinks::syslog_backend>>(backend);
}

} // namespace

BOOST_AUTO_TEST_CASE(lines_that_boost_log_sends_arrive_at_a_selector) {
    constexpr int lines = 200;
    asio::io_context context;
    udp::socket receiver(context, {asio::ip::address_v4::loopback(), 0});
    auto const sink = sink_to(receiver.local_endpoint().port());
    log::core::get()->add_sink(sink);
    log::sources::logger logger;
    int received = 0;
    std::array<char, 2000> buffer;
    std::function<void()> const receive = [&] {
        receiver.async_receive(asio::buffer(buffer), [&](error_code ec, std::size_t n) {
            std::string_view const line(buffer.data(), n);
            if (ec || line.find("line " + std::to_string(received) + " of the log") == line.npos)
                return;
            if (++received < lines) {
                BOOST_LOG(logger) << "line " << received << " of the log";
                receive();
            }
        });
    };
    receive();
    BOOST_LOG(logger) << "line 0 of the log";
    run(context);
    BOOST_TEST(received == lines);
    log::core::get()->remove_sink(sink);
}

// Both create and destroy contexts in turn. Neither uses the other's service.
BOOST_AUTO_TEST_CASE(contexts_of_both_come_and_go) {
    for (int i = 0; i < 20; ++i) {
        asio::io_context context;
        udp::socket receiver(context, {asio::ip::address_v4::loopback(), 0});
        auto const sink = sink_to(receiver.local_endpoint().port());
        log::core::get()->add_sink(sink);
        log::sources::logger logger;
        BOOST_LOG(logger) << "one line";
        outcome got;
        char c;
        receiver.async_receive(asio::buffer(&c, 1), [&](error_code ec, std::size_t n) {
            got = {got.calls + 1, ec, n};
        });
        run(context);
        BOOST_TEST(got.calls == 1);
        log::core::get()->remove_sink(sink);
    }
}
