// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <array>
#include <boost/asio.hpp>
#include <cstdlib>
#include <iostream>
#include <memory>

using boost::asio::ip::tcp;
using boost::system::error_code;

class session : public std::enable_shared_from_this<session> {
public:
    explicit session(tcp::socket socket)
        : socket_(std::move(socket)) {}

    void read() {
        socket_.async_read_some(
            boost::asio::buffer(bytes_), [self = shared_from_this()](error_code ec, std::size_t n) {
                if (!ec)
                    self->write(n);
            });
    }

private:
    void write(std::size_t n) {
        boost::asio::async_write(socket_, boost::asio::buffer(bytes_, n),
            [self = shared_from_this()](error_code ec, std::size_t) {
                if (!ec)
                    self->read();
            });
    }

    tcp::socket socket_;
    std::array<char, 4096> bytes_;
};

void accept(tcp::acceptor& acceptor) {
    acceptor.async_accept([&](error_code ec, tcp::socket socket) {
        if (ec) {
            std::cerr << ec.message() << '\n';
            return;
        }
        std::make_shared<session>(std::move(socket))->read();
        accept(acceptor);
    });
}

int main(int argc, char* argv[]) {
    auto const port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 5000);
    boost::asio::io_context context;
    tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), port});
    accept(acceptor);
    context.run();
}
