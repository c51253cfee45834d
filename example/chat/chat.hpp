// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_EXAMPLE_CHAT_HPP
#define BOOST_SELECTORS_EXAMPLE_CHAT_HPP

// tag::program[]
// A chat server: all hear the lines that one says. Who says nothing for an hour is disconnected.

#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <chrono>
#include <deque>
#include <exception>
#include <memory>
#include <set>
#include <string>

namespace chat {

namespace asio = boost::asio;
using asio::ip::tcp;

class guest : public std::enable_shared_from_this<guest> {
public:
    using room = std::set<std::shared_ptr<guest>>;

    guest(tcp::socket s, room& r)
        : socket_(std::move(s))
        , silence_(socket_.get_executor())
        , room_(r) {}

    asio::awaitable<void> stay() {
        using namespace asio::experimental::awaitable_operators;
        auto const self = shared_from_this();
        room_.insert(self);
        try {
            co_await (listen() || wait_for_silence());
        } catch (boost::system::system_error const&) { // The guest has gone.
        }
        room_.erase(self);
        socket_.close();
    }

private:
    asio::awaitable<void> listen() {
        for (std::string heard;;) {
            silence_.expires_after(std::chrono::hours(1));
            auto const n = co_await asio::async_read_until(
                socket_, asio::dynamic_buffer(heard), '\n', asio::use_awaitable);
            for (auto const& each : room_)
                each->tell(heard.substr(0, n));
            heard.erase(0, n);
        }
    }

    asio::awaitable<void> wait_for_silence() {
        boost::system::error_code ec; // The timer is set again whenever the guest says something.
        while (silence_.expiry() > std::chrono::steady_clock::now())
            co_await silence_.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    }

    // end::program[]
#ifdef CHAT_WITH_A_MISTAKE // Which the tutorial finds and mends.
    // tag::mistake[]
    void tell(std::string const& line) {
        auto const text = std::make_shared<std::string>(line);
        asio::async_write(
            socket_, asio::buffer(*text), [self = shared_from_this(), text](auto, std::size_t){});
    }
    // end::mistake[]
#else
    // tag::queue[]
    void tell(std::string const& line) {
        lines_.push_back(line);
        if (lines_.size() == 1)
            write();
    }

    void write() {
        asio::async_write(socket_, asio::buffer(lines_.front()),
            [self = shared_from_this()](boost::system::error_code ec, std::size_t) {
                self->lines_.pop_front();
                if (!ec && !self->lines_.empty())
                    self->write();
            });
    }

    std::deque<std::string> lines_; // The first one is being written.
                                    // end::queue[]
#endif
    // tag::program[]

    tcp::socket socket_;
    asio::steady_timer silence_;
    room& room_;
};

inline void serve(unsigned short port) {
    asio::io_context context;
    guest::room room;
    tcp::acceptor acceptor(context, {tcp::v4(), port});
    auto const welcome = [&]() -> asio::awaitable<void> {
        for (;;) {
            auto const g =
                std::make_shared<guest>(co_await acceptor.async_accept(asio::use_awaitable), room);
            asio::co_spawn(context, g->stay(), asio::detached);
        }
    };
    asio::co_spawn(context, welcome(), [](std::exception_ptr e) { std::rethrow_exception(e); });
    context.run();
}

} // namespace chat
// end::program[]

#endif
