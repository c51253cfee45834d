// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Operations that the reactor completes use the handler's associated allocator and executors.
// Asio's completion tokens work with them.

#define BOOST_TEST_MODULE asio_handler
#include "support.hpp"

#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <future>

#if __has_include(<boost/asio/bind_immediate_executor.hpp>) // Boost 1.82
#    include <boost/asio/bind_immediate_executor.hpp>
#    define HAS_IMMEDIATE_EXECUTOR
#endif
#if __has_include(<boost/asio/cancel_after.hpp>) // Boost 1.86
#    include <boost/asio/cancel_after.hpp>
#    define HAS_CANCEL_AFTER
#endif

using namespace asio_test;
namespace error = asio::error;
namespace experimental = asio::experimental;
using asio::awaitable;
using asio::use_awaitable;

namespace {

/// Counts the allocations made through it, and those not freed yet.
template <class T>
struct counting_allocator {
    using value_type = T;

    counting_allocator(int& uses, int& keeps)
        : used(&uses)
        , kept(&keeps) {}

    template <class Other>
    counting_allocator(counting_allocator<Other> const& other)
        : used(other.used)
        , kept(other.kept) {}

    T* allocate(std::size_t n) {
        ++*used;
        ++*kept;
        return std::allocator<T>().allocate(n);
    }

    void deallocate(T* p, std::size_t n) {
        --*kept;
        std::allocator<T>().deallocate(p, n);
    }

    template <class Other>
    bool operator==(counting_allocator<Other> const& other) const {
        return kept == other.kept;
    }

    int* used;
    int* kept;
};

/// A handler with such an allocator. When called, it records how many allocations are not freed
/// yet.
struct allocating {
    using allocator_type = counting_allocator<char>;

    allocator_type get_allocator() const { return {calls->used, calls->kept}; }

    template <class... Values>
    void operator()(error_code, Values...) const {
        calls->kept_in_handler = calls->kept;
        ++calls->handlers;
    }

    struct record {
        int used = 0;
        int kept = 0;
        int kept_in_handler = -1;
        int handlers = 0;
    };
    record* calls;
};

struct pair_fixture {
    asio::io_context context;
    socket_pair<local_stream> pair = connect_local(context);
    std::array<char, 10> data{};

    auto buffer() { return asio::buffer(data); }
};

template <class Executor>
auto with_executor(Executor executor, outcome& target, bool& there) {
    return asio::bind_executor(executor, [&, executor](error_code ec, std::size_t n) {
        into{target}(ec, n);
        there = executor.running_in_this_thread();
    });
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(handlers, pair_fixture)

// Asio promises to free memory from the handler's allocator before it calls the handler.
BOOST_AUTO_TEST_CASE(memory_comes_from_the_allocator_and_goes_back_before_the_call) {
    allocating::record read, timer, wait, connect, accept;
    allocating::record const* const all[] = {&read, &timer, &wait, &connect, &accept};
    pair.first.async_read_some(buffer(), allocating{&read});
    pair.second.async_wait(tcp::socket::wait_write, allocating{&wait});
    asio::steady_timer deadline(context, 1ms);
    deadline.async_wait(allocating{&timer});
    tcp::acceptor acceptor(context, loopback());
    tcp::socket client(context), served(context);
    acceptor.async_accept(served, allocating{&accept});
    client.async_connect(acceptor.local_endpoint(), allocating{&connect});
    poll_often(context);
    send(pair.second, "x");
    asio_test::run(context);
    for (auto const* one : all) {
        BOOST_TEST(one->handlers == 1);
        BOOST_TEST(one->used > 0);
        BOOST_TEST(one->kept_in_handler == 0);
        BOOST_TEST(one->kept == 0);
    }
}

BOOST_AUTO_TEST_CASE(memory_goes_back_when_the_context_ends) {
    allocating::record read, timer;
    {
        asio::io_context short_lived;
        auto ends = connect_local(short_lived);
        asio::steady_timer deadline(short_lived, 1h);
        ends.first.async_read_some(buffer(), allocating{&read});
        deadline.async_wait(allocating{&timer});
        poll_often(short_lived);
        BOOST_TEST(read.kept > 0);
    }
    BOOST_TEST(read.kept == 0);
    BOOST_TEST(timer.kept == 0);
    BOOST_TEST(read.handlers + timer.handlers == 0);
}

BOOST_AUTO_TEST_CASE(a_handler_runs_where_its_executor_is) {
    asio::io_context other;
    outcome read, written;
    bool read_there = false, written_there = false;
    pair.first.async_read_some(buffer(), with_executor(other.get_executor(), read, read_there));
    pair.second.async_write_some(
        asio::buffer("x", 1), with_executor(other.get_executor(), written, written_there));
    asio_test::run(context);
    BOOST_TEST(read.calls + written.calls == 0); // This ran only the reactor's part.
    asio_test::run(other);
    BOOST_TEST((read.succeeded() && read.value == 1 && read_there));
    BOOST_TEST((written.succeeded() && written_there));
}

BOOST_AUTO_TEST_CASE(a_context_has_work_while_an_operation_of_another_one_waits) {
    asio::io_context other;
    outcome read;
    bool there = false;
    pair.first.async_read_some(buffer(), with_executor(other.get_executor(), read, there));
    std::thread sender([&] {
        send(pair.second, "x");
        context.run();
    });
    asio_test::run(other); // It waits, although its queue is empty.
    sender.join();
    BOOST_TEST((read.succeeded() && there));
}

BOOST_AUTO_TEST_CASE(no_handler_is_called_by_the_initiating_function) {
    outcome read, written;
    send(pair.second, "x");
    pair.first.async_read_some(buffer(), into(read));
    pair.first.async_write_some(asio::buffer("y", 1), into(written));
    BOOST_TEST(read.calls + written.calls == 0);
    asio_test::run(context);
    BOOST_TEST(read.succeeded());
    BOOST_TEST(written.succeeded());
}

#if defined(HAS_IMMEDIATE_EXECUTOR)

BOOST_AUTO_TEST_CASE(what_completes_at_once_goes_to_the_immediate_executor) {
    auto const here = asio::system_executor();
    outcome written, nothing, read;
    pair.first.async_write_some(
        asio::buffer("x", 1), asio::bind_immediate_executor(here, into(written)));
    BOOST_TEST(written.succeeded()); // Called inside the initiating function.
    pair.second.async_read_some(
        asio::mutable_buffer(), asio::bind_immediate_executor(here, into(nothing)));
    BOOST_TEST(nothing.succeeded());
    asio_test::run(context);
    // An operation that has to wait does not use the immediate executor.
    steal(pair.second.native_handle());
    pair.second.async_read_some(buffer(), asio::bind_immediate_executor(here, into(read)));
    poll_often(context);
    BOOST_TEST(read.calls == 0);
    send(pair.first, "y");
    BOOST_TEST(read.calls == 0);
    asio_test::run(context);
    BOOST_TEST(read.succeeded());
    BOOST_TEST(written.calls + nothing.calls == 2);
}

#endif

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(tokens, pair_fixture)

BOOST_AUTO_TEST_CASE(futures) {
    std::future<std::size_t> read = pair.first.async_read_some(buffer(), asio::use_future);
    std::future<void> waited = asio::steady_timer(context, 1h).async_wait(asio::use_future);
    send(pair.second, "four");
    asio_test::run(context);
    BOOST_TEST(read.get() == 4);
    BOOST_CHECK_THROW(waited.get(), boost::system::system_error); // The timer is destroyed.
}

BOOST_AUTO_TEST_CASE(a_deferred_operation_starts_when_it_is_called) {
    outcome read;
    send(pair.second, "x");
    auto operation = pair.first.async_read_some(buffer(), asio::deferred);
    poll_often(context);
    BOOST_TEST(steal(pair.first.native_handle()) == "x"); // No operation has read it.
    send(pair.second, "y");
    std::move(operation)(into(read));
    asio_test::run(context);
    BOOST_TEST(read.succeeded());
}

BOOST_AUTO_TEST_CASE(a_group_cancels_who_is_late) {
    asio::steady_timer timer(context, 1h);
    int calls = 0;
    error_code of_read, of_timer;
    experimental::make_parallel_group(
        pair.first.async_read_some(buffer(), asio::deferred), timer.async_wait(asio::deferred))
        .async_wait(experimental::wait_for_one(),
            [&](std::array<std::size_t, 2> order, error_code read, std::size_t, error_code waited) {
                ++calls;
                of_read = read;
                of_timer = waited;
                BOOST_TEST(order[0] == 0U);
            });
    poll_often(context);
    send(pair.second, "x");
    asio_test::run(context);
    BOOST_TEST(calls == 1);
    BOOST_TEST(!of_read);
    BOOST_TEST(of_timer == error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(what_is_read_goes_through_a_channel) {
    experimental::channel<void(error_code, std::string)> channel(context, 2);
    std::string received;
    auto const reads = [&]() -> awaitable<void> {
        std::string text(10, ' ');
        for (int i = 0; i < 100; ++i) {
            auto const n = co_await pair.first.async_read_some(asio::buffer(text), use_awaitable);
            co_await channel.async_send(error_code(), text.substr(0, n), use_awaitable);
        }
        channel.close();
    };
    auto const takes = [&]() -> awaitable<void> {
        for (int i = 0; i < 100; ++i) {
            received += co_await channel.async_receive(use_awaitable);
            co_await asio::async_write(pair.second, asio::buffer("x", 1), use_awaitable);
        }
    };
    send(pair.second, "x");
    asio::co_spawn(context, reads(), asio::detached);
    asio::co_spawn(context, takes(), asio::detached);
    asio_test::run(context);
    BOOST_TEST(received == std::string(100, 'x'));
}

#if defined(HAS_CANCEL_AFTER)

BOOST_AUTO_TEST_CASE(an_operation_is_cancelled_after_its_time) {
    outcome late, in_time;
    pair.first.async_read_some(buffer(), asio::cancel_after(5ms, into(late)));
    asio_test::run(context);
    BOOST_TEST(late.aborted());
    pair.first.async_read_some(buffer(), asio::cancel_after(1h, into(in_time)));
    poll_often(context);
    send(pair.second, "x");
    asio_test::run(context); // It does not wait until the hour is over.
    BOOST_TEST((in_time.succeeded() && in_time.value == 1));
}

#endif

BOOST_AUTO_TEST_SUITE_END()
