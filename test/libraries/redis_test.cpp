// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Boost.Redis (Boost 1.84 or later) with a real server, whose port is in REDIS_PORT.

#define BOOST_TEST_MODULE redis
#include "../asio/support.hpp"
#include <boost/redis.hpp>
#include <boost/redis/src.hpp>
#include <cstdlib>

namespace {

using namespace asio_test;
namespace redis = boost::redis;
using asio::awaitable;
using asio::use_awaitable;

/// A connection that runs in the background until it is cancelled.
struct client {
    explicit client(asio::io_context& context)
        : connection(context) {
        char const* const port = std::getenv("REDIS_PORT");
        BOOST_TEST_REQUIRE(port);
        config.addr.port = port;
        connection.async_run(config, redis::logger{redis::logger::level::emerg},
            [this](error_code ec) { ended = ec; });
    }

    redis::config config;
    redis::connection connection;
    error_code ended;
};

awaitable<bool> set_and_get(redis::connection& connection, int number) {
    for (int i = 0; i < 50; ++i) {
        auto const key = "key:" + std::to_string(number);
        auto const value = std::string(std::size_t(i * i * 10), 'v') + std::to_string(i);
        redis::request request;
        request.push("SET", key, value);
        request.push("GET", key);
        redis::response<redis::ignore_t, std::string> response;
        co_await connection.async_exec(request, response, use_awaitable);
        if (std::get<1>(response).value() != value)
            co_return false;
    }
    co_return true;
}

} // namespace

BOOST_AUTO_TEST_CASE(many_coroutines_share_a_connection) {
    asio::io_context context;
    client c(context);
    int left = 40;
    int good = 0;
    for (int i = 0; i < 40; ++i)
        asio::co_spawn(context, set_and_get(c.connection, i), [&](std::exception_ptr e, bool ok) {
            good += !e && ok;
            if (--left == 0)
                c.connection.cancel();
        });
    asio_test::run(context);
    BOOST_TEST(good == 40);
    BOOST_TEST(c.ended == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(each_has_a_connection) {
    asio::io_context context;
    std::vector<std::unique_ptr<client>> clients;
    int good = 0;
    for (int i = 0; i < 40; ++i) {
        auto& c = *clients.emplace_back(std::make_unique<client>(context));
        asio::co_spawn(context, set_and_get(c.connection, i), [&](std::exception_ptr e, bool ok) {
            good += !e && ok;
            c.connection.cancel();
        });
    }
    asio_test::run(context);
    BOOST_TEST(good == 40);
}

BOOST_AUTO_TEST_CASE(a_subscriber_hears_what_is_published) {
    asio::io_context context;
    client subscriber(context), publisher(context);
    redis::generic_response pushes;
    subscriber.connection.set_receive_response(pushes);
    redis::request subscribe, publish;
    subscribe.push("SUBSCRIBE", "news");
    publish.push("PUBLISH", "news", "heard");
    int received = 0;
    std::function<void()> const receive = [&] {
        subscriber.connection.async_receive([&](error_code ec, std::size_t) {
            if (ec)
                return;
            auto const& nodes = pushes.value();
            bool const news = std::any_of(
                nodes.begin(), nodes.end(), [](auto const& n) { return n.value == "heard"; });
            pushes.value().clear();
            received += news;
            if (received == 20) {
                subscriber.connection.cancel();
                publisher.connection.cancel();
                return;
            }
            // First the subscription's own push, then one for each publication.
            publisher.connection.async_exec(publish, redis::ignore, [](error_code, std::size_t) {});
            receive();
        });
    };
    receive();
    subscriber.connection.async_exec(subscribe, redis::ignore, [](error_code, std::size_t) {});
    asio_test::run(context);
    BOOST_TEST(received == 20);
}
