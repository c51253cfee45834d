// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A context keeps working when signals interrupt its waits, and when its process forks.

#define BOOST_TEST_MODULE asio_process
#include "watched.hpp"

#include <boost_selectors/asio.hpp>
#include <csignal>
#include <pthread.h>

using namespace asio_test;

namespace {

/// Handles a signal without Asio: counts its deliveries.
class own_handler {
public:
    explicit own_handler(int number)
        : number_(number) {
        struct ::sigaction action {};
        action.sa_handler = [](int) { count = count + 1; };
        ::sigaction(number, &action, &old_);
    }
    ~own_handler() { ::sigaction(number_, &old_, nullptr); }
    own_handler(own_handler const&) = delete;
    own_handler& operator=(own_handler const&) = delete;

    static inline std::atomic<int> count = 0;

private:
    int const number_;
    struct ::sigaction old_ {};
};

} // namespace

BOOST_AUTO_TEST_SUITE(interruptions)

BOOST_AUTO_TEST_CASE(a_signal_of_others_does_not_end_or_shorten_a_wait) {
    own_handler const handler(SIGUSR2);
    asio::io_context context;
    asio::steady_timer timer(context, 50ms);
    auto const expiry = timer.expiry();
    std::atomic<bool> early = false, expired = false;
    timer.async_wait([&](error_code ec) {
        early = ec.failed() || steady::now() < expiry;
        expired = true;
    });
    background_run runner(context);
    int const before = own_handler::count;
    while (!expired && steady::now() < expiry + deadline) {
        ::pthread_kill(runner.thread().native_handle(), SIGUSR2);
        std::this_thread::sleep_for(1ms);
    }
    BOOST_TEST(expired);
    BOOST_TEST(!early);
    BOOST_TEST(own_handler::count > before);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(forks)

BOOST_AUTO_TEST_CASE(the_child_serves_what_it_inherited_after_notify_fork) {
    asio::io_context context;
    auto pair = connect_tcp(context);
    asio::steady_timer timer(context, 20ms);
    outcome read, waited;
    char data = 0;
    pair.first.async_read_some(asio::buffer(&data, 1), into(read));
    timer.async_wait(into(waited));
    poll_often(context);
    context.notify_fork(asio::execution_context::fork_prepare);
    bool const good = in_child([&] {
        context.notify_fork(asio::execution_context::fork_child);
        send(pair.second, "c");
        bool const done = run_until(context, [&] { return read.calls > 0 && waited.calls > 0; });
        return done && read.succeeded() && data == 'c' && waited.succeeded();
    });
    context.notify_fork(asio::execution_context::fork_parent);
    BOOST_TEST(good);
    BOOST_TEST(read.calls == 0);
    send(pair.second, "p");
    run(context);
    BOOST_TEST(read.succeeded());
    BOOST_TEST(data == 'p');
    BOOST_TEST(waited.succeeded());
}

BOOST_AUTO_TEST_CASE(the_child_makes_and_wakes_what_is_its_own) {
    asio::io_context context;
    auto pair = connect_tcp(context);
    char data;
    pair.first.async_read_some(asio::buffer(&data, 1), [](error_code, std::size_t) {});
    poll_often(context);
    context.notify_fork(asio::execution_context::fork_prepare);
    bool const good = in_child([&] {
        context.notify_fork(asio::execution_context::fork_child);
        auto own = connect_tcp(context);
        outcome read;
        char byte;
        own.first.async_read_some(asio::buffer(&byte, 1), into(read));
        send(own.second, "x");
        bool const reads = run_until(context, [&] { return read.calls > 0; });
        pair.first.close(); // Must not affect the parent's socket.
        return reads && read.succeeded();
    });
    context.notify_fork(asio::execution_context::fork_parent);
    BOOST_TEST(good);
    send(pair.second, "x");
    BOOST_TEST(run(context) == 1u);
}

BOOST_AUTO_TEST_CASE(parent_and_child_receive_signals_of_their_own) {
    asio::io_context context;
    asio::signal_set signals(context, SIGUSR1);
    outcome waited;
    signals.async_wait(into(waited));
    poll_often(context);
    context.notify_fork(asio::execution_context::fork_prepare);
    bool const good = in_child([&] {
        context.notify_fork(asio::execution_context::fork_child);
        ::raise(SIGUSR1);
        return run_until(context, [&] { return waited.calls > 0; }) && waited.succeeded();
    });
    context.notify_fork(asio::execution_context::fork_parent);
    BOOST_TEST(good);
    poll_often(context);
    BOOST_TEST(waited.calls == 0);
    ::raise(SIGUSR1);
    run(context);
    BOOST_TEST(waited.succeeded());
}

BOOST_AUTO_TEST_CASE(a_child_that_was_not_told_takes_nothing_from_its_parent) {
    asio::io_context context;
    tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
    outcome accepted;
    tcp::socket socket(context);
    acceptor.async_accept(socket, into(accepted));
    poll_often(context);
    BOOST_TEST(in_child([&] {
        acceptor.close();
        return true;
    }));
    asio::io_context other;
    tcp::socket client(other);
    client.connect(acceptor.local_endpoint());
    run(context);
    BOOST_TEST(accepted.succeeded());
}

BOOST_AUTO_TEST_CASE(what_a_failed_notify_fork_dropped_is_tried_again) {
    watched_calls calls;
    boost_selectors::selector_context context(std::in_place_type<watched_backend>, calls);
    auto pair = connect_local(context);
    char data;
    outcome read;
    pair.first.async_read_some(asio::buffer(&data, 1), into(read));
    poll_often(context);
    context.notify_fork(asio::execution_context::fork_prepare);
    BOOST_TEST(in_child([&] {
        calls.refused_adds = 1;
        try {
            context.notify_fork(asio::execution_context::fork_child);
            return false;
        } catch (boost::system::system_error const&) {
        }
        send(pair.second, "x");
        bool const ends = run_until(context, [&] { return read.calls > 0; });
        return ends && read.succeeded();
    }));
    context.notify_fork(asio::execution_context::fork_parent);
}

BOOST_AUTO_TEST_CASE(a_notify_fork_that_the_system_refused_can_be_called_again) {
    watched_calls calls;
    boost_selectors::selector_context context(std::in_place_type<watched_backend>, calls);
    auto pair = connect_local(context);
    char data;
    outcome read;
    pair.first.async_read_some(asio::buffer(&data, 1), into(read));
    poll_often(context);
    context.notify_fork(asio::execution_context::fork_prepare);
    BOOST_TEST(in_child([&] {
        calls.fork_error = std::make_error_code(std::errc::not_enough_memory);
        try {
            context.notify_fork(asio::execution_context::fork_child);
            return false;
        } catch (boost::system::system_error const&) {
        }
        calls.fork_error.clear();
        context.notify_fork(asio::execution_context::fork_child);
        send(pair.second, "x");
        bool const ends = run_until(context, [&] { return read.calls > 0; });
        return ends && read.succeeded();
    }));
    context.notify_fork(asio::execution_context::fork_parent);
}

BOOST_AUTO_TEST_CASE(a_child_that_was_not_notified_goes_on_with_what_it_inherited) {
    asio::io_context context;
    auto pair = connect_local(context);
    char bytes[2] = {};
    outcome first, second;
    pair.first.async_read_some(asio::buffer(bytes, 1), into(first));
    poll_often(context);
    BOOST_TEST(in_child([&] {
        pair.second.async_read_some(asio::buffer(bytes + 1, 1), into(second)); // Before any wait.
        send(pair.second, "x");
        send(pair.first, "y");
        return run_until(context, [&] { return first.calls > 0 && second.calls > 0; }) &&
               first.succeeded() && second.succeeded();
    }));
    send(pair.second, "z"); // The parent's read is still pending.
    run(context);
    BOOST_TEST(first.succeeded());
}

BOOST_AUTO_TEST_CASE(two_contexts_with_signal_sets_survive_a_fork) {
    asio::io_context one, other;
    asio::signal_set first(one, SIGUSR1), second(other, SIGUSR1);
    outcome at_first, at_second;
    first.async_wait(into(at_first));
    second.async_wait(into(at_second));
    auto const notify = [&](asio::execution_context::fork_event event) {
        one.notify_fork(event);
        other.notify_fork(event);
    };
    notify(asio::execution_context::fork_prepare);
    auto const both_are_told = [&] {
        ::raise(SIGUSR1);
        return run_until(one, [&] { return at_first.calls > 0; }) &&
               run_until(other, [&] { return at_second.calls > 0; }) && at_first.succeeded() &&
               at_second.succeeded();
    };
    bool const good = in_child([&] {
        notify(asio::execution_context::fork_child);
        return both_are_told();
    });
    notify(asio::execution_context::fork_parent);
    BOOST_TEST(good);
    BOOST_TEST(both_are_told());
}

BOOST_AUTO_TEST_CASE(the_end_of_a_child_is_a_signal) {
    asio::io_context context;
    asio::signal_set signals(context, SIGCHLD);
    outcome waited;
    signals.async_wait(into(waited));
    ::pid_t const child = ::fork();
    if (child == 0)
        std::_Exit(0);
    run(context);
    BOOST_TEST(waited.succeeded());
    int status = 0;
    while (::waitpid(child, &status, 0) == -1 && errno == EINTR) {
    }
    BOOST_TEST(WIFEXITED(status));
}

BOOST_AUTO_TEST_CASE(a_child_of_a_sleeping_context_can_go_on) {
    asio::io_context context;
    auto const work = asio::make_work_guard(context);
    asio::steady_timer timer(context, 1h);
    timer.async_wait([](error_code) {});
    asio::post(context, [&] {
        // Forks within a handler, as servers do.
        context.notify_fork(asio::execution_context::fork_prepare);
        BOOST_TEST(in_child([&] {
            context.notify_fork(asio::execution_context::fork_child);
            timer.expires_after(1ms);
            outcome waited;
            timer.async_wait(into(waited));
            context.poll();
            return run_until(context, [&] { return waited.calls > 0; }) && !waited.ec;
        }));
        context.notify_fork(asio::execution_context::fork_parent);
    });
    poll_often(context);
}

BOOST_AUTO_TEST_SUITE_END()
