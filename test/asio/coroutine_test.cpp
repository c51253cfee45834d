// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Coroutines, cancellation of groups, and resolvers behave as Boost.Asio documents.

#define BOOST_TEST_MODULE asio_coroutine
#include "support.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>

using namespace asio_test;
using namespace asio::experimental::awaitable_operators;
namespace error = asio::error;
using asio::awaitable;
using asio::use_awaitable;
using stream_protocol = local_stream;

namespace {

/// Runs a coroutine and everything that it spawns to the end. @return its result.
template <class T>
T run(asio::io_context& context, awaitable<T> coroutine) {
    auto result = asio::co_spawn(context, std::move(coroutine), asio::use_future);
    asio_test::run(context);
    return result.get();
}

template <class Socket>
awaitable<void> echo(Socket socket) {
    std::array<char, 1024> data;
    try {
        for (;;) {
            std::size_t const n =
                co_await socket.async_read_some(asio::buffer(data), use_awaitable);
            co_await asio::async_write(socket, asio::buffer(data, n), use_awaitable);
        }
    } catch (boost::system::system_error const& e) {
        if (e.code() != error::eof)
            throw;
    }
}

awaitable<void> serve(tcp::acceptor& acceptor, int clients) {
    for (int i = 0; i < clients; ++i)
        asio::co_spawn(acceptor.get_executor(), echo(co_await acceptor.async_accept(use_awaitable)),
            asio::detached);
}

awaitable<bool> talk(tcp::endpoint endpoint, std::string text) {
    tcp::socket socket(co_await asio::this_coro::executor);
    co_await socket.async_connect(endpoint, use_awaitable);
    for (int i = 0; i < 10; ++i) {
        co_await asio::async_write(socket, asio::buffer(text), use_awaitable);
        std::string answer(text.size(), 0);
        co_await asio::async_read(socket, asio::buffer(answer), use_awaitable);
        if (answer != text)
            co_return false;
    }
    co_return true;
}

awaitable<void> sleep(std::chrono::milliseconds time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(use_awaitable);
}

awaitable<std::size_t> read_one(stream_protocol::socket& socket) {
    char data;
    co_return co_await socket.async_read_some(asio::buffer(&data, 1), use_awaitable);
}

} // namespace

BOOST_AUTO_TEST_SUITE(coroutines)

BOOST_AUTO_TEST_CASE(many_clients_are_echoed) {
    constexpr int clients = 30;
    asio::io_context context;
    tcp::acceptor acceptor(context, loopback());
    std::vector<std::future<bool>> good;
    asio::co_spawn(context, serve(acceptor, clients), asio::detached);
    for (int i = 0; i < clients; ++i)
        good.push_back(asio::co_spawn(context,
            talk(acceptor.local_endpoint(), std::string(std::size_t(i) * 500 + 1, 'e')),
            asio::use_future));
    asio_test::run(context);
    for (auto& g : good)
        BOOST_TEST(g.get());
}

BOOST_AUTO_TEST_CASE(coroutines_run_in_a_thread_pool) {
    watchdog const guard;
    asio::thread_pool pool(3);
    tcp::acceptor acceptor(pool, loopback());
    std::vector<std::future<bool>> good;
    asio::co_spawn(pool, serve(acceptor, 10), asio::detached);
    for (int i = 0; i < 10; ++i)
        good.push_back(
            asio::co_spawn(pool, talk(acceptor.local_endpoint(), "pool"), asio::use_future));
    for (auto& g : good)
        BOOST_TEST(g.get());
    pool.join();
}

BOOST_AUTO_TEST_CASE(an_error_is_an_exception_or_a_value) {
    asio::io_context context;
    auto const ends = [&]() -> awaitable<bool> {
        auto pair = connect_local(context);
        pair.second.close();
        char data;
        auto const [ec, n] = co_await pair.first.async_read_some(
            asio::buffer(&data, 1), asio::as_tuple(use_awaitable));
        bool caught = false;
        try {
            co_await pair.first.async_read_some(asio::buffer(&data, 1), use_awaitable);
        } catch (boost::system::system_error const& e) {
            caught = e.code() == error::eof;
        }
        co_return ec == error::eof&& n == 0 && caught;
    };
    BOOST_TEST(run(context, ends()));
}

BOOST_AUTO_TEST_CASE(a_context_may_end_while_coroutines_wait) {
    auto const token = std::make_shared<int>();
    {
        asio::io_context context;
        auto const waits = [](std::shared_ptr<int>) -> awaitable<void> {
            auto const executor = co_await asio::this_coro::executor;
            stream_protocol::socket one(executor), other(executor);
            connect_pair(one, other);
            co_await (read_one(one) && sleep(1h));
        };
        asio::co_spawn(context, waits(token), asio::detached);
        poll_often(context);
        BOOST_TEST(token.use_count() == 2);
    }
    BOOST_TEST(token.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(groups)

BOOST_AUTO_TEST_CASE(both_of_two_are_awaited) {
    asio::io_context context;
    auto const both = [&]() -> awaitable<std::size_t> {
        auto pair = connect_local(context);
        auto const write = [&]() -> awaitable<std::size_t> {
            co_await sleep(2ms);
            co_return co_await asio::async_write(pair.second, asio::buffer("x", 1), use_awaitable);
        };
        auto const [read, written] = co_await (read_one(pair.first) && write());
        co_return read + written;
    };
    BOOST_TEST(run(context, both()) == 2u);
}

BOOST_AUTO_TEST_CASE(the_first_of_two_ends_the_other) {
    asio::io_context context;
    auto const first = [&]() -> awaitable<std::size_t> {
        auto pair = connect_local(context);
        auto const timed_out = co_await (read_one(pair.first) || sleep(5ms));
        send(pair.second, "x");
        auto const has_read = co_await (read_one(pair.first) || sleep(1h));
        co_return timed_out.index() * 10 + has_read.index();
    };
    BOOST_TEST(run(context, first()) == 10u);
}

BOOST_AUTO_TEST_CASE(many_timeouts_leave_nothing_behind) {
    asio::io_context context;
    auto const loop = [&]() -> awaitable<int> {
        auto pair = connect_local(context);
        int timeouts = 0;
        for (int i = 0; i < 200; ++i) {
            if (i % 2)
                send(pair.second, "x");
            auto const result = co_await (read_one(pair.first) || sleep(i % 2 ? 1h : 0ms));
            timeouts += result.index() == 1;
        }
        co_return timeouts;
    };
    BOOST_TEST(run(context, loop()) == 100);
}

BOOST_AUTO_TEST_CASE(a_parallel_group_is_cancelled_as_a_whole) {
    using asio::experimental::make_parallel_group;
    asio::io_context context;
    auto pair = connect_local(context);
    asio::steady_timer timer(context, 1h);
    asio::signal_set signals(context, SIGINT);
    asio::cancellation_signal cancel;
    char data;
    std::vector<error_code> results;
    make_parallel_group(
        [&](auto token) { return pair.first.async_read_some(asio::buffer(&data, 1), token); },
        [&](auto token) { return timer.async_wait(token); },
        [&](auto token) { return signals.async_wait(token); },
        [&](auto token) {
            return pair.second.async_wait(stream_protocol::socket::wait_read, token);
        })
        .async_wait(asio::experimental::wait_for_all(),
            asio::bind_cancellation_slot(
                cancel.slot(), [&](std::array<std::size_t, 4>, error_code read, std::size_t,
                                   error_code wait, error_code signal, int, error_code ready) {
                    results = {read, wait, signal, ready};
                }));
    poll_often(context);
    BOOST_TEST(results.empty());
    cancel.emit(asio::cancellation_type::terminal);
    asio_test::run(context);
    BOOST_TEST(results.size() == 4u);
    for (error_code const& result : results)
        BOOST_TEST(result == error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(a_spawned_coroutine_is_cancelled_where_it_waits) {
    asio::io_context context;
    asio::cancellation_signal cancel;
    auto pair = connect_local(context);
    error_code result;
    asio::co_spawn(context, read_one(pair.first),
        asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr e, std::size_t) {
            try {
                std::rethrow_exception(e);
            } catch (boost::system::system_error const& error) {
                result = error.code();
            }
        }));
    poll_often(context);
    cancel.emit(asio::cancellation_type::all);
    asio_test::run(context);
    BOOST_TEST(result == error::operation_aborted);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(resolvers)

BOOST_AUTO_TEST_CASE(a_numeric_address_is_resolved) {
    asio::io_context context;
    tcp::resolver resolver(context);
    tcp::resolver::results_type results;
    error_code result = error::fault;
    resolver.async_resolve("127.0.0.1", "80", tcp::resolver::numeric_host,
        [&](error_code ec, tcp::resolver::results_type found) {
            result = ec;
            results = found;
        });
    asio_test::run(context);
    BOOST_TEST(!result);
    BOOST_REQUIRE(results.size() == 1u);
    BOOST_TEST(results.begin()->endpoint().port() == 80);
    BOOST_TEST(results.begin()->endpoint().address().is_loopback());
}

BOOST_AUTO_TEST_CASE(localhost_is_resolved_and_connected_to) {
    asio::io_context context;
    tcp::acceptor acceptor(context, loopback());
    auto const connect = [&]() -> awaitable<tcp::endpoint> {
        auto const executor = co_await asio::this_coro::executor;
        tcp::resolver resolver(executor);
        auto const port = std::to_string(acceptor.local_endpoint().port());
        auto const found = co_await resolver.async_resolve("localhost", port, use_awaitable);
        tcp::socket socket(executor);
        co_return co_await asio::async_connect(socket, found, use_awaitable);
    };
    BOOST_TEST(run(context, connect()) == acceptor.local_endpoint());
}

BOOST_AUTO_TEST_CASE(many_names_are_resolved_at_once_while_the_context_sleeps) {
    asio::io_context context;
    int found = 0;
    std::vector<tcp::resolver> resolvers;
    resolvers.reserve(20);
    for (int i = 0; i < 20; ++i)
        resolvers.emplace_back(context).async_resolve("127.0.0.1", std::to_string(i + 1),
            [&](error_code ec, auto const& results) { found += !ec && results.size() == 1; });
    asio_test::run(context);
    BOOST_TEST(found == 20);
}

BOOST_AUTO_TEST_CASE(an_endpoint_is_resolved_to_numbers_or_names) {
    asio::io_context context;
    tcp::resolver resolver(context);
    int calls = 0;
    resolver.async_resolve(tcp::endpoint(asio::ip::address_v4::loopback(), 9),
        [&](error_code, tcp::resolver::results_type const&) { ++calls; });
    asio_test::run(context);
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_SUITE_END()
