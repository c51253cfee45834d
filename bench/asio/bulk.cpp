// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Bulk transfer: pairs of sockets in one process, 64 KiB per read and write, on one or two threads.
//
//   bulk THREADS
//
// Counts bytes.

#include "slices.hpp"
#include <atomic>
#include <boost/asio.hpp>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;
using clock_type = std::chrono::steady_clock;

class transfer {
public:
    transfer(asio::io_context& context, std::atomic<int>& writing)
        : context_(context)
        , writing_(writing)
        , from_(context)
        , to_(context)
        , out_(65536)
        , in_(65536) {
        asio::local::connect_pair(from_, to_);
        read();
    }

    void start(clock_type::time_point stop) {
        ++writing_;
        write(stop);
    }

    unsigned long take_received() { return received_.exchange(0); }

private:
    void write(clock_type::time_point stop) {
        from_.async_write_some(asio::buffer(out_), [this, stop](error_code ec, std::size_t) {
            if (!ec && clock_type::now() < stop)
                write(stop);
            else if (--writing_ == 0)
                context_.stop();
        });
    }

    void read() {
        to_.async_read_some(asio::buffer(in_), [this](error_code ec, std::size_t n) {
            if (ec)
                return;
            received_ += n;
            read();
        });
    }

    asio::io_context& context_;
    std::atomic<int>& writing_; ///< The number of writing transfers; the last one ends the slice.
    stream_protocol::socket from_, to_;
    std::vector<char> out_, in_;
    std::atomic<unsigned long> received_ = 0;
};

} // namespace

int main(int argc, char** argv) {
    int const threads = argc > 1 ? std::atoi(argv[1]) : 1;
    asio::io_context context;
    std::atomic<int> writing = 0;
    std::vector<std::unique_ptr<transfer>> transfers;
    for (int i = 0; i < 8; ++i)
        transfers.push_back(std::make_unique<transfer>(context, writing));
    run_slices([&](clock_type::time_point stop) {
        for (auto const& t : transfers)
            t->start(stop);
        context.restart();
        auto const run = [&] { context.run(); };
        {
            std::vector<std::jthread> others;
            for (int i = 1; i < threads; ++i)
                others.emplace_back(run);
            run();
        }
        unsigned long bytes = 0;
        for (auto const& t : transfers)
            bytes += t->take_received();
        return bytes;
    });
}
