// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An echo server in the style of Asio's examples.
//
//   echo_server BUFFER [THREADS [deadline | once]]
//
// With "deadline" each connection has a timer that is restarted for every message; with "once" the
// server closes it after one message.

#include <boost/asio.hpp>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

class session : public std::enable_shared_from_this<session> {
public:
    session(tcp::socket socket, std::size_t buffer, std::string_view mode)
        : socket_(std::move(socket))
        , data_(buffer)
        , once_(mode == "once") {
        if (mode == "deadline")
            deadline_.emplace(socket_.get_executor());
    }

    void read() {
        if (deadline_)
            set_deadline();
        socket_.async_read_some(
            asio::buffer(data_), [self = shared_from_this()](error_code ec, std::size_t n) {
                if (!ec)
                    self->write(n);
                else if (self->deadline_)
                    self->deadline_->cancel();
            });
    }

private:
    void write(std::size_t n) {
        asio::async_write(socket_, asio::buffer(data_.data(), n),
            [self = shared_from_this()](error_code ec, std::size_t) {
                if (!ec && !self->once_)
                    self->read();
            });
    }

    void set_deadline() {
        deadline_->expires_after(std::chrono::seconds(30));
        deadline_->async_wait([self = shared_from_this()](error_code ec) {
            if (!ec)
                self->socket_.close();
        });
    }

    tcp::socket socket_;
    std::vector<char> data_;
    std::optional<asio::steady_timer> deadline_;
    bool const once_;
};

class server {
public:
    server(asio::io_context& context, std::size_t buffer, std::string_view mode)
        : acceptor_(context, {asio::ip::address_v4::loopback(), 0})
        , buffer_(buffer)
        , mode_(mode) {
        accept();
    }

    unsigned short port() const { return acceptor_.local_endpoint().port(); }

private:
    void accept() {
        acceptor_.async_accept([this](error_code ec, tcp::socket socket) {
            if (!ec) {
                socket.set_option(tcp::no_delay(true), ec);
                std::make_shared<session>(std::move(socket), buffer_, mode_)->read();
            }
            accept();
        });
    }

    tcp::acceptor acceptor_;
    std::size_t const buffer_;
    std::string_view const mode_;
};

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::cerr << "usage: echo_server BUFFER [THREADS [deadline | once]]\n";
        return 2;
    }
    int const threads = argc > 2 ? std::atoi(argv[2]) : 1;
    std::string_view const mode = argc > 3 ? argv[3] : "";
    asio::io_context context;
    server const echo(context, std::strtoul(argv[1], nullptr, 10), mode);
    std::cout << "listening " << echo.port() << std::endl;
    std::vector<std::jthread> others;
    for (int i = 1; i < threads; ++i)
        others.emplace_back([&] { context.run(); });
    context.run();
}
