// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef MIXED_WORK_HPP
#define MIXED_WORK_HPP

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

namespace {

/// Sends a datagram to itself, with its own context. @return whether it arrives.
bool work() {
    namespace asio = boost::asio;
    using asio::ip::udp;
    asio::io_context context;
    udp::socket socket(context, udp::endpoint(asio::ip::address_v4::loopback(), 0));
    char received = 0;
    socket.async_receive(asio::buffer(&received, 1), [](boost::system::error_code, std::size_t) {});
    context.poll();
    socket.send_to(asio::buffer("x", 1), socket.local_endpoint());
    context.run();
    return received == 'x';
}

} // namespace

#endif
