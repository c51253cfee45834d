// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Signal sets, and forks, behave as Boost.Asio documents.

#define BOOST_TEST_MODULE asio_signal
#include "support.hpp"

#include <csignal>
#include <optional>
#include <pthread.h>

using namespace asio_test;
namespace error = asio::error;

namespace {

/// Ignores a signal, or counts it, without Asio.
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

BOOST_AUTO_TEST_SUITE(signal_sets)

BOOST_AUTO_TEST_CASE(a_signal_ends_the_wait_and_tells_its_number) {
    asio::io_context context;
    asio::signal_set signals(context, SIGUSR1, SIGUSR2);
    for (int const number : {SIGUSR1, SIGUSR2, SIGUSR1}) {
        outcome waited;
        signals.async_wait(into(waited));
        poll_often(context);
        BOOST_TEST(waited.calls == 0);
        ::raise(number);
        run(context);
        BOOST_TEST(waited.succeeded());
        BOOST_TEST(waited.value == std::size_t(number));
    }
}

BOOST_AUTO_TEST_CASE(signals_that_come_before_the_wait_are_kept) {
    asio::io_context context;
    asio::signal_set signals(context, SIGUSR1);
    ::raise(SIGUSR1);
    ::raise(SIGUSR1);
    outcome first, second, third;
    signals.async_wait(into(first));
    run(context);
    BOOST_TEST(first.succeeded());
    signals.async_wait(into(second));
    run(context);
    BOOST_TEST(second.succeeded());
    signals.async_wait(into(third));
    poll_often(context);
    BOOST_TEST(third.calls == 0);
}

BOOST_AUTO_TEST_CASE(a_signal_ends_all_waits_of_a_set) {
    asio::io_context context;
    asio::signal_set signals(context, SIGUSR1);
    outcome first, second;
    signals.async_wait(into(first));
    signals.async_wait(into(second));
    ::raise(SIGUSR1);
    run(context);
    BOOST_TEST(first.succeeded());
    BOOST_TEST(second.succeeded());
}

BOOST_AUTO_TEST_CASE(each_set_and_each_context_is_told) {
    asio::io_context one, other;
    asio::signal_set first(one, SIGUSR1), twin(one, SIGUSR1), distant(other, SIGUSR1);
    outcome at_first, at_twin, at_distant;
    first.async_wait(into(at_first));
    twin.async_wait(into(at_twin));
    distant.async_wait(into(at_distant));
    ::raise(SIGUSR1);
    run(one);
    run(other);
    for (outcome const* o : {&at_first, &at_twin, &at_distant})
        BOOST_TEST(o->succeeded());
}

BOOST_AUTO_TEST_CASE(a_context_that_has_ended_takes_nothing_from_the_others) {
    std::optional<asio::io_context> first(std::in_place);
    asio::io_context second;
    std::optional<asio::signal_set> gone(std::in_place, *first, SIGUSR1);
    asio::signal_set stays(second, SIGUSR1);
    outcome waited;
    stays.async_wait(into(waited));
    gone.reset();
    first.reset();
    ::raise(SIGUSR1);
    run(second);
    BOOST_TEST(waited.succeeded());
}

BOOST_AUTO_TEST_CASE(cancelling_clearing_and_destroying_abort_the_wait) {
    asio::io_context context;
    std::optional<asio::signal_set> destroyed(std::in_place, context, SIGUSR1);
    asio::signal_set cancelled(context, SIGUSR1), cleared(context, SIGUSR1),
        removed(context, SIGUSR1), slotted(context, SIGUSR1);
    asio::cancellation_signal signal;
    outcome at_destroyed, at_cancelled, at_cleared, at_removed, at_slotted;
    destroyed->async_wait(into(at_destroyed));
    cancelled.async_wait(into(at_cancelled));
    cleared.async_wait(into(at_cleared));
    removed.async_wait(into(at_removed));
    slotted.async_wait(asio::bind_cancellation_slot(signal.slot(), into(at_slotted)));
    poll_often(context);
    destroyed.reset();
    cancelled.cancel();
    cleared.clear();
    removed.remove(SIGUSR1);
    removed.cancel();
    signal.emit(asio::cancellation_type::all);
    BOOST_TEST(run_until(context, [&] { return at_slotted.calls > 0 && at_removed.calls > 0; }));
    BOOST_TEST(at_destroyed.aborted());
    BOOST_TEST(at_cancelled.aborted());
    BOOST_TEST(at_removed.aborted());
    BOOST_TEST(at_slotted.aborted());
    cleared.cancel();
    run(context);
    BOOST_TEST(at_cleared.aborted());
}

BOOST_AUTO_TEST_CASE(signals_are_added_and_removed_while_waiting) {
    asio::io_context context;
    asio::signal_set signals(context);
    outcome waited;
    signals.async_wait(into(waited));
    signals.add(SIGUSR1);
    signals.add(SIGUSR2);
    signals.remove(SIGUSR1);
    ::raise(SIGUSR2);
    run(context);
    BOOST_TEST(waited.value == std::size_t(SIGUSR2));
    struct ::sigaction now {};
    ::sigaction(SIGUSR1, nullptr, &now);
    BOOST_TEST((now.sa_handler == SIG_DFL));
}

BOOST_AUTO_TEST_CASE(a_signal_reaches_a_context_that_sleeps) {
    asio::io_context context;
    asio::signal_set signals(context, SIGUSR1);
    std::atomic<int> delivered = 0;
    std::function<void(error_code, int)> on_signal = [&](error_code ec, int) {
        if (ec)
            return;
        ++delivered;
        signals.async_wait(on_signal);
    };
    signals.async_wait(on_signal);
    background_run runner(context);
    // ThreadSanitizer loses a signal that comes before its thread has begun.
    std::atomic<bool> running = false;
    asio::post(context, [&] { running = true; });
    BOOST_REQUIRE(eventually([&] { return running.load(); }));
    for (int i = 1; i <= 20; ++i) {
        if (i % 2)
            ::pthread_kill(runner.thread().native_handle(), SIGUSR1); // Into its wait.
        else
            ::raise(SIGUSR1);
        BOOST_REQUIRE(eventually([&] { return delivered >= i; }));
    }
}

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

BOOST_AUTO_TEST_CASE(many_signals_are_delivered_beside_busy_sockets) {
    asio::io_context context;
    auto pair = connect_tcp(context);
    asio::signal_set signals(context, SIGUSR1);
    int delivered = 0, bytes = 0;
    char in, out = 'x';
    std::function<void(error_code, int)> on_signal = [&](error_code ec, int) {
        if (!ec && ++delivered < 200)
            signals.async_wait(on_signal);
    };
    std::function<void(error_code, std::size_t)> on_read = [&](error_code, std::size_t) {
        ++bytes;
        if (delivered < 200) {
            ::raise(SIGUSR1);
            pair.first.async_read_some(asio::buffer(&in, 1), on_read);
            asio::write(pair.second, asio::buffer(&out, 1));
        }
    };
    signals.async_wait(on_signal);
    pair.first.async_read_some(asio::buffer(&in, 1), on_read);
    asio::write(pair.second, asio::buffer(&out, 1));
    run(context);
    BOOST_TEST(delivered == 200);
    BOOST_TEST(bytes >= 200);
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
        pair.first.close(); // Without harm to the parent's.
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
    boost_selectors::selector_context context(std::in_place_type<watched_selector>, calls);
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
        send(pair.second, "x");
        bool const ends = run_until(context, [&] { return read.calls > 0; });
        return ends && read.succeeded();
    }));
    context.notify_fork(asio::execution_context::fork_parent);
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
