// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_EXAMPLE_ASIO_METRICS_HPP
#define BOOST_SELECTORS_EXAMPLE_ASIO_METRICS_HPP

// The context's statistics, for Prometheus: each HTTP request is answered with them. For a context that
// one thread runs; for several, the sessions would need strands.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost_selectors/asio.hpp>
#include <boost_selectors/prometheus.hpp>
#include <chrono>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

namespace example {

class metrics_server {
public:
    using error_code = boost::system::error_code;
    using tcp = boost::asio::ip::tcp;

    metrics_server(boost_selectors::selector_context& context, tcp::acceptor acceptor)
        : context_(context)
        , acceptor_(std::move(acceptor))
        , retry_(context) {
        accept();
    }

private:
    struct session : std::enable_shared_from_this<session> {
        session(boost_selectors::selector_context& c, tcp::socket s)
            : context(c)
            , socket(std::move(s))
            , timer(c) {}

        /// A client that says nothing is left after ten seconds.
        void start() {
            timer.expires_after(std::chrono::seconds(10));
            timer.async_wait([self = shared_from_this()](error_code ec) {
                if (!ec)
                    self->socket.close();
            });
            boost::asio::async_read_until(socket, boost::asio::dynamic_buffer(text, 8192),
                "\r\n\r\n", [self = shared_from_this()](error_code ec, std::size_t) {
                    self->timer.cancel();
                    if (!ec)
                        self->answer();
                });
        }

        void answer() {
            std::ostringstream body;
            boost_selectors::write_prometheus(
                body, {{"main", std::string(context.selector().name()), context.get_statistics()}});
            text = "HTTP/1.0 200 OK\r\n"
                   "Content-Type: text/plain; version=0.0.4\r\n"
                   "Content-Length: " +
                   std::to_string(body.str().size()) + "\r\n\r\n" + body.str();
            boost::asio::async_write(socket, boost::asio::buffer(text),
                [self = shared_from_this()](error_code ec, std::size_t) {
                    if (!ec)
                        self->socket.shutdown(tcp::socket::shutdown_both, ec);
                });
        }

        boost_selectors::selector_context& context;
        tcp::socket socket;
        boost::asio::steady_timer timer;
        std::string text;
    };

    void accept() {
        acceptor_.async_accept([this](error_code ec, tcp::socket socket) {
            if (!ec)
                std::make_shared<session>(context_, std::move(socket))->start();
            else if (ec == boost::asio::error::operation_aborted)
                return;
            else // Most likely no descriptor is free.
                return accept_later();
            accept();
        });
    }

    void accept_later() {
        retry_.expires_after(std::chrono::milliseconds(100));
        retry_.async_wait([this](error_code ec) {
            if (!ec)
                accept();
        });
    }

    boost_selectors::selector_context& context_;
    tcp::acceptor acceptor_;
    boost::asio::steady_timer retry_;
};

} // namespace example

#endif
