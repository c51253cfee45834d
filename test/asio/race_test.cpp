// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Races of threads that use the same context, and user code that runs inside a wait.

#define BOOST_TEST_MODULE asio_race
#include "watched.hpp"

#include <algorithm>
#include <csignal>
#include <deque>
#include <random>

using namespace asio_test;

BOOST_AUTO_TEST_SUITE(locks)

BOOST_AUTO_TEST_CASE(user_code_inside_a_wait_may_start_cancel_and_close) {
    watched_pair w;
    auto other = connect_tcp(w.context);
    outcome read, started, closed;
    w.socket.async_read_some(asio::buffer(w.data), into(read));
    other.first.async_read_some(asio::buffer(w.data), into(closed));
    asio::steady_timer timer(w.context, 1h);
    outcome waited;
    int waits = 0;
    w.calls.in_wait = [&] {
        switch (++waits) {
        case 1:
            other.second.async_wait(tcp::socket::wait_write, into(started));
            break;
        case 2:
            other.first.close();
            timer.async_wait(into(waited));
            break;
        case 3:
            w.socket.cancel();
            timer.expires_after(1ms);
            break;
        default:
            asio::post(w.context, [] {});
        }
    };
    BOOST_TEST(run_until(w.context, [&] {
        return read.calls > 0 && started.calls > 0 && closed.calls > 0 && waited.calls > 0;
    }));
    w.calls.in_wait = nullptr;
    BOOST_TEST(read.aborted());
    BOOST_TEST(started.succeeded());
    BOOST_TEST(closed.aborted());
    BOOST_TEST(waited.aborted());
}

#if !defined(_WIN32)

BOOST_AUTO_TEST_CASE(signals_arrive_while_another_thread_makes_and_destroys_signal_sets) {
    asio::io_context context;
    std::atomic<int> delivered = 0;
    asio::signal_set lasting(context, SIGUSR1);
    std::function<void(error_code, int)> on_signal = [&](error_code ec, int) {
        if (ec)
            return;
        ++delivered;
        lasting.async_wait(on_signal);
    };
    lasting.async_wait(on_signal);
    background_run const runner(context);
    std::atomic<bool> done = false;
    std::thread maker([&] {
        while (!done) {
            asio::io_context brief;
            asio::signal_set first(brief, SIGUSR1), second(context, SIGUSR2);
            first.async_wait([](error_code, int) {});
            second.async_wait([](error_code, int) {});
            brief.poll();
        }
    });
    int const times = rounds(1000);
    for (int i = 0; i < times; ++i) {
        int const before = delivered;
        ::raise(SIGUSR1);
        if (!eventually([&] { return delivered > before; }))
            break;
    }
    done = true;
    maker.join();
    BOOST_TEST(delivered == times);
}

#endif

/// Connects, accepts, reads and closes in cycles. Each cycle is cancelled at another moment.
class churn {
public:
    churn(asio::io_context& context, int cycles, unsigned seed)
        : strand_(asio::make_strand(context))
        , acceptor_(strand_, {asio::ip::address_v4::loopback(), 0})
        , client_(strand_)
        , server_(strand_)
        , left_(cycles)
        , random_(seed) {
        asio::post(strand_, [this] { next(); });
    }

    bool done() const noexcept { return done_; }

private:
    void next() {
        if (left_-- == 0) {
            acceptor_.close();
            done_ = true;
            return;
        }
        pending_ = 3;
        accepted_ = false;
        client_.async_connect(acceptor_.local_endpoint(), [this](error_code ec) {
            if (!ec)
                read(client_, data_[0]);
            finish_one();
        });
        acceptor_.async_accept(server_, [this](error_code ec) {
            accepted_ = true;
            if (!ec)
                read(server_, data_[1]);
            finish_one();
        });
        end_after(random_() % 8);
    }

    void read(tcp::socket& socket, char& data) {
        ++pending_;
        socket.async_read_some(
            asio::buffer(&data, 1), [this](error_code, std::size_t) { finish_one(); });
    }

    void end_after(unsigned turns) {
        asio::post(strand_, [this, turns] {
            if (turns > 0)
                return end_after(turns - 1);
            acceptor_.cancel();
            error_code ec;
            client_.cancel(ec);
            client_.set_option(asio::socket_base::linger(true, 0), ec);
            client_.close(ec);
            if (accepted_) // Before that, async_accept() uses it.
                server_.close(ec);
            finish_one();
        });
    }

    /// Called once for each operation. The last one starts the next cycle.
    void finish_one() {
        if (--pending_ > 0)
            return;
        error_code ec;
        client_.close(ec);
        server_.close(ec);
        next();
    }

    asio::strand<asio::io_context::executor_type> strand_;
    tcp::acceptor acceptor_;
    tcp::socket client_;
    tcp::socket server_;
    int left_;
    int pending_ = 0;
    bool accepted_ = false;
    char data_[2];
    std::minstd_rand random_;
    std::atomic<bool> done_ = false;
};

BOOST_AUTO_TEST_CASE(ten_thousand_connections_race_with_their_cancellation) {
    constexpr int cycles = under_thread_sanitizer ? 1'000 : 10'000;
    constexpr int parallel = 4;
    selector_context context;
    std::deque<churn> churns;
    for (unsigned i = 0; i < parallel; ++i)
        churns.emplace_back(context, cycles / parallel, i + 1);
    std::thread other([&] { context.run(); });
    context.run();
    other.join();
    BOOST_TEST(std::ranges::all_of(churns, &churn::done));
    BOOST_TEST(context.selector().get_map().size() == 0u);
    BOOST_TEST_MESSAGE(cycles << " cycles on " << backend() << ", stale events dropped: "
                              << context.selector().get_statistics().stale_events);
}

BOOST_AUTO_TEST_CASE(sockets_are_made_used_and_closed_by_several_threads_in_one_context) {
    asio::io_context context;
    background_run const one(context), other(context);
    std::atomic<int> finished = 0;
    int const each = rounds(500);
    auto use_sockets = [&] {
        for (int i = 0; i < each; ++i) {
            auto pair = connect_local(context);
            char data;
            std::atomic<bool> done = false;
            pair.first.async_read_some(
                asio::buffer(&data, 1), [&](error_code, std::size_t) { done = true; });
            if (i % 3 == 0)
                pair.first.close();
            else if (i % 3 == 1)
                pair.second.close();
            else
                send(pair.second, "x");
            if (eventually([&] { return done.load(); }))
                ++finished;
        }
    };
    std::thread first(use_sockets), second(use_sockets);
    first.join();
    second.join();
    BOOST_TEST(finished == 2 * each);
}

BOOST_AUTO_TEST_SUITE_END()
