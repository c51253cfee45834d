// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An echo server with callbacks, in the style of Asio's own. The command line names the selector.
//
//   asio_echo_server [--stats] [port [backend]]

#include "server.hpp"
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <memory>

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

class session : public std::enable_shared_from_this<session> {
public:
    explicit session(tcp::socket socket)
        : socket_(std::move(socket)) {
        error_code ignored; // If the peer is already gone, the first read fails.
        socket_.set_option(tcp::no_delay(true), ignored);
    }

    void read() {
        socket_.async_read_some(boost::asio::buffer(data_),
            [self = shared_from_this()](error_code ec, std::size_t length) {
                if (!ec)
                    self->write(length);
            });
    }

private:
    void write(std::size_t length) {
        boost::asio::async_write(socket_, boost::asio::buffer(data_, length),
            [self = shared_from_this()](error_code ec, std::size_t) {
                if (!ec)
                    self->read();
            });
    }

    tcp::socket socket_;
    std::array<char, 4096> data_;
};

class server {
public:
    explicit server(tcp::acceptor acceptor)
        : acceptor_(std::move(acceptor))
        , retry_(acceptor_.get_executor()) {
        accept();
    }

private:
    void accept() {
        acceptor_.async_accept([this](error_code ec, tcp::socket socket) {
            if (!ec)
                std::make_shared<session>(std::move(socket))->read();
            else if (ec == boost::asio::error::operation_aborted)
                return;
            else if (ec != boost::asio::error::connection_aborted)
                return accept_later(ec);
            accept();
        });
    }

    // Most likely no descriptor is free: the client waits in the queue until one is.
    void accept_later(error_code reason) {
        std::cerr << "accept: " << reason.message() << '\n';
        retry_.expires_after(std::chrono::milliseconds(100));
        retry_.async_wait([this](error_code ec) {
            if (!ec)
                accept();
        });
    }

    tcp::acceptor acceptor_;
    boost::asio::steady_timer retry_;
};

} // namespace

int main(int argc, char* argv[]) {
    return example::main("asio_echo_server", argc, argv, [](example::arguments const& a) {
        boost_selectors::selector_context context{boost_selectors::make_selector(a.backend)};
        auto acceptor = example::listen(context, a.port);
        auto const port = acceptor.local_endpoint().port();
        server s(std::move(acceptor));
        example::run(context, port, a);
    });
}
