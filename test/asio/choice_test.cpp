// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A context runs on the selector that its user chose, for every way to choose one.

#define BOOST_TEST_MODULE asio_choice
#include "watched.hpp"

#include <boost_selectors/asio.hpp>
#include <cstdlib>
#include <optional>

using namespace asio_test;
using boost_selectors::available_selectors;
using boost_selectors::base_selector;
using boost_selectors::install_selector;
using boost_selectors::make_selector;
using boost_selectors::selector_context;
using boost_selectors::selector_service;

namespace {

/// Sets BOOST_SELECTORS_BACKEND, and restores it on destruction.
class environment {
public:
    explicit environment(char const* value) {
        if (char const* const old = std::getenv(name))
            old_ = old;
        set(value);
    }
    ~environment() { set(old_ ? old_->c_str() : nullptr); }
    environment(environment const&) = delete;
    environment& operator=(environment const&) = delete;

private:
    static constexpr char const* name = "BOOST_SELECTORS_BACKEND";

    static void set(char const* value) {
#if defined(_WIN32)
        ::_putenv_s(name, value ? value : "");
#else
        if (value)
            ::setenv(name, value, 1);
        else
            ::unsetenv(name);
#endif
    }

    std::optional<std::string> old_;
};

/// Whether sockets, timers and posts work.
bool works(asio::io_context& context) {
    auto pair = connect_tcp(context);
    asio::steady_timer timer(context, 1ms);
    outcome read, waited;
    bool posted = false;
    char data;
    pair.first.async_read_some(asio::buffer(&data, 1), into(read));
    timer.async_wait([&](error_code ec) {
        into{waited}(ec);
        send(pair.second, "x");
    });
    asio::post(context, [&] { posted = true; });
    run(context);
    return read.succeeded() && waited.succeeded() && posted;
}

std::string_view name_in(asio::execution_context& context) {
    return asio::use_service<selector_service>(context).selector().name();
}

bool is_invalid_argument(std::system_error const& e) {
    return e.code() == std::errc::invalid_argument;
}

} // namespace

BOOST_AUTO_TEST_SUITE(constructors)

BOOST_AUTO_TEST_CASE(without_a_choice_it_is_the_default_selector) {
    selector_context plain, hinted(1);
    BOOST_TEST(plain.selector().name() == backend());
    BOOST_TEST(hinted.selector().name() == backend());
    BOOST_TEST(works(plain));
    BOOST_TEST(works(hinted));
}

BOOST_AUTO_TEST_CASE(a_selector_that_is_handed_over_is_used) {
    for (std::string const& name : available_selectors()) {
        if (name.starts_with("choice_test"))
            continue;
        auto selector = make_selector(name);
        base_selector const* const address = selector.get();
        selector_context context(std::move(selector));
        BOOST_TEST(&context.selector() == address);
        BOOST_TEST(context.selector().name() == name);
        BOOST_TEST(works(context));
        selector_context hinted(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO, make_selector(name));
        BOOST_TEST(hinted.selector().name() == name);
        BOOST_TEST(works(hinted));
    }
}

BOOST_AUTO_TEST_CASE(a_selector_is_made_from_its_type_and_arguments) {
    watched_calls calls;
    selector_context context(std::in_place_type<watched_backend>, calls);
    selector_context hinted(1, std::in_place_type<watched_backend>, calls, false);
    selector_context default_one(std::in_place_type<boost_selectors::default_selector>);
    BOOST_TEST(context.selector().name() == "watched");
    BOOST_TEST(!hinted.selector().get_capabilities().edge);
    BOOST_TEST(default_one.selector().name() == backend());
    BOOST_TEST(works(context));
    BOOST_TEST(works(hinted));
    BOOST_TEST(works(default_one));
    BOOST_TEST(calls.waits > 0);
}

BOOST_AUTO_TEST_CASE(each_selector_of_ours_can_be_named_by_its_type) {
#if defined(BOOST_SELECTORS_HAS_EPOLL)
    selector_context epoll(std::in_place_type<boost_selectors::epoll_selector>);
    BOOST_TEST(epoll.selector().name() == "epoll");
    BOOST_TEST(works(epoll));
#endif
#if defined(BOOST_SELECTORS_HAS_IO_URING)
    auto const names = available_selectors();
    if (std::find(names.begin(), names.end(), "io_uring") != names.end()) {
        selector_context uring(std::in_place_type<boost_selectors::io_uring_selector>);
        BOOST_TEST(uring.selector().name() == "io_uring");
        BOOST_TEST(works(uring));
    }
#endif
#if defined(BOOST_SELECTORS_HAS_POLL)
    selector_context poll(std::in_place_type<boost_selectors::poll_selector>);
    BOOST_TEST(poll.selector().name() == "poll");
    BOOST_TEST(works(poll));
#endif
#if defined(BOOST_SELECTORS_HAS_SELECT)
    selector_context select(std::in_place_type<boost_selectors::select_selector>);
    BOOST_TEST(select.selector().name() == "select");
    BOOST_TEST(works(select));
#endif
}

BOOST_AUTO_TEST_CASE(no_selector_is_an_invalid_argument) {
    std::unique_ptr<base_selector> none;
    BOOST_CHECK_EXCEPTION(
        selector_context(std::move(none)), std::system_error, is_invalid_argument);
    BOOST_CHECK_EXCEPTION(
        selector_context(1, std::move(none)), std::system_error, is_invalid_argument);
    asio::thread_pool pool(1);
    BOOST_CHECK_EXCEPTION(install_selector(pool, nullptr), std::system_error, is_invalid_argument);
    install_selector(pool, make_selector()); // The failed call left the pool unchanged.
}

BOOST_AUTO_TEST_CASE(a_selector_context_goes_wherever_an_io_context_goes) {
    selector_context context(make_selector());
    static_assert(std::is_convertible_v<selector_context&, asio::io_context&>);
    static_assert(sizeof(selector_context) == sizeof(asio::io_context));
    asio::io_context& general = context;
    asio::any_io_executor const executor = context.get_executor();
    tcp::socket socket(executor);
    BOOST_TEST(&asio::query(executor, asio::execution::context) == &general);
    BOOST_TEST(works(general));
}

BOOST_AUTO_TEST_CASE(different_selectors_serve_the_two_ends_of_a_connection) {
    auto const names = available_selectors();
    for (std::string const& name : names) {
        selector_context one(make_selector(name)), other;
        auto pair = connect_tcp(one, other);
        std::string sent(200'000, 'x'), got(sent.size(), 0);
        outcome read, written;
        asio::async_write(pair.first, asio::buffer(sent), into(written));
        asio::async_read(pair.second, asio::buffer(got), into(read));
        background_run const runner(one);
        run(other);
        BOOST_TEST(read.succeeded());
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(other_contexts)

BOOST_AUTO_TEST_CASE(a_plain_io_context_runs_on_the_default_selector) {
    asio::io_context context;
    BOOST_TEST(name_in(context) == backend());
    BOOST_TEST(works(context));
}

BOOST_AUTO_TEST_CASE(a_selector_can_be_installed_in_a_thread_pool) {
    watched_calls calls;
    asio::thread_pool pool(2);
    install_selector(pool, std::make_unique<watched_backend>(calls));
    asio::steady_timer timer(pool, 1ms);
    std::atomic<bool> expired = false;
    timer.async_wait([&](error_code ec) { expired = !ec; });
    pool.join();
    BOOST_TEST(expired);
    BOOST_TEST(calls.waits > 0);
    BOOST_TEST(name_in(pool) == "watched");
}

BOOST_AUTO_TEST_CASE(a_selector_can_be_installed_in_a_plain_io_context) {
    watched_calls calls;
    asio::io_context context;
    install_selector(context, std::make_unique<watched_backend>(calls));
    BOOST_TEST(works(context));
    BOOST_TEST(calls.waits > 0);
}

BOOST_AUTO_TEST_CASE(a_second_selector_in_a_context_is_refused) {
    asio::thread_pool pool(1);
    asio::steady_timer const timer(pool);
    BOOST_CHECK_THROW(install_selector(pool, make_selector()), asio::service_already_exists);
    selector_context context;
    BOOST_CHECK_THROW(install_selector(context, make_selector()), asio::service_already_exists);
    BOOST_TEST(works(context));
}

BOOST_AUTO_TEST_CASE(a_selector_can_be_installed_right_after_another_context_ended) {
    watched_calls calls;
    for (int i = 0; i < 3; ++i) {
        selector_context context(std::in_place_type<watched_backend>, calls);
        BOOST_TEST(works(context));
    }
    BOOST_TEST(calls.registers == calls.unregisters);
}

BOOST_AUTO_TEST_SUITE_END()

#if defined(BOOST_SELECTORS_HAS_SERVICE_MAKER)

BOOST_AUTO_TEST_SUITE(asios_service_makers)

BOOST_AUTO_TEST_CASE(a_context_and_a_pool_get_the_selector_that_a_maker_names) {
    asio::io_context context{boost_selectors::selector_service_maker("select")};
    BOOST_TEST(name_in(context) == "select");
    BOOST_TEST(works(context));
    asio::thread_pool pool(2, boost_selectors::selector_service_maker("select"));
    BOOST_TEST(name_in(pool) == "select");
    pool.join();
}

BOOST_AUTO_TEST_CASE(a_maker_calls_its_factory_for_each_context) {
    int made = 0;
    boost_selectors::selector_service_maker const maker([&made] {
        ++made;
        return make_selector("select");
    });
    asio::io_context one{maker}, other{maker};
    BOOST_TEST(made == 2);
    BOOST_TEST(works(one));
    BOOST_TEST(works(other));
}

BOOST_AUTO_TEST_CASE(a_configuration_goes_with_a_selector) {
    for (char const* const text : {"reactor.io_locking=0",
             "reactor.registration_locking=0\nscheduler.locking=0\nscheduler.concurrency_hint=1",
             "reactor.io_locking_spin_count=100\nreactor.registration_locking_spin_count=-1"}) {
        selector_context chosen{asio::config_from_string(text), make_selector("select")};
        BOOST_TEST(chosen.selector().name() == "select");
        BOOST_TEST(works(chosen));
        selector_context by_default{asio::config_from_string(text)};
        BOOST_TEST(by_default.selector().name() == backend());
        BOOST_TEST(works(by_default));
    }
}

BOOST_AUTO_TEST_CASE(no_selector_beside_a_configuration_is_an_invalid_argument) {
    BOOST_CHECK_EXCEPTION(
        (selector_context{asio::config_from_string(""), std::unique_ptr<base_selector>()}),
        std::system_error, is_invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

#endif

BOOST_AUTO_TEST_SUITE(the_environment)

BOOST_AUTO_TEST_CASE(the_variable_names_the_default) {
    for (std::string const& name : boost_selectors::available_selectors()) {
        environment const chosen(name.c_str());
        asio::io_context context;
        selector_context own;
        BOOST_TEST(name_in(context) == name);
        BOOST_TEST(own.selector().name() == name);
        BOOST_TEST(works(context));
    }
}

BOOST_AUTO_TEST_CASE(the_variable_does_not_override_a_choice_in_the_code) {
    environment const chosen(boost_selectors::available_selectors().front().c_str());
    selector_context context(make_selector("select"));
    BOOST_TEST(context.selector().name() == "select");
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_an_error_that_lists_the_known_ones) {
    environment const chosen("no_such_selector");
    auto const lists_them = [](std::system_error const& e) {
        std::string const what = e.what();
        return e.code() == boost_selectors::error::unknown_backend &&
               what.find("no_such_selector") != what.npos && what.find("poll") != what.npos &&
               what.find("select") != what.npos;
    };
    asio::io_context context; // Needs no selector until it has an I/O object.
    BOOST_CHECK_EXCEPTION(asio::steady_timer{context}, std::system_error, lists_them);
    BOOST_CHECK_EXCEPTION(tcp::socket{context}, std::system_error, lists_them);
    BOOST_CHECK_EXCEPTION(selector_context{}, std::system_error, lists_them);
    int posted = 0;
    asio::post(context, [&] { ++posted; });
    run(context);
    BOOST_TEST(posted == 1);
}

BOOST_AUTO_TEST_CASE(a_context_recovers_when_the_selector_can_be_had_after_all) {
    asio::io_context context;
    {
        environment const chosen("no_such_selector");
        BOOST_CHECK_THROW(asio::steady_timer{context}, std::system_error);
    }
    BOOST_TEST(works(context));
}

BOOST_AUTO_TEST_CASE(a_registered_selector_can_be_named) {
    static watched_calls calls;
    boost_selectors::register_selector("choice_test_named",
        [] { return std::make_unique<watched_backend>(calls, std::string_view("select")); });
    environment const chosen("choice_test_named");
    asio::io_context context;
    BOOST_TEST(name_in(context) == "watched");
    BOOST_TEST(works(context));
    BOOST_TEST(calls.waits > 0);
}

BOOST_AUTO_TEST_CASE(a_registered_selector_can_be_the_default_of_the_whole_process) {
    static watched_calls calls;
    static bool preferred = true;
    auto const factory = [] {
        if (!preferred)
            throw std::runtime_error("not now"); // Other tests need the usual default.
        return std::make_unique<watched_backend>(calls, std::string_view("select"));
    };
    boost_selectors::register_selector("choice_test_preferred", factory, 1000);
    environment const nothing(nullptr);
    {
        asio::io_context context;
        BOOST_TEST(name_in(context) == "watched");
        BOOST_TEST(works(context));
        asio::system_timer timer(asio::system_executor{}, 1ms);
        std::atomic<bool> expired = false;
        timer.async_wait([&](error_code ec) { expired = !ec; });
        BOOST_TEST(eventually([&] { return expired.load(); }));
        BOOST_TEST(name_in(asio::system_executor().context()) == "watched");
        asio::thread_pool pool(1);
        BOOST_TEST(name_in(pool) == "watched");
    }
    preferred = false;
    asio::io_context context;
    BOOST_TEST(name_in(context) != "watched");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(users_selectors)

BOOST_AUTO_TEST_CASE(a_selector_of_the_users_serves_asio_over_each_of_ours) {
    for (std::string const& inner : boost_selectors::available_selectors()) {
        watched_calls calls;
        selector_context context(
            std::in_place_type<watched_backend>, calls, std::string_view(inner));
        BOOST_TEST(works(context));
        BOOST_TEST(calls.waits > 0);
    }
}

BOOST_AUTO_TEST_CASE(what_a_selector_throws_leaves_run_and_the_context_stays_usable) {
    watched_calls calls;
    selector_context context(std::in_place_type<watched_backend>, calls);
    auto pair = connect_tcp(context);
    outcome read, waited;
    char data;
    pair.first.async_read_some(asio::buffer(&data, 1), into(read));
    for (int i = 0; i < 5; ++i) {
        asio::steady_timer timer(context, 1ms);
        timer.async_wait(into(waited));
        calls.throw_once = true;
        BOOST_CHECK_THROW(run(context), std::runtime_error);
        BOOST_TEST(!context.stopped());
        BOOST_TEST(run_until(context, [&] { return waited.calls > i; }));
        BOOST_TEST(!waited.ec);
    }
    calls.throw_once = true;
    BOOST_CHECK_THROW(context.poll(), std::runtime_error);
    calls.throw_once = true;
    BOOST_CHECK_THROW(context.run_for(1s), std::runtime_error);
    BOOST_TEST(read.calls == 0);
    send(pair.second, "x");
    run(context);
    BOOST_TEST(read.succeeded());
    BOOST_TEST(works(context));
}

BOOST_AUTO_TEST_CASE(an_error_of_the_wait_leaves_run_as_asios_exception) {
    watched_calls calls;
    selector_context context(std::in_place_type<watched_backend>, calls);
    outcome waited;
    asio::steady_timer timer(context, 1ms);
    timer.async_wait(into(waited));
    calls.refused_waits = 1;
    calls.wait_error = std::errc::io_error;
    BOOST_CHECK_EXCEPTION(
        run(context), boost::system::system_error, [](boost::system::system_error const& e) {
            return e.code() == boost::system::errc::io_error;
        });
    BOOST_TEST(!context.stopped());
    BOOST_TEST(run_until(context, [&] { return waited.calls > 0; }));
    context.restart();
    timer.expires_after(1h);
    timer.async_wait([](error_code) {});
    calls.throw_once = true; // A backend's exception is passed on unchanged.
    BOOST_CHECK_EXCEPTION(context.poll(), std::runtime_error, [](std::runtime_error const& e) {
        return e.what() == std::string("thrown by the backend");
    });
    timer.cancel();
    BOOST_TEST(works(context));
}

BOOST_AUTO_TEST_CASE(an_error_of_the_wait_that_may_pass_is_as_if_nothing_were_ready) {
    for (std::errc const passing :
        {std::errc::not_enough_memory, std::errc::resource_unavailable_try_again,
            std::errc::device_or_resource_busy, std::errc::no_buffer_space}) {
        watched_calls calls;
        selector_context context(std::in_place_type<watched_backend>, calls);
        calls.wait_error = passing;
        calls.refused_waits = 5;
        auto pair = connect_tcp(context);
        outcome read;
        char data;
        pair.first.async_read_some(asio::buffer(&data, 1), into(read));
        send(pair.second, "x");
        run(context);
        BOOST_TEST(read.succeeded());

        outcome waited;
        asio::steady_timer timer(context, 50ms);
        timer.async_wait(into(waited));
        calls.waits = 0;
        calls.refused_waits = std::numeric_limits<int>::max();
        run(context);
        BOOST_TEST(waited.succeeded());
        BOOST_TEST(calls.waits < 100); // There is no busy loop.
    }
}

BOOST_AUTO_TEST_CASE(the_backend_of_a_context_can_be_had_by_its_type) {
    watched_calls calls;
    selector_context context(std::in_place_type<watched_backend>, calls);
    selector_context by_backend(std::make_unique<watched_backend>(calls));
    BOOST_TEST(context.selector().backend_as<watched_backend>() != nullptr);
    BOOST_TEST(by_backend.selector().backend_as<watched_backend>() != nullptr);
    BOOST_TEST(selector_context().selector().backend_as<watched_backend>() == nullptr);
    BOOST_TEST(works(by_backend));
}

BOOST_AUTO_TEST_CASE(after_a_throw_posts_of_other_threads_still_wake_the_context) {
    watched_calls calls;
    selector_context context(std::in_place_type<watched_backend>, calls);
    asio::steady_timer timer(context, 1h);
    timer.async_wait([](error_code) {});
    calls.throw_once = true;
    BOOST_CHECK_THROW(run(context), std::runtime_error);
    background_run const runner(context);
    BOOST_TEST(eventually([&] { return calls.sleeping.load(); }));
    for (int i = 0; i < rounds(1000); ++i) {
        std::atomic<bool> called = false;
        asio::post(context, [&] { called = true; });
        BOOST_REQUIRE(eventually([&] { return called.load(); }));
    }
}

BOOST_AUTO_TEST_CASE(the_context_shows_its_selector_to_look_at) {
    selector_context context;
    auto pair = connect_tcp(context);
    char data;
    pair.first.async_read_some(asio::buffer(&data, 1), [](error_code, std::size_t) {});
    auto const key = context.selector().get_key(pair.first);
    BOOST_TEST((key.wanted == boost_selectors::interest(boost_selectors::event::read)));
    BOOST_TEST(context.selector().get_map().size() == 1u);
    BOOST_TEST(context.selector().is_open());
}

BOOST_AUTO_TEST_SUITE_END()
