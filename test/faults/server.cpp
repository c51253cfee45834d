// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A robust echo server. It continues after an error of accept() and after an exception from run(),
// and ends on SIGTERM. Two threads run it. It is also compiled with plain Asio.

#include <array>
#include <boost/asio.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <thread>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

constexpr std::chrono::seconds patience(10);

class session : public std::enable_shared_from_this<session> {
public:
    explicit session(tcp::socket socket)
        : socket_(std::move(socket))
        , deadline_(socket_.get_executor()) {}

    void start() {
        asio::dispatch(socket_.get_executor(), [self = shared_from_this()] { self->read(); });
    }

private:
    void read() {
        deadline_.expires_after(patience);
        deadline_.async_wait([self = shared_from_this()](error_code ec) {
            if (!ec)
                self->socket_.close(ec);
        });
        socket_.async_read_some(
            asio::buffer(data_), [self = shared_from_this()](error_code ec, std::size_t n) {
                if (!ec)
                    self->write(n);
                else
                    self->deadline_.cancel();
            });
    }

    void write(std::size_t n) {
        asio::async_write(socket_, asio::buffer(data_, n),
            [self = shared_from_this()](error_code ec, std::size_t) {
                if (!ec)
                    self->read();
                else
                    self->deadline_.cancel();
            });
    }

    tcp::socket socket_;
    asio::steady_timer deadline_;
    std::array<char, 1024> data_;
};

class server {
public:
    explicit server(asio::io_context& context)
        : context_(context)
        , acceptor_(context, {asio::ip::address_v4::loopback(), 0})
        , again_(context)
        , signals_(context, SIGTERM) {
        signals_.async_wait([&](error_code, int) { context_.stop(); });
        accept();
        std::printf("%d\n", acceptor_.local_endpoint().port());
        std::fflush(stdout);
    }

private:
    void accept() {
        acceptor_.async_accept(
            asio::make_strand(context_), [this](error_code ec, tcp::socket socket) {
                if (!ec) {
                    std::make_shared<session>(std::move(socket))->start();
                    return accept();
                }
                again_.expires_after(std::chrono::milliseconds(5));
                again_.async_wait([this](error_code) { accept(); });
            });
    }

    asio::io_context& context_;
    tcp::acceptor acceptor_;
    asio::steady_timer again_;
    asio::signal_set signals_;
};

void run(asio::io_context& context) {
    for (int exceptions = 0; exceptions < 100; ++exceptions) {
        try {
            context.run();
            return;
        } catch (std::exception const& e) {
            std::fprintf(stderr, "run: %s\n", e.what());
        }
    }
    std::_Exit(3);
}

} // namespace

int main() {
    try {
        asio::io_context context;
        server const server(context);
        std::thread other([&] { run(context); });
        run(context);
        other.join();
    } catch (std::exception const& e) {
        std::fprintf(stderr, "start: %s\n", e.what());
        return 2;
    }
}
