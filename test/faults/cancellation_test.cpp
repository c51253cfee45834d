// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// pthread_cancel(3) ends a wait, and nothing else. Another thread can continue.

#define BOOST_TEST_MODULE cancellation
#include "../asio/watched.hpp"
#include <boost_selectors/asio.hpp>
#include <boost_selectors/selectors.hpp>
#include <pthread.h>

namespace {

using namespace asio_test;
using boost_selectors::base_selector;
using boost_selectors::event;
using boost_selectors::selector_context;

/// A POSIX thread, because a std::thread cannot be cancelled and joined.
class posix_thread {
public:
    template <class F>
    explicit posix_thread(F& run) {
        BOOST_REQUIRE(::pthread_create(&thread_, nullptr, &call<F>, &run) == 0);
    }

    void cancel() { ::pthread_cancel(thread_); }

    /// @return whether it was cancelled.
    bool join() {
        void* result = nullptr;
        ::pthread_join(thread_, &result);
        return result == PTHREAD_CANCELED;
    }

private:
    template <class F>
    static void* call(void* run) {
        (*static_cast<F*>(run))();
        return nullptr;
    }

    ::pthread_t thread_;
};

/// Starts a thread that runs @p run, and cancels it once @p calls shows that it waits.
template <class Run>
bool is_cancelled(Run run, watched_calls const& calls) {
    watchdog const guard;
    posix_thread thread(run);
    if (!eventually([&] { return calls.sleeping.load(); }))
        return false;
    thread.cancel();
    return thread.join();
}

constexpr int times = 20;

} // namespace

BOOST_AUTO_TEST_CASE(a_thread_in_select_can_be_cancelled_and_the_next_one_selects) {
    watched_calls calls;
    base_selector selector(std::make_unique<watched_backend>(calls));
    asio::io_context other; // Only for the sockets.
    auto pair = connect_local(other);
    selector.register_handle(pair.first.native_handle(), event::read);
    for (int i = 0; i < times; ++i) {
        calls.sleeping = false;
        BOOST_TEST(is_cancelled([&] { selector.select(); }, calls));
        BOOST_TEST(is_cancelled([&] { selector.select(1h); }, calls));
        send(pair.second, "x");
        BOOST_TEST(selector.select(deadline).size() == 1u);
        steal(pair.first.native_handle());
        BOOST_TEST(selector.select(0ms).empty());
    }
}

BOOST_AUTO_TEST_CASE(a_thread_in_run_can_be_cancelled_and_the_next_one_runs) {
    watched_calls calls;
    selector_context context(std::in_place_type<watched_backend>, calls);
    auto pair = connect_local(context);
    for (int i = 0; i < times; ++i) {
        outcome read;
        char data;
        pair.first.async_read_some(asio::buffer(&data, 1), into(read));
        calls.sleeping = false;
        context.restart();
        BOOST_TEST(is_cancelled([&] { context.run(); }, calls));
        send(pair.second, "x");
        run(context);
        BOOST_TEST(read.succeeded());
    }
}

BOOST_AUTO_TEST_CASE(a_thread_that_only_polls_can_be_cancelled) {
    watchdog const guard;
    auto const selector = boost_selectors::make_selector();
    auto poll = [&] {
        for (;;)
            selector->select(0ms);
    };
    for (int i = 0; i < times; ++i) {
        posix_thread thread(poll);
        thread.cancel();
        BOOST_TEST(thread.join());
        BOOST_TEST(selector->select(1ms).empty());
    }
}

BOOST_AUTO_TEST_CASE(a_thread_that_is_busy_can_be_cancelled) {
    watchdog const guard;
    asio::io_context context;
    asio::steady_timer timer(context, 1h); // This creates the reactor.
    timer.async_wait([](error_code) {});
    std::function<void()> again = [&] { asio::post(context, again); };
    again();
    auto run = [&] { context.run(); };
    for (int i = 0; i < times; ++i) {
        posix_thread thread(run);
        thread.cancel();
        BOOST_TEST(thread.join());
    }
}

BOOST_AUTO_TEST_CASE(what_does_not_wait_is_not_cancelled) {
    int reached = 0;
    auto use_a_selector = [&] {
        asio::io_context other;
        auto pair = connect_local(other);
        auto const handle = pair.first.native_handle();
        ::pthread_cancel(::pthread_self());
        auto selector = boost_selectors::make_selector();
        selector->register_handle(handle, event::write);
        ::pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, nullptr);
        std::size_t const ready = selector->select(deadline).size();
        ::pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, nullptr);
        selector->wakeup();
        selector->modify(handle, event::read);
        selector->unregister(handle);
        selector->register_handle(handle, event::write);
        selector->close();
        selector.reset();
        ::pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, nullptr); // Asio closes the sockets.
        reached = static_cast<int>(ready);
    };
    posix_thread thread(use_a_selector);
    BOOST_TEST(!thread.join());
    BOOST_TEST(reached == 1);
}
