// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Signal sets behave as Boost.Asio documents.

#define BOOST_TEST_MODULE asio_signal
#include "support.hpp"

#include <csignal>
#include <optional>

using namespace asio_test;

namespace {

#if defined(_WIN32)
constexpr int signal_one = SIGINT, signal_two = SIGTERM;
#else
constexpr int signal_one = SIGUSR1, signal_two = SIGUSR2;
#endif

/// Sends a signal to a thread, to interrupt its wait. On Windows, raises it in this thread.
void send_to(std::thread& thread, int number) {
#if defined(_WIN32)
    (void)thread;
    std::raise(number);
#else
    ::pthread_kill(thread.native_handle(), number);
#endif
}

} // namespace

BOOST_AUTO_TEST_SUITE(signal_sets)

BOOST_AUTO_TEST_CASE(a_signal_ends_the_wait_and_tells_its_number) {
    asio::io_context context;
    asio::signal_set signals(context, signal_one, signal_two);
    for (int const number : {signal_one, signal_two, signal_one}) {
        outcome waited;
        signals.async_wait(into(waited));
        poll_often(context);
        BOOST_TEST(waited.calls == 0);
        std::raise(number);
        run(context);
        BOOST_TEST(waited.succeeded());
        BOOST_TEST(waited.value == std::size_t(number));
    }
}

BOOST_AUTO_TEST_CASE(signals_that_come_before_the_wait_are_kept) {
    asio::io_context context;
    asio::signal_set signals(context, signal_one);
    std::raise(signal_one);
    std::raise(signal_one);
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
    asio::signal_set signals(context, signal_one);
    outcome first, second;
    signals.async_wait(into(first));
    signals.async_wait(into(second));
    std::raise(signal_one);
    run(context);
    BOOST_TEST(first.succeeded());
    BOOST_TEST(second.succeeded());
}

BOOST_AUTO_TEST_CASE(each_set_and_each_context_is_told) {
    asio::io_context one, other;
    asio::signal_set first(one, signal_one), twin(one, signal_one), distant(other, signal_one);
    outcome at_first, at_twin, at_distant;
    first.async_wait(into(at_first));
    twin.async_wait(into(at_twin));
    distant.async_wait(into(at_distant));
    std::raise(signal_one);
    run(one);
    run(other);
    for (outcome const* o : {&at_first, &at_twin, &at_distant})
        BOOST_TEST(o->succeeded());
}

BOOST_AUTO_TEST_CASE(a_context_that_has_ended_takes_nothing_from_the_others) {
    std::optional<asio::io_context> first(std::in_place);
    asio::io_context second;
    std::optional<asio::signal_set> gone(std::in_place, *first, signal_one);
    asio::signal_set stays(second, signal_one);
    outcome waited;
    stays.async_wait(into(waited));
    gone.reset();
    first.reset();
    std::raise(signal_one);
    run(second);
    BOOST_TEST(waited.succeeded());
}

BOOST_AUTO_TEST_CASE(cancelling_clearing_and_destroying_abort_the_wait) {
    asio::io_context context;
    std::optional<asio::signal_set> destroyed(std::in_place, context, signal_one);
    asio::signal_set cancelled(context, signal_one), cleared(context, signal_one),
        removed(context, signal_one), slotted(context, signal_one);
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
    removed.remove(signal_one);
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
    signals.add(signal_one);
    signals.add(signal_two);
    signals.remove(signal_one);
    std::raise(signal_two);
    run(context);
    BOOST_TEST(waited.value == std::size_t(signal_two));
    BOOST_TEST((std::signal(signal_one, SIG_DFL) == SIG_DFL));
}

BOOST_AUTO_TEST_CASE(a_signal_reaches_a_context_that_sleeps) {
    asio::io_context context;
    asio::signal_set signals(context, signal_one);
    std::atomic<int> delivered = 0;
    std::function<void(error_code, int)> on_signal = [&](error_code ec, int) {
        if (ec)
            return;
        ++delivered;
        signals.async_wait(on_signal);
    };
    signals.async_wait(on_signal);
    background_run runner(context);
    // ThreadSanitizer loses a signal that arrives before its thread has started.
    std::atomic<bool> running = false;
    asio::post(context, [&] { running = true; });
    BOOST_REQUIRE(eventually([&] { return running.load(); }));
    for (int i = 1; i <= 20; ++i) {
        if (i % 2)
            send_to(runner.thread(), signal_one);
        else
            std::raise(signal_one);
        BOOST_REQUIRE(eventually([&] { return delivered >= i; }));
    }
}

BOOST_AUTO_TEST_CASE(many_signals_are_delivered_beside_busy_sockets) {
    asio::io_context context;
    auto pair = connect_tcp(context);
    asio::signal_set signals(context, signal_one);
    int delivered = 0, bytes = 0;
    char in, out = 'x';
    std::function<void(error_code, int)> on_signal = [&](error_code ec, int) {
        if (!ec && ++delivered < 200)
            signals.async_wait(on_signal);
    };
    std::function<void(error_code, std::size_t)> on_read = [&](error_code, std::size_t) {
        ++bytes;
        if (delivered < 200) {
            std::raise(signal_one);
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
