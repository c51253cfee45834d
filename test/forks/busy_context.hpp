// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_FORKS_BUSY_CONTEXT_HPP
#define BOOST_SELECTORS_TEST_FORKS_BUSY_CONTEXT_HPP

#include <atomic>
#include <boost/asio.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

namespace forks {

namespace asio = boost::asio;

/// A connection that transfers bytes all the time. It does not matter if a child reads some.
class busy_connection {
public:
    explicit busy_connection(asio::io_context& context)
        : strand_(asio::make_strand(context))
        , reader_(strand_)
        , writer_(strand_)
        , timer_(strand_) {
        asio::local::connect_pair(reader_, writer_);
        writer_.non_blocking(true);
        asio::post(strand_, [this] { read(), write(); });
    }

    long received() const noexcept { return received_; }

private:
    void read() {
        reader_.async_read_some(
            asio::buffer(bytes_), [this](boost::system::error_code ec, std::size_t n) {
                received_ += static_cast<long>(n);
                if (!ec)
                    read();
            });
    }

    void write() {
        boost::system::error_code ignored;
        writer_.write_some(asio::buffer("x", 1), ignored);
        timer_.expires_after(std::chrono::microseconds(50));
        timer_.async_wait([this](boost::system::error_code ec) {
            if (!ec)
                write();
        });
    }

    asio::strand<asio::io_context::executor_type> strand_;
    asio::local::stream_protocol::socket reader_, writer_;
    asio::steady_timer timer_;
    char bytes_[64];
    std::atomic<long> received_ = 0;
};

/// A context with two threads and four such connections.
struct busy_context {
    busy_context() {
        for (int i = 0; i < 4; ++i)
            connections.push_back(std::make_unique<busy_connection>(context));
        for (int i = 0; i < 2; ++i)
            threads->emplace_back([this] { context.run(); });
    }

    /// Whether each connection still receives.
    bool goes_on() const {
        auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        for (auto const& connection : connections) {
            long const before = connection->received();
            while (connection->received() == before)
                if (std::chrono::steady_clock::now() > end)
                    return false;
                else
                    std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return true;
    }

    void stop() {
        context.stop();
        for (std::thread& thread : *threads)
            thread.join();
        delete threads;
    }

    asio::io_context context;
    std::vector<std::unique_ptr<busy_connection>> connections;
    std::vector<std::thread>* threads = new std::vector<std::thread>; ///< A child has none.
};

} // namespace forks

#endif
