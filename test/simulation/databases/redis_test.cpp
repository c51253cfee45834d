// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Boost.Redis's client, and a small server that speaks enough of Redis's protocol.

#define BOOST_TEST_MODULE simulation_redis
#include "../repeated.hpp"
#include <algorithm>
#include <boost/asio.hpp>
#include <boost/redis.hpp>
#include <boost/redis/src.hpp>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/simulation.hpp>
#include <cctype>
#include <chrono>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace redis = boost::redis;
using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;
using boost_selectors::simulation;
using steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

using words = std::vector<std::string>;
/// What the server keeps when its host crashes.
using database = std::map<std::string, std::string>;

std::string as_string(std::string const& text) {
    return "$" + std::to_string(text.size()) + "\r\n" + text + "\r\n";
}

std::string as_number(std::size_t n) {
    return ":" + std::to_string(n) + "\r\n";
}

class session;
using sessions = std::set<std::shared_ptr<session>>;

/// A client's connection to the server.
class session : public std::enable_shared_from_this<session> {
public:
    session(tcp::socket socket, database& data, sessions& all)
        : socket_(std::move(socket))
        , has_output_(socket_.get_executor(), steady::time_point::max())
        , data_(data)
        , all_(all) {}

    void start() {
        all_.insert(shared_from_this());
        for (auto const part : {&session::read, &session::write})
            asio::co_spawn(
                socket_.get_executor(),
                [self = shared_from_this(), part] { return (*self.*part)(); },
                [self = shared_from_this()](std::exception_ptr) { // The client has gone.
                    self->all_.erase(self);
                    self->socket_.close();
                    self->has_output_.cancel();
                });
    }

private:
    awaitable<std::string> read_line() {
        std::size_t const n = co_await asio::async_read_until(
            socket_, asio::dynamic_buffer(input_), "\r\n", use_awaitable);
        std::string line = input_.substr(0, n - 2);
        input_.erase(0, n);
        co_return line;
    }

    awaitable<void> read() {
        for (;;) {
            std::string const array = co_await read_line(); // Such as *2.
            words command;
            for (std::size_t i = std::stoul(array.substr(1)); i > 0; --i) {
                std::string const length = co_await read_line(); // Such as $4.
                std::size_t const n = std::stoul(length.substr(1)) + 2;
                if (input_.size() < n)
                    co_await asio::async_read(socket_, asio::dynamic_buffer(input_),
                        asio::transfer_exactly(n - input_.size()), use_awaitable);
                command.push_back(input_.substr(0, n - 2));
                input_.erase(0, n);
            }
            send(answer(command));
        }
    }

    awaitable<void> write() {
        while (socket_.is_open()) {
            if (output_.empty()) {
                error_code ec;
                co_await has_output_.async_wait(asio::redirect_error(use_awaitable, ec));
            }
            std::string const part = std::exchange(output_, {});
            co_await asio::async_write(socket_, asio::buffer(part), use_awaitable);
        }
    }

    void send(std::string const& text) {
        output_ += text;
        has_output_.cancel();
    }

    std::string answer(words const& command) {
        std::string const& name = command[0];
        if (name == "HELLO")
            return "%1\r\n" + as_string("server") + as_string("redis");
        if (name == "PING") {
            increment("health checks");
            return as_string(command.at(1));
        }
        if (name == "SET") {
            data_[command.at(1)] = command.at(2);
            return "+OK\r\n";
        }
        if (name == "GET") {
            auto const found = data_.find(command.at(1));
            return found == data_.end() ? "_\r\n" : as_string(found->second);
        }
        if (name == "INCR")
            return as_number(increment(command.at(1)));
        if (name == "SUBSCRIBE") {
            channel_ = command.at(1);
            return ">3\r\n" + as_string("subscribe") + as_string(channel_) + as_number(1);
        }
        if (name == "PUBLISH") {
            std::size_t subscribers = 0;
            for (auto const& s : all_)
                if (s->channel_ == command.at(1)) {
                    s->send(">3\r\n" + as_string("message") + as_string(s->channel_) +
                            as_string(command.at(2)));
                    ++subscribers;
                }
            return as_number(subscribers);
        }
        return "-ERR unknown command\r\n";
    }

    std::size_t increment(std::string const& key) {
        std::string& value = data_[key];
        std::size_t const n = (value.empty() ? 0 : std::stoul(value)) + 1;
        value = std::to_string(n);
        return n;
    }

    tcp::socket socket_;
    asio::steady_timer has_output_;
    database& data_;
    sessions& all_;
    std::string input_;
    std::string output_;
    std::string channel_;
};

void serve(database& data) {
    asio::io_context context;
    sessions all;
    tcp::acceptor acceptor(context, {tcp::v4(), 6379});
    asio::co_spawn(
        context,
        [&]() -> awaitable<void> {
            for (;;) {
                tcp::socket s = co_await acceptor.async_accept(use_awaitable);
                std::make_shared<session>(std::move(s), data, all)->start();
            }
        },
        asio::detached);
    context.run();
}

/// A connection that runs until it is cancelled.
struct client {
    explicit client(asio::io_context& context)
        : connection(context, redis::logger(redis::logger::level::debug,
                                  [this](redis::logger::level, std::string_view line) {
                                      log.push_back({steady::now(), std::string(line)});
                                  })) {
        redis::config config;
        config.addr.host = "server";
        connection.async_run(config, [this](error_code ec) { ended = ec; });
    }

    struct entry {
        steady::time_point time;
        std::string text;
    };

    std::vector<entry> log;
    redis::connection connection;
    std::optional<error_code> ended;
};

void make_bad(simulation& world) {
    world.link("client", "server").latency(5ms, 20ms).loss(0.01);
    world.chaos(1);
}

void rethrow(std::exception_ptr e) {
    if (e)
        std::rethrow_exception(e);
}

awaitable<void> set_and_get(redis::connection& connection, std::string const& key) {
    for (int i = 0; i < 20; ++i) {
        std::string const value = std::string(std::size_t(i * i * 10), 'v') + std::to_string(i);
        redis::request request;
        request.push("SET", key, value);
        request.push("GET", key);
        request.push("INCR", "total");
        redis::response<redis::ignore_t, std::string, int> response;
        co_await connection.async_exec(request, response, use_awaitable);
        BOOST_TEST(std::get<1>(response).value() == value);
    }
}

/// A counter's value, and when the client had it.
struct reading {
    int value;
    steady::time_point time;
};

/// Counts each second, for @p time.
awaitable<void> count(
    redis::connection& connection, std::chrono::seconds time, std::vector<reading>& readings) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (auto const end = steady::now() + time; steady::now() < end;) {
        redis::request request;
        request.push("INCR", "counter");
        redis::response<int> response;
        error_code ec;
        co_await connection.async_exec(request, response, asio::redirect_error(use_awaitable, ec));
        if (!ec)
            readings.push_back({std::get<0>(response).value(), steady::now()});
        timer.expires_after(1s);
        co_await timer.async_wait(use_awaitable);
    }
}

constexpr std::uint64_t seeds = 10;

} // namespace

BOOST_AUTO_TEST_CASE(many_coroutines_share_a_connection) {
    check_seeds(seeds, [](std::uint64_t seed) {
        database data;
        simulation world{{.seed = seed}};
        make_bad(world);
        world.host("server").service([&] { serve(data); });
        world.host("client").run([&] {
            std::this_thread::sleep_for(1s);
            asio::io_context context;
            client c(context);
            int left = 40;
            for (int i = 0; i < 40; ++i)
                asio::co_spawn(context, set_and_get(c.connection, "key:" + std::to_string(i)),
                    [&](std::exception_ptr e) {
                        rethrow(e);
                        if (--left == 0)
                            c.connection.cancel();
                    });
            context.run();
            BOOST_TEST((c.ended == error_code(asio::error::operation_aborted)));
        });
        world.run();
        BOOST_TEST(data["total"] == "800");
        return world.trace_hash();
    });
}

BOOST_AUTO_TEST_CASE(client_connects_again_after_a_crash) {
    check_seeds(seeds, [](std::uint64_t seed) {
        database data;
        std::vector<reading> readings;
        steady::time_point start;
        simulation world{{.seed = seed}};
        make_bad(world);
        auto server = world.host("server");
        server.service([&] { serve(data); });
        world.at(10s, [&] { server.crash(); });
        world.at(40s, [&] { server.restart(); });
        world.host("client").run([&] {
            start = steady::now();
            std::this_thread::sleep_for(1s);
            asio::io_context context;
            client c(context);
            asio::co_spawn(context, count(c.connection, 120s, readings), [&](std::exception_ptr e) {
                rethrow(e);
                c.connection.cancel();
            });
            context.run();
        });
        world.run();
        BOOST_TEST(readings.size() > 70u);
        for (std::size_t i = 1; i < readings.size(); ++i)
            BOOST_TEST_REQUIRE(readings[i].value > readings[i - 1].value);
        BOOST_TEST(std::to_string(readings.back().value) == data["counter"]);
        // One attempt to connect takes up to 10 s, and 1 s later comes the next one.
        auto const after = std::find_if(readings.begin(), readings.end(),
            [&](reading const& r) { return r.time - start >= 10s + 100ms; });
        BOOST_TEST_REQUIRE((after != readings.end()));
        BOOST_TEST((after->time - start > 40s));
        BOOST_TEST((after->time - start < 52s));
        return world.trace_hash();
    });
}

BOOST_AUTO_TEST_CASE(client_notices_by_its_health_checks_that_the_server_is_silent) {
    check_seeds(seeds, [](std::uint64_t seed) {
        database data;
        simulation world{{.seed = seed}};
        make_bad(world);
        world.host("server").service([&] { serve(data); });
        world.at(1h, [&] { world.link("client", "server").hold(); });
        world.at(2h, [&] { world.link("client", "server").release(); });
        world.host("client").run([&] {
            auto const start = steady::now();
            std::this_thread::sleep_for(1s);
            asio::io_context context;
            client c(context);
            asio::steady_timer timer(context, 3h);
            timer.async_wait([&](error_code) { c.connection.cancel(); });
            context.run();

            auto const has = [](client::entry const& e, std::string_view part) {
                return e.text.find(part) != e.text.npos;
            };
            auto const silence = std::find_if(c.log.begin(), c.log.end(),
                [&](client::entry const& e) { return has(e, "Pong timeout"); });
            BOOST_TEST_REQUIRE((silence != c.log.end()));
            // After two intervals of 2 s from the last answer, which was to the last check.
            auto const last_read = std::find_if(std::make_reverse_iterator(silence), c.log.rend(),
                [&](client::entry const& e) { return has(e, "Reader task: issuing read"); });
            BOOST_TEST_REQUIRE((last_read != c.log.rend()));
            auto const silent = silence->time - last_read->time;
            BOOST_TEST((silent >= 4s));
            BOOST_TEST((silent < 4s + 1ms));
            BOOST_TEST((silence->time - start > 1h));
            BOOST_TEST((silence->time - start < 1h + 4s + 1ms));
        });
        world.run();
        // In the first and the third hour one each 2 s.
        int const checks = std::stoi(data["health checks"]);
        BOOST_TEST(checks > 3590);
        BOOST_TEST(checks < 3610);
        return world.trace_hash();
    });
}

BOOST_AUTO_TEST_CASE(subscriber_hears_what_is_published) {
    check_seeds(seeds, [](std::uint64_t seed) {
        database data;
        std::vector<std::string> heard;
        simulation world{{.seed = seed}};
        make_bad(world);
        world.host("server").service([&] { serve(data); });
        world.host("client").run([&] {
            std::this_thread::sleep_for(1s);
            asio::io_context context;
            client subscriber(context), publisher(context);
            redis::generic_response pushes;
            subscriber.connection.set_receive_response(pushes);
            redis::request subscribe;
            subscribe.push("SUBSCRIBE", "news");
            subscriber.connection.async_exec(
                subscribe, redis::ignore, [](error_code, std::size_t) {});
            auto const publish_all = [&]() -> awaitable<void> {
                for (int i = 0; i < 20; ++i) {
                    redis::request publish;
                    publish.push("PUBLISH", "news", i);
                    co_await publisher.connection.async_exec(publish, redis::ignore, use_awaitable);
                }
                publisher.connection.cancel();
            };
            auto const receive_all = [&]() -> awaitable<void> {
                // The first push says that the server has subscribed the client.
                co_await subscriber.connection.async_receive(use_awaitable);
                pushes.value().clear();
                asio::co_spawn(context, publish_all, rethrow);
                while (heard.size() < 20) {
                    co_await subscriber.connection.async_receive(use_awaitable);
                    for (auto const& node : pushes.value())
                        if (!node.value.empty() && std::isdigit(node.value[0]) &&
                            node.data_type == redis::resp3::type::blob_string)
                            heard.push_back(node.value);
                    pushes.value().clear();
                }
                subscriber.connection.cancel();
            };
            asio::co_spawn(context, receive_all, rethrow);
            context.run();
        });
        world.run();
        std::vector<std::string> expected;
        for (int i = 0; i < 20; ++i)
            expected.push_back(std::to_string(i));
        BOOST_TEST(heard == expected, boost::test_tools::per_element());
        return world.trace_hash();
    });
}
