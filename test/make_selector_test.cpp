// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The registry of selectors, and which of them is the default.

#define BOOST_TEST_MODULE make_selector
#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/selectors.hpp>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>

namespace {

using namespace boost_selectors;

constexpr char const* variable = "BOOST_SELECTORS_BACKEND";

/// Sets or clears the environment variable for the duration of a test.
class environment {
public:
    explicit environment(std::optional<std::string> value = std::nullopt) {
        if (char const* const old = std::getenv(variable))
            old_ = old;
        set(value);
    }
    ~environment() { set(old_); }
    environment(environment const&) = delete;
    environment& operator=(environment const&) = delete;

private:
    static void set(std::optional<std::string> const& value) {
#if defined(_WIN32)
        ::_putenv_s(variable, value.value_or("").c_str());
#else
        if (value)
            ::setenv(variable, value->c_str(), 1);
        else
            ::unsetenv(variable);
#endif
    }

    std::optional<std::string> old_;
};

/// Registers a selector that works only while this object exists. A registration cannot be undone,
/// and tests must not change the default for each other.
class temporary_backend {
public:
    temporary_backend(std::string name, int preference)
        : works_(std::make_shared<bool>(true))
        , made_(std::make_shared<int>(0)) {
        register_selector(
            std::move(name),
            [works = works_, made = made_] {
                if (!*works)
                    throw std::system_error(std::make_error_code(std::errc::not_supported));
                ++*made;
                return make_backend("select");
            },
            preference);
    }
    ~temporary_backend() { stop_working(); }
    temporary_backend(temporary_backend const&) = delete;
    temporary_backend& operator=(temporary_backend const&) = delete;

    void stop_working() { *works_ = false; }
    int made() const { return *made_; }

private:
    std::shared_ptr<bool> works_;
    std::shared_ptr<int> made_;
};

bool contains(std::vector<std::string> const& names, std::string const& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Whether @p e reports an unknown selector and lists the known ones.
bool lists_the_known(std::system_error const& e) {
    std::string const what = e.what();
    return e.code() == error::unknown_backend && what.find("nonesuch") != what.npos &&
           what.find("poll") != what.npos && what.find("select") != what.npos;
}

auto fails_with(std::error_code expected) {
    return [expected](std::system_error const& e) { return e.code() == expected; };
}

std::error_code const invalid_argument = std::make_error_code(std::errc::invalid_argument);

std::unique_ptr<selector_backend> any_factory() {
    return make_backend("select");
}

} // namespace

BOOST_AUTO_TEST_CASE(each_available_selector_can_be_made_by_its_name) {
    environment const unset;
    auto const names = available_selectors();
    BOOST_TEST(!names.empty());
    for (std::string const& name : names) {
        auto const selector = make_selector(name);
        BOOST_REQUIRE(selector);
        BOOST_TEST(selector->name() == name);
        BOOST_TEST(selector->is_open());
    }
}

BOOST_AUTO_TEST_CASE(what_every_system_has_is_available) {
    auto const names = available_selectors();
    BOOST_TEST(contains(names, "poll"));
    BOOST_TEST(contains(names, "select"));
    BOOST_TEST(!contains(names, "default"));
}

BOOST_AUTO_TEST_CASE(the_available_selectors_are_in_order_of_preference) {
    environment const unset;
    auto const names = available_selectors();
    auto const place = [&](char const* name) {
        return std::find(names.begin(), names.end(), name) - names.begin();
    };
    for (char const* const good : {"epoll", "kqueue", "iocp"})
        if (contains(names, good))
            BOOST_TEST(place(good) < place("poll"));
    for (char const* const better : {"epoll", "kqueue", "iocp", "poll"})
        if (contains(names, better))
            BOOST_TEST(place(better) < place("select"));
    if (contains(names, "io_uring")) // It is never the default.
        BOOST_TEST(place("select") < place("io_uring"));
}

BOOST_AUTO_TEST_CASE(the_default_is_the_best_that_is_available) {
    environment const unset;
    std::string const best = available_selectors().front();
    BOOST_TEST(make_selector()->name() == best);
    BOOST_TEST(make_selector("default")->name() == best);
    BOOST_TEST(default_selector().name() == best);
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_an_error_that_lists_the_known_ones) {
    BOOST_CHECK_EXCEPTION((void)make_selector("nonesuch"), std::system_error, lists_the_known);
    BOOST_CHECK_EXCEPTION(
        (void)make_selector(""), std::system_error, fails_with(error::unknown_backend));
    BOOST_CHECK_EXCEPTION(
        (void)make_selector("Poll"), std::system_error, fails_with(error::unknown_backend));
}

BOOST_AUTO_TEST_CASE(the_environment_picks_the_default) {
    for (std::string const& name : available_selectors()) {
        environment const set(name);
        BOOST_TEST(make_selector()->name() == name);
        BOOST_TEST(make_selector("default")->name() == name);
        BOOST_TEST(default_selector().name() == name);
    }
}

BOOST_AUTO_TEST_CASE(the_environment_does_not_change_a_choice_by_name) {
    environment const set("select");
    BOOST_TEST(make_selector("select")->name() == "select");
}

BOOST_AUTO_TEST_CASE(an_empty_variable_counts_for_nothing) {
    environment const unset;
    std::string const best(make_selector()->name());
    environment const empty("");
    BOOST_TEST(make_selector()->name() == best);
}

BOOST_AUTO_TEST_CASE(the_variable_may_name_the_default_itself) {
    environment const unset;
    std::string const best(make_selector()->name());
    environment const set("default");
    BOOST_TEST(make_selector()->name() == best);
}

BOOST_AUTO_TEST_CASE(an_unknown_name_in_the_environment_is_an_error_that_lists_the_known_ones) {
    environment const set("nonesuch");
    BOOST_CHECK_EXCEPTION((void)make_selector(), std::system_error, lists_the_known);
    BOOST_CHECK_EXCEPTION(default_selector(), std::system_error, lists_the_known);
    BOOST_TEST(make_selector("select")->name() == "select");
}

BOOST_AUTO_TEST_CASE(a_bad_registration_is_refused) {
    auto const invalid = fails_with(invalid_argument);
    auto const in_use = fails_with(error::already_registered);
    auto const names = available_selectors();
    BOOST_CHECK_EXCEPTION(register_selector("", any_factory), std::system_error, invalid);
    BOOST_CHECK_EXCEPTION(register_selector("default", any_factory), std::system_error, invalid);
    BOOST_CHECK_EXCEPTION(register_selector("nothing", nullptr), std::system_error, invalid);
    BOOST_CHECK_EXCEPTION(register_selector("select", any_factory), std::system_error, in_use);
    BOOST_TEST(available_selectors() == names, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_registered_selector_can_be_made_by_its_name) {
    environment const unset;
    std::string const best(make_selector()->name());
    temporary_backend const backend("by_name", 0);
    BOOST_TEST(bool(make_selector("by_name")));
    BOOST_TEST(backend.made() == 1);
    BOOST_TEST(contains(available_selectors(), "by_name"));
    BOOST_CHECK_EXCEPTION(register_selector("by_name", any_factory), std::system_error,
        fails_with(error::already_registered));
    BOOST_CHECK_EXCEPTION(
        (void)make_selector("nonesuch"), std::system_error, [](std::exception const& e) {
            return std::string(e.what()).find("by_name") != std::string::npos;
        });
    int const made = backend.made();
    BOOST_TEST(make_selector()->name() == best); // "by_name" has no preference.
    BOOST_TEST(backend.made() == made);
}

BOOST_AUTO_TEST_CASE(a_registered_selector_can_be_the_environments_choice) {
    temporary_backend const backend("by_environment", -5);
    environment const set("by_environment");
    BOOST_TEST(bool(make_selector()));
    default_selector selector;
    BOOST_TEST(backend.made() == 2);
}

BOOST_AUTO_TEST_CASE(a_default_that_wraps_the_default_gets_the_next_best) {
    std::string const best(make_selector()->name());
    std::vector<std::string> inner;
    register_selector(
        "wrapper",
        [&inner, once = std::make_shared<std::atomic<bool>>(true)] {
            if (!once->exchange(false)) // Threads of other tests need the default.
                throw std::system_error(std::make_error_code(std::errc::not_supported));
            auto backend = make_backend();
            inner.emplace_back(backend->name());
            BOOST_CHECK_EXCEPTION((void)make_selector("wrapper"), std::system_error,
                fails_with(error::unknown_backend));
            BOOST_TEST(!contains(available_selectors(), "wrapper"));
            return backend;
        },
        2000);
    environment const set("wrapper");
    BOOST_TEST(bool(make_selector()));
    BOOST_TEST(inner.size() == 1u);
    BOOST_TEST(inner.front() == best);
}

BOOST_AUTO_TEST_CASE(the_default_selector_may_be_used_from_inside_its_backends_wait) {
    static base_selector* selector = nullptr;
    static int waits = 0;
    class calling_backend : public forwarding_backend {
    public:
        calling_backend()
            : forwarding_backend("calling", make_backend("select")) {}

    private:
        void wait(std::chrono::nanoseconds, std::size_t, std::error_code&) override {
            if (++waits == 1) {
                BOOST_TEST(selector->get_map().size() == 0u);
                selector->wakeup();
            } else {
                selector->close();
            }
        }
    };
    register_selector("calling", [] { return std::make_unique<calling_backend>(); });
    environment const set("calling");
    default_selector own;
    selector = &own;
    BOOST_TEST(own.select().empty());
    BOOST_TEST(waits == 1);
    std::error_code ec;
    BOOST_TEST(own.select(ec).empty());
    BOOST_TEST((ec == error::closed));
}

BOOST_AUTO_TEST_CASE(the_highest_preference_makes_the_default_of_the_process) {
    environment const unset;
    temporary_backend const good("good", 1000);
    temporary_backend const better("better", 1001);
    BOOST_TEST(bool(make_selector()));
    default_selector selector;
    BOOST_TEST(better.made() == 2);
    BOOST_TEST(good.made() == 0);
    auto const names = available_selectors();
    BOOST_REQUIRE(names.size() > 2u);
    BOOST_TEST(names[0] == "better");
    BOOST_TEST(names[1] == "good");
}

BOOST_AUTO_TEST_CASE(the_default_is_one_that_works) {
    environment const unset;
    temporary_backend const good("works", 2000);
    temporary_backend broken("broken", 2001);
    broken.stop_working();
    BOOST_TEST(bool(make_selector()));
    BOOST_TEST(good.made() == 1);
    BOOST_TEST(!contains(available_selectors(), "broken"));
    BOOST_CHECK_EXCEPTION((void)make_selector("broken"), std::system_error,
        fails_with(std::make_error_code(std::errc::not_supported)));
    environment const set("broken"); // An explicit choice is not silently replaced.
    BOOST_CHECK_EXCEPTION((void)make_selector(), std::system_error,
        fails_with(std::make_error_code(std::errc::not_supported)));
}

BOOST_AUTO_TEST_CASE(the_registry_may_be_used_by_many_threads) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([i] {
            for (int n = 0; n < 20; ++n) {
                register_selector("thread" + std::to_string(i * 100 + n), any_factory);
                (void)make_selector("thread" + std::to_string(i * 100 + n));
                (void)make_selector();
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    BOOST_TEST(contains(available_selectors(), "thread319"));
}
