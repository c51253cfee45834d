// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_STANDARDS_ECHO_HPP
#define BOOST_SELECTORS_TEST_STANDARDS_ECHO_HPP

#include <boost/asio.hpp>
#include <boost_selectors/asio.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

// Operations for programs in an older language standard or without exceptions. These have no test
// framework: the first failure ends the program.

namespace standards {

inline void check(bool good, char const* what) {
    if (good)
        return;
    std::fprintf(stderr, "wrong: %s\n", what);
    std::exit(1);
}

/// A session that echoes what it receives, and ends with its connection.
class session : public std::enable_shared_from_this<session> {
public:
    explicit session(boost::asio::ip::tcp::socket socket)
        : socket_(std::move(socket)) {}

    void read() {
        socket_.async_read_some(boost::asio::buffer(bytes_),
            [self = shared_from_this()](boost::system::error_code ec, std::size_t n) {
                if (!ec)
                    self->write(n);
            });
    }

private:
    void write(std::size_t n) {
        boost::asio::async_write(socket_, boost::asio::buffer(bytes_, n),
            [self = shared_from_this()](boost::system::error_code ec, std::size_t) {
                if (!ec)
                    self->read();
            });
    }

    boost::asio::ip::tcp::socket socket_;
    char bytes_[128];
};

/// A client and a server in one context, and a timer. @return the echo.
inline std::string echo(boost::asio::io_context& context, std::string_view message) {
    using boost::asio::ip::tcp;
    using boost::system::error_code;
    tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
    acceptor.async_accept([](error_code ec, tcp::socket socket) {
        check(!ec, "accept");
        std::make_shared<session>(std::move(socket))->read();
    });
    tcp::socket client(context);
    std::string answer(message.size(), '\0');
    bool late = false;
    boost::asio::steady_timer timer(context, std::chrono::milliseconds(5));
    client.async_connect(acceptor.local_endpoint(), [&](error_code connected) {
        check(!connected, "connect");
        timer.async_wait([&](error_code waited) {
            check(!waited, "wait");
            late = true;
            boost::asio::async_write(client, boost::asio::buffer(message),
                [](error_code ec, std::size_t) { check(!ec, "write"); });
        });
        boost::asio::async_read(
            client, boost::asio::buffer(answer), [&](error_code ec, std::size_t) {
                check(!ec, "read");
                check(late, "the read waited");
                client.close();
            });
    });
    context.run();
    return answer;
}

} // namespace standards

#endif
