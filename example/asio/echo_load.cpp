// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A load client for the echo servers, in plain Boost.Asio. It opens many connections to this
// machine at a time. Each one sends its messages one by one, and checks every byte of the echo.
//
//   echo_load port [connections [messages [size]]]

#include <algorithm>
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using boost::asio::awaitable;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;
using namespace boost::asio::experimental::awaitable_operators;

namespace {

struct arguments {
    std::uint16_t port = 0;
    std::uint32_t connections = 1000;
    std::uint32_t messages = 20;
    std::uint32_t size = 512;
};

std::string describe(std::exception_ptr e) {
    try {
        std::rethrow_exception(e);
    } catch (boost::asio::multiple_exceptions const& both) {
        return describe(both.first_exception());
    } catch (boost::system::system_error const& error) {
        return error.code().message();
    } catch (std::exception const& error) {
        return error.what();
    }
}

class load {
public:
    load(boost::asio::io_context& context, arguments const& task)
        : task_(task)
        , unconnected_(task.connections)
        , all_connected_(context, std::chrono::steady_clock::time_point::max()) {
        std::ranges::generate(
            bytes_, [e = std::minstd_rand()]() mutable { return static_cast<char>(e() >> 8); });
    }

    /// Runs one connection from beginning to end.
    awaitable<void> run(std::size_t number) {
        tcp::socket socket(all_connected_.get_executor());
        co_await connect(socket);
        std::vector<char> data(std::min<std::size_t>(task_.size, block));
        for (std::size_t i = 0; i < task_.messages; ++i, ++messages_) {
            std::size_t const start = (number * task_.messages + i) * 7919;
            if (task_.size <= block) {
                co_await send(socket, start);
                co_await receive(socket, start, data);
            } else { // Read meanwhile: the server stops reading from a client that does not read.
                co_await (send(socket, start) && receive(socket, start, data));
            }
        }
    }

    /// Throws if there is no progress for a minute.
    awaitable<void> watch() {
        boost::asio::steady_timer timer(all_connected_.get_executor());
        for (int quiet = 0; quiet < 60; ++quiet) {
            std::size_t const seen = progress();
            timer.expires_after(std::chrono::seconds(1));
            co_await timer.async_wait(use_awaitable);
            if (progress() != seen)
                quiet = 0;
        }
        throw std::runtime_error("no progress for a minute");
    }

    void ended(std::exception_ptr e) {
        if (e && errors_++ == 0)
            std::cerr << "echo_load: " << describe(e) << std::endl;
    }

    /// Prints the results. @return whether there was no error.
    bool report() const {
        std::chrono::duration<double> const time = std::chrono::steady_clock::now() - start_;
        std::cout << "connections=" << task_.connections << " messages=" << messages_
                  << " bytes=" << received_ << " errors=" << errors_ << " seconds=" << time.count()
                  << " messages_per_second=" << static_cast<double>(messages_) / time.count()
                  << std::endl;
        return errors_ == 0;
    }

private:
    /// Connects, and waits until all others have connected. Then all start at once, with the clock.
    awaitable<void> connect(tcp::socket& socket) {
        boost::system::error_code failed;
        co_await socket.async_connect({boost::asio::ip::address_v4::loopback(), task_.port},
            redirect_error(use_awaitable, failed));
        if (--unconnected_ == 0) {
            start_ = std::chrono::steady_clock::now();
            all_connected_.cancel();
        } else if (!failed) {
            boost::system::error_code cancelled;
            co_await all_connected_.async_wait(redirect_error(use_awaitable, cancelled));
        }
        if (failed)
            throw boost::system::system_error(failed);
    }

    awaitable<void> send(tcp::socket& socket, std::size_t start) {
        for (std::size_t sent = 0; sent < task_.size;)
            sent += co_await socket.async_write_some(content(start, sent), use_awaitable);
    }

    awaitable<void> receive(tcp::socket& socket, std::size_t start, std::vector<char>& data) {
        for (std::size_t done = 0; done < task_.size;) {
            auto const expected = content(start, done);
            auto const n = co_await socket.async_read_some(
                boost::asio::buffer(data, expected.size()), use_awaitable);
            if (std::memcmp(data.data(), expected.data(), n) != 0)
                throw std::runtime_error("other bytes come back than were sent");
            done += n;
            received_ += n;
        }
    }

    std::size_t progress() const { return received_ - unconnected_; }

    /// Returns a piece of a message. The message starts at @p start in the common bytes, and wraps
    /// around at their end.
    boost::asio::const_buffer content(std::size_t start, std::size_t done) const {
        std::size_t const place = (start + done) % bytes_.size();
        return boost::asio::buffer(
            bytes_.data() + place, std::min({task_.size - done, bytes_.size() - place, block}));
    }

    static constexpr std::size_t block = 16384;

    arguments const task_;
    std::vector<char> bytes_ = std::vector<char>(1'000'003); // A prime, so that all starts differ.
    std::size_t unconnected_;
    boost::asio::steady_timer all_connected_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::size_t messages_ = 0;
    std::size_t received_ = 0;
    std::size_t errors_ = 0;
};

bool parse(int argc, char* argv[], arguments& a) {
    auto const number = [&](int i, auto& value) {
        std::string_view const text = argv[i];
        auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
        return ec == std::errc() && end == text.data() + text.size() && value > 0;
    };
    return argc >= 2 && argc <= 5 && number(1, a.port) && (argc < 3 || number(2, a.connections)) &&
           (argc < 4 || number(3, a.messages)) && (argc < 5 || number(4, a.size));
}

} // namespace

int main(int argc, char* argv[]) {
    arguments task;
    if (!parse(argc, argv, task)) {
        std::cerr << "Usage: echo_load port [connections [messages [size]]]\n";
        return 2;
    }
    boost::asio::io_context context(1);
    load l(context, task);
    std::size_t running = task.connections;
    for (std::size_t i = 0; i < task.connections; ++i)
        co_spawn(context, l.run(i), [&](std::exception_ptr e) {
            l.ended(e);
            if (--running == 0)
                context.stop();
        });
    co_spawn(context, l.watch(), [&](std::exception_ptr e) {
        l.ended(e);
        context.stop();
    });
    context.run();
    return l.report() ? 0 : 1;
}
