// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Asio and GLib in one thread: each keeps running while the other waits. Also the conformance suite
// on the selector for GLib.

#define BOOST_TEST_NO_MAIN
#include "../asio/support.hpp"

#include "../../example/glib/glib_selector.hpp"
#include <boost_selectors/asio.hpp>
#include <boost_selectors/test/conformance.hpp>
#include <sys/eventfd.h>

namespace {

using namespace asio_test;
using boost_selectors::selector_context;

/// A GLib main context, Asio on it, and functions called by GLib.
struct fixture {
    ~fixture() { g_main_context_unref(glib); }

    /// Calls @p f from GLib's loop until it returns false: every @p period milliseconds, or
    /// whenever the loop is idle if @p period is 0.
    void call(std::function<bool()> f, guint period = 0) {
        GSource* const s = period == 0 ? g_idle_source_new() : g_timeout_source_new(period);
        g_source_set_callback(
            s,
            [](gpointer data) -> gboolean {
                return (*static_cast<std::function<bool()>*>(data))();
            },
            new std::function<bool()>(std::move(f)),
            [](gpointer data) { delete static_cast<std::function<bool()>*>(data); });
        g_source_attach(s, glib);
        g_source_unref(s);
    }

    watchdog guard;
    GMainContext* glib = g_main_context_new();
    selector_context context{std::in_place_type<glib_selector>, glib};
    asio::steady_timer timer{context}; // Without an I/O object Asio does not need its selector.
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(asio_in_glib, fixture)

BOOST_AUTO_TEST_CASE(both_go_on) {
    asio::io_context elsewhere;
    auto pair = connect_tcp(context, elsewhere);
    std::array<char, 100> data{};
    bool ended = false;
    std::function<void()> const serve = [&] {
        pair.first.async_read_some(asio::buffer(data), [&](error_code ec, std::size_t n) {
            if (ec)
                return void(ended = true);
            asio::async_write(
                pair.first, asio::buffer(data, n), [&](error_code, std::size_t) { serve(); });
        });
    };
    serve();
    std::atomic<int> ticks = 0;
    call([&] { return ++ticks, !ended; }, 1);
    int trips = 0;
    bool good = true;
    std::thread client([&] { // Runs until GLib has had its ticks.
        for (; trips < 200 || (ticks < 20 && good); ++trips) {
            char answer = 0;
            send(pair.second, "x");
            asio::read(pair.second, asio::buffer(&answer, 1));
            good &= answer == 'x';
        }
        pair.second.close();
    });
    context.run();
    client.join();
    BOOST_TEST(ended);
    BOOST_TEST(good);
    BOOST_TEST(ticks >= 20);
}

BOOST_AUTO_TEST_CASE(glib_starts_what_asio_does) {
    auto pair = connect_tcp(context);
    char data = 0;
    outcome read, expired;
    auto work = asio::make_work_guard(context);
    call([&] { // Runs inside the wait.
        pair.first.async_read_some(asio::buffer(&data, 1), into(read));
        send(pair.second, "x");
        timer.expires_after(1ms);
        timer.async_wait(into(expired));
        work.reset();
        return false;
    });
    context.run();
    BOOST_TEST(read.succeeded());
    BOOST_TEST(expired.succeeded());
}

BOOST_AUTO_TEST_CASE(asio_starts_what_glib_does) {
    auto work = asio::make_work_guard(context);
    int calls = 0;
    asio::post(context, [&] {
        call([&] {
            if (++calls == 3)
                work.reset();
            return calls < 3;
        });
    });
    context.run();
    BOOST_TEST(calls == 3);
}

BOOST_AUTO_TEST_CASE(another_thread_ends_the_wait) {
    auto work = asio::make_work_guard(context);
    int posts = 0;
    std::thread other([&] {
        for (int i = 0; i < 100; ++i)
            asio::post(context, [&] {
                if (++posts == 100)
                    work.reset();
            });
    });
    context.run();
    other.join();
    BOOST_TEST(posts == 100);
}

BOOST_AUTO_TEST_CASE(a_main_context_of_another_thread_is_an_error) {
    glib_selector selector(glib);
    std::error_code ec;
    BOOST_TEST(g_main_context_acquire(glib));
    std::thread([&] { selector.select(0s, ec); }).join();
    BOOST_TEST((ec == std::errc::device_or_resource_busy));
    g_main_context_release(glib);
    std::thread([&] { selector.select(0s, ec); }).join();
    BOOST_TEST(!ec);
}

BOOST_AUTO_TEST_CASE(glib_may_stop_the_context) {
    auto const work = asio::make_work_guard(context);
    call([&] { return context.stop(), false; }, 1);
    context.run();
    BOOST_TEST(context.stopped());
}

// GLib ignores sources of lower priority while one of higher priority is ready. Asio must still
// run.
BOOST_AUTO_TEST_CASE(more_important_sources_do_not_starve_asio) {
    auto pair = connect_tcp(context);
    char data = 0;
    bool stop = false;
    GSource* const s = g_idle_source_new();
    g_source_set_priority(s, G_PRIORITY_HIGH);
    g_source_set_callback(
        s, [](gpointer end) -> gboolean { return !*static_cast<bool*>(end); }, &stop, nullptr);
    g_source_attach(s, glib);
    g_source_unref(s);
    pair.first.async_read_some(asio::buffer(&data, 1), [&](error_code ec, std::size_t) {
        BOOST_TEST(!ec);
        stop = true;
    });
    send(pair.second, "x");
    context.run();
    BOOST_TEST(stop);
}

// As a modal dialog does. Asio's events cannot be handled meanwhile; they must not cause a busy
// loop.
BOOST_AUTO_TEST_CASE(a_callback_that_iterates_the_main_context_sleeps) {
    auto pair = connect_tcp(context);
    char data = 0;
    outcome read;
    pair.first.async_read_some(asio::buffer(&data, 1), into(read));
    int iterations = 0;
    bool dialog_over = false;
    call([&] {
        send(pair.second, "x");
        asio::post(context, [] {}); // No wait collects this wake-up until the callback ends.
        std::thread([&] { asio::post(context, [] {}); }).join();
        call([&] { return dialog_over = true, false; }, 50);
        while (!dialog_over) {
            ++iterations;
            g_main_context_iteration(glib, TRUE);
        }
        BOOST_TEST(read.calls == 0);
        return false;
    });
    context.run();
    BOOST_TEST(iterations < 10);
    BOOST_TEST(read.succeeded());
}

BOOST_AUTO_TEST_CASE(another_thread_may_start_what_waits_while_a_callback_runs) {
    auto pair = connect_tcp(context);
    char data = 0;
    outcome read;
    auto work = asio::make_work_guard(context);
    call([&] {
        std::thread([&] { // Would deadlock if it had to wait for GLib's loop.
            pair.first.async_read_some(asio::buffer(&data, 1), into(read));
        })
            .join();
        send(pair.second, "x");
        work.reset();
        return false;
    });
    context.run();
    BOOST_TEST(read.succeeded());
}

BOOST_AUTO_TEST_CASE(an_owned_main_context_is_this_threads_between_waits) {
    glib_ownership const held(glib);
    auto work = asio::make_work_guard(context);
    auto const here = std::this_thread::get_id();
    std::atomic<int> here_calls = 0, elsewhere_calls = 0;
    std::atomic<bool> over = false;
    std::function<void()> const busy = [&] { // Creates moments between waits.
        if (!over)
            asio::post(context, busy);
        else
            work.reset();
    };
    busy();
    struct counter {
        std::thread::id here;
        std::atomic<int>&here_calls, &elsewhere_calls;
    } counts{here, here_calls, elsewhere_calls};
    std::thread other([&] {
        for (int i = 0; i < 1000; ++i)
            g_main_context_invoke(
                glib,
                [](gpointer data) -> gboolean {
                    auto& c = *static_cast<counter*>(data);
                    ++(std::this_thread::get_id() == c.here ? c.here_calls : c.elsewhere_calls);
                    return FALSE;
                },
                &counts);
        while (here_calls + elsewhere_calls < 1000)
            std::this_thread::yield();
        over = true;
    });
    context.run();
    other.join();
    BOOST_TEST(here_calls == 1000);
    BOOST_TEST(elsewhere_calls == 0);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

bool add_conformance() {
    boost_selectors::test::exemptions exempt;
    exempt.told_once = true; // GLib polls epoll's descriptor before the selector does.
    boost::unit_test::framework::master_test_suite().add(boost_selectors::test::conformance_suite(
        "conformance",
        []() -> std::unique_ptr<boost_selectors::base_selector> {
            struct thread_default {
                thread_default() { g_main_context_push_thread_default(own); }
                ~thread_default() {
                    g_main_context_pop_thread_default(own);
                    g_main_context_unref(own);
                }
                GMainContext* own = g_main_context_new();
            };
            // GLib aborts the program if it can get no descriptor.
            int const spare = ::eventfd(0, EFD_CLOEXEC);
            if (spare == -1)
                throw std::system_error(errno, std::system_category(), "eventfd");
            ::close(spare);
            thread_default const own; // Shared, two selectors would run each other.
            return std::make_unique<glib_selector>();
        },
        exempt));
    return true;
}

} // namespace

int main(int argc, char* argv[]) {
    return boost::unit_test::unit_test_main(&add_conformance, argc, argv);
}
