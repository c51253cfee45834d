// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How base_selector calls a backend: the contract that a user-defined backend can rely on.

#define BOOST_TEST_MODULE base_selector
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/selectors.hpp>
#include <boost_selectors/test/support.hpp>
#if !defined(_WIN32)
#    include <boost_selectors/test/posix_support.hpp>
#endif
#include <condition_variable>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>

namespace {

using namespace boost_selectors;
using namespace boost_selectors::test;
using std::chrono::nanoseconds;

/// A backend that follows a test's script and records its calls. It accepts any number as handle.
class scripted_backend final : public selector_backend {
public:
    explicit scripted_backend(bool live_updates)
        : selector_backend("scripted", abilities(live_updates)) {}

    struct call {
        nanoseconds timeout;
        std::size_t max_events;
    };

    // The script. Each wait() calls the next function; if there is none, it waits for a wake-up.
    std::deque<std::function<void(std::error_code&)>> waits;
    std::function<void()> on_collect = [] {};
    std::deque<std::error_code> add_errors;
    std::deque<std::error_code> modify_errors;
    std::deque<std::error_code> fork_errors;
    std::function<void()> on_add = [] {};

    // The records.
    std::vector<call> calls;
    std::map<native_handle_type, token> ids;
    std::vector<token> all_ids;
    std::vector<interest> modified;
    std::vector<native_handle_type> removed;
    std::atomic<bool> waiting = false;
    std::atomic<bool> changed_during_wait = false;
    int closed = 0;
    int forked = 0;
    int abandoned = 0;

    // Functions that on_collect may call.

    bool tell(native_handle_type handle, event events, event_flags flags = event_flags::none) {
        return sink_->report(ids.at(handle), events, flags);
    }
    bool tell(token id, event events) { return sink_->report(id, events); }
    event_sink& sink() { return *sink_; }

    void wait_for_wakeup(nanoseconds timeout) {
        waiting = true;
        std::unique_lock lock(mutex_);
        auto const woken = [this] { return std::exchange(woken_, false); };
        if (timeout == nanoseconds::max())
            condition_.wait(lock, woken);
        else
            condition_.wait_for(lock, timeout, woken);
        waiting = false;
    }

private:
    static capabilities abilities(bool live_updates) {
        capabilities can;
        can.edge = can.oneshot = can.priority = true;
        can.regular_files = can.closed_handles = can.flags = true;
        can.live_updates = live_updates;
        can.resolution = 1ns;
        return can;
    }

    static std::error_code next(std::deque<std::error_code>& errors) {
        if (errors.empty())
            return {};
        std::error_code const ec = errors.front();
        errors.pop_front();
        return ec;
    }

    void note_change() {
        if (waiting)
            changed_during_wait = true;
    }

    void add(native_handle_type handle, interest, token id, std::error_code& ec) override {
        note_change();
        on_add();
        if ((ec = next(add_errors)))
            return;
        ids[handle] = id;
        all_ids.push_back(id);
    }
    void modify(native_handle_type, interest wanted, token, std::error_code& ec) override {
        note_change();
        modified.push_back(wanted);
        ec = next(modify_errors);
    }
    void remove(native_handle_type handle, token id) noexcept override {
        note_change();
        if (ids.at(handle) == id)
            removed.push_back(handle);
    }
    void wait(nanoseconds timeout, std::size_t max_events, std::error_code& ec) override {
        calls.push_back({timeout, max_events});
        if (!waits.empty()) {
            auto const script = std::move(waits.front());
            waits.pop_front();
            return script(ec);
        }
        wait_for_wakeup(timeout);
    }
    void collect(event_sink& sink) override {
        sink_ = &sink;
        on_collect();
    }
    void wake() noexcept override {
        std::scoped_lock const lock(mutex_);
        woken_ = true;
        condition_.notify_one();
    }
    void close() noexcept override { ++closed; }
    void abandon() noexcept override { ++abandoned; }
    void after_fork(std::error_code& ec) override {
        ++forked;
        if (!(ec = next(fork_errors)))
            ids.clear();
    }

    event_sink* sink_ = nullptr;
    std::mutex mutex_;
    std::condition_variable condition_;
    bool woken_ = false;
};

/// A selector on a scripted_backend.
class scripted_selector final : public base_selector {
public:
    explicit scripted_selector(bool live_updates = true)
        : base_selector(std::make_unique<scripted_backend>(live_updates)) {}

    scripted_backend& script = *backend_as<scripted_backend>();
};

/// A backend that overrides only the pure virtual functions.
class minimal_backend final : public selector_backend {
public:
    minimal_backend()
        : selector_backend("minimal", {}) {}

private:
    void add(native_handle_type, interest, token, std::error_code&) override {}
    void modify(native_handle_type, interest, token, std::error_code&) override {}
    void remove(native_handle_type, token) noexcept override {}
    void wait(nanoseconds, std::size_t, std::error_code&) override {}
    void collect(event_sink&) override {}
    void wake() noexcept override {}
    void close() noexcept override {}
};

/// A backend that records its closing and its destruction in a log that outlives it.
class mortal_backend final : public forwarding_backend {
public:
    explicit mortal_backend(std::vector<std::string>& log)
        : forwarding_backend("mortal", make_backend("select"))
        , log_(log) {}
    ~mortal_backend() override { log_.push_back("destroyed"); }

private:
    void close() noexcept override {
        log_.push_back("closed");
        forwarding_backend::close();
    }

    std::vector<std::string>& log_;
};

/// A wrapper that overrides nothing.
class plain_wrapper final : public forwarding_backend {
public:
    explicit plain_wrapper(std::unique_ptr<selector_backend> inner)
        : forwarding_backend(std::move(inner)) {}
    plain_wrapper(std::string_view name, std::unique_ptr<selector_backend> inner)
        : forwarding_backend(name, std::move(inner)) {}
};

/// The timeout that select() passes to a backend for @p timeout.
template <class Duration>
nanoseconds passed_on(Duration timeout) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    selector.script.waits.emplace_back([](auto&) {});
    selector.script.on_collect = [&] { selector.script.tell(1, event::read); };
    selector.select(timeout);
    return selector.script.calls.at(0).timeout;
}

std::error_code const no_memory = std::make_error_code(std::errc::not_enough_memory);
std::error_code const interrupted = std::make_error_code(std::errc::interrupted);

} // namespace

BOOST_AUTO_TEST_CASE(timeouts_are_converted_to_nanoseconds_rounded_up) {
    BOOST_TEST((passed_on(1ns) == 1ns));
    BOOST_TEST((passed_on(5ms) == 5'000'000ns));
    BOOST_TEST((passed_on(2h) == 7'200'000'000'000ns));
    BOOST_TEST((passed_on(std::chrono::duration<double>(0.25)) == 250ms));
    BOOST_TEST((passed_on(std::chrono::duration<double, std::nano>(1.5)) == 2ns));
    BOOST_TEST((passed_on(std::chrono::duration<double, std::nano>(1e-9)) == 1ns));
    BOOST_TEST((passed_on(std::chrono::duration<float>(0.5f)) == 500ms));
    BOOST_TEST((passed_on(std::chrono::duration<int, std::ratio<1, 3>>(1)) == 333'333'334ns));
    BOOST_TEST((passed_on(std::chrono::duration<int, std::pico>(1)) == 1ns));
    BOOST_TEST((passed_on(std::chrono::duration<int, std::pico>(1001)) == 2ns));
    BOOST_TEST((passed_on(std::chrono::duration<unsigned>(3u)) == 3s));
}

BOOST_AUTO_TEST_CASE(timeouts_of_nothing_and_less_are_zero) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    BOOST_TEST((passed_on(0s) == 0ns));
    BOOST_TEST((passed_on(-1ns) == 0ns));
    BOOST_TEST((passed_on(std::chrono::hours::min()) == 0ns));
    BOOST_TEST((passed_on(std::chrono::duration<double>(nan)) == 0ns));
    BOOST_TEST((passed_on(std::chrono::duration<double>(-infinity)) == 0ns));
    BOOST_TEST((passed_on(std::chrono::duration<double>(-1e-300)) == 0ns));
}

BOOST_AUTO_TEST_CASE(timeouts_that_do_not_fit_are_for_ever) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    BOOST_TEST((passed_on(nanoseconds::max()) == nanoseconds::max()));
    BOOST_TEST((passed_on(std::chrono::seconds::max()) == nanoseconds::max()));
    BOOST_TEST((passed_on(std::chrono::hours::max()) == nanoseconds::max()));
    BOOST_TEST((passed_on(std::chrono::duration<double>(infinity)) == nanoseconds::max()));
    BOOST_TEST((passed_on(std::chrono::duration<double>(1e200)) == nanoseconds::max()));
    BOOST_TEST((passed_on(std::chrono::duration<float>(1e30f)) == nanoseconds::max()));
    BOOST_TEST((passed_on(std::chrono::duration<float>(9223372032.f)) >
                std::chrono::hours(24 * 365 * 292)));
    BOOST_TEST((passed_on(std::chrono::hours(24 * 365 * 293)) == nanoseconds::max()));
}

BOOST_AUTO_TEST_CASE(a_select_without_a_timeout_is_for_ever) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    selector.script.waits.emplace_back([](auto&) {});
    selector.script.on_collect = [&] { selector.script.tell(1, event::read); };
    BOOST_TEST(selector.select().size() == 1u);
    BOOST_TEST((selector.script.calls.at(0).timeout == nanoseconds::max()));
}

BOOST_AUTO_TEST_CASE(max_events_is_at_least_one_and_at_most_the_handles) {
    scripted_selector selector;
    auto const asked = [&](std::size_t max_events) {
        selector.script.waits.emplace_back([](auto&) {});
        selector.select(0ms, max_events);
        return selector.script.calls.back().max_events;
    };
    BOOST_TEST(asked(base_selector::unlimited) == 1u);
    for (native_handle_type handle = 1; handle <= 5; ++handle)
        selector.register_handle(handle, event::read);
    BOOST_TEST(asked(base_selector::unlimited) == 5u);
    BOOST_TEST(asked(3) == 3u);
    BOOST_TEST(asked(1) == 1u);
}

BOOST_AUTO_TEST_CASE(an_interrupted_wait_goes_on_with_the_time_left) {
    scripted_selector selector;
    for (int i = 0; i < 3; ++i)
        selector.script.waits.emplace_back([](std::error_code& ec) {
            std::this_thread::sleep_for(2ms);
            ec = interrupted;
        });
    stopwatch const watch;
    BOOST_TEST(selector.select(20ms).empty());
    BOOST_TEST((watch.elapsed() >= 20ms));
    BOOST_REQUIRE(selector.script.calls.size() >= 4u);
    for (std::size_t i = 1; i < 4; ++i)
        BOOST_TEST(
            (selector.script.calls[i].timeout <= selector.script.calls[i - 1].timeout - 2ms));
}

BOOST_AUTO_TEST_CASE(an_interrupted_poll_is_done_again) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    selector.script.waits.emplace_back([](std::error_code& ec) { ec = interrupted; });
    selector.script.waits.emplace_back([](auto&) {});
    selector.script.on_collect = [&] { selector.script.tell(1, event::read); };
    BOOST_TEST(selector.select(0ms).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_wait_that_ends_for_nothing_goes_on) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    selector.script.waits.assign(3, [](auto&) {});
    selector.script.waits.emplace_back(
        [&](auto&) { selector.script.on_collect = [&] { selector.script.tell(1, event::read); }; });
    BOOST_TEST(selector.select(1h).size() == 1u);
    BOOST_TEST(selector.script.calls.size() == 4u);
}

BOOST_AUTO_TEST_CASE(an_error_of_the_wait_is_passed_on) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    for (int i = 0; i < 2; ++i)
        selector.script.waits.emplace_back([](std::error_code& ec) { ec = no_memory; });
    check_fails(no_memory, [&](auto&... ec) { selector.select(1h, ec...); });
    selector.script.waits.emplace_back([](auto&) {});
    selector.script.on_collect = [&] { selector.script.tell(1, event::read); };
    BOOST_TEST(selector.select(1h).size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_exception_of_the_wait_is_let_through) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    selector.script.waits.emplace_back([](auto&) { throw std::runtime_error("from the wait"); });
    BOOST_CHECK_THROW(selector.select(1h), std::runtime_error);
    selector.script.on_collect = [] { throw std::runtime_error("from the collection"); };
    selector.script.waits.emplace_back([](auto&) {});
    BOOST_CHECK_THROW(selector.select(1h), std::runtime_error);
    selector.script.on_collect = [&] { selector.script.tell(1, event::read); };
    selector.script.waits.emplace_back([](auto&) {});
    BOOST_TEST(selector.select(1h).size() == 1u);
    selector.modify(1, event::write);
    selector.unregister(1);
}

BOOST_AUTO_TEST_CASE(a_failed_registration_keeps_nothing) {
    scripted_selector selector;
    selector.script.add_errors.assign(2, no_memory);
    check_fails(
        no_memory, [&](auto&... ec) { selector.register_handle(1, event::read, nullptr, ec...); });
    BOOST_TEST(!selector.find(1));
    selector.script.on_add = [] { throw std::runtime_error("from the registration"); };
    BOOST_CHECK_THROW(selector.register_handle(1, event::read), std::runtime_error);
    BOOST_TEST(!selector.find(1));
    BOOST_TEST(selector.get_map().empty());
    selector.script.on_add = [] {};
    selector.register_handle(1, event::read);
    BOOST_TEST(selector.get_map().size() == 1u);
    BOOST_TEST(selector.script.removed.empty());
}

BOOST_AUTO_TEST_CASE(a_failed_modify_restores_the_old_registration) {
    scripted_selector selector;
    selector_key const key = selector.register_handle(1, event::read);
    selector.script.modify_errors = {no_memory};
    std::error_code ec;
    selector.modify(1, event::write, ec);
    BOOST_TEST((ec == no_memory));
    BOOST_TEST(selector.get_key(1) == key);
    BOOST_REQUIRE(selector.script.modified.size() == 2u);
    BOOST_TEST((selector.script.modified[0] == event::write));
    BOOST_TEST((selector.script.modified[1] == event::read));
}

BOOST_AUTO_TEST_CASE(a_modify_that_cannot_be_undone_drops_the_registration) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    selector.script.modify_errors = {no_memory, std::make_error_code(std::errc::io_error)};
    std::error_code ec;
    selector.modify(1, event::write, ec);
    BOOST_TEST((ec == no_memory));
    BOOST_TEST(!selector.find(1));
    BOOST_TEST(selector.get_map().empty());
    check_fails(error::not_registered, [&](auto&... e) { selector.unregister(1, e...); });
}

BOOST_AUTO_TEST_CASE(changing_only_the_data_of_a_level_registration_does_not_reach_the_backend) {
    scripted_selector selector;
    int data = 0;
    selector.register_handle(1, event::read);
    selector.modify(1, event::read, &data);
    selector.modify(1, event::read);
    BOOST_TEST(selector.script.modified.empty());
    for (trigger const mode : {trigger::edge, trigger::oneshot}) {
        selector.modify(1, {event::read, mode});
        selector.script.modified.clear();
        selector.modify(1, {event::read, mode}, nullptr); // This arms it again.
        BOOST_TEST(selector.script.modified.size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(reports_of_one_handle_become_one_entry) {
    scripted_selector selector;
    selector.register_handle(1, event::read | event::write);
    selector.script.waits.emplace_back([](auto&) {});
    selector.script.on_collect = [&] {
        BOOST_TEST(selector.script.tell(1, event::read));
        BOOST_TEST(selector.script.tell(1, event::write, event_flags::hang_up));
        BOOST_TEST(selector.script.tell(1, event::read));
    };
    auto const list = selector.select(0ms);
    BOOST_REQUIRE(list.size() == 1u);
    BOOST_TEST(list[0].events == (event::read | event::write));
    BOOST_TEST(list[0].hang_up);
}

BOOST_AUTO_TEST_CASE(reports_are_cut_to_what_was_wanted) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    selector.register_handle(2, event::read);
    selector.script.waits.emplace_back([](auto&) {});
    selector.script.on_collect = [&] {
        BOOST_TEST(selector.script.tell(1, all_events));
        BOOST_TEST(selector.script.tell(2, event::write));
    };
    auto const list = selector.select(0ms);
    BOOST_REQUIRE(list.size() == 1u); // No entry without events.
    BOOST_TEST(events_of(list, 1) == event::read);
}

BOOST_AUTO_TEST_CASE(hang_ups_and_errors_count_as_all_that_was_wanted) {
    scripted_selector selector;
    selector.register_handle(1, event::write);
    selector.register_handle(2, event::priority | event::read);
    selector.script.waits.emplace_back([](auto&) {});
    selector.script.on_collect = [&] {
        selector.script.tell(1, event::none, event_flags::hang_up);
        selector.script.tell(2, event::none, event_flags::error);
    };
    auto const list = selector.select(0ms);
    BOOST_REQUIRE(list.size() == 2u);
    BOOST_TEST(events_of(list, 1) == event::write);
    BOOST_TEST(events_of(list, 2) == (event::priority | event::read));
    BOOST_TEST((find_ready(list, 1)->hang_up && !find_ready(list, 1)->error));
    BOOST_TEST((!find_ready(list, 2)->hang_up && find_ready(list, 2)->error));
}

BOOST_AUTO_TEST_CASE(reports_of_ended_registrations_are_dropped_and_counted) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    token const old = selector.script.ids.at(1);
    selector.unregister(1);
    selector.register_handle(1, event::read);
    BOOST_TEST(selector.get_statistics().stale_events == 0u);
    selector.script.waits.emplace_back([](auto&) {});
    selector.script.on_collect = [&] {
        BOOST_TEST(!selector.script.tell(old, event::read));
        BOOST_TEST(!selector.script.tell(token{~std::uint64_t{0}}, event::read));
    };
    BOOST_TEST(selector.select(0ms).empty());
    BOOST_TEST(selector.get_statistics().stale_events == 2u);
}

BOOST_AUTO_TEST_CASE(statistics_count_what_was_done) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    selector.register_handle(2, event::read);
    std::error_code ec;
    selector.register_handle(2, event::read, nullptr, ec); // Fails: not counted.
    selector.modify(1, event::read, &selector);            // The backend is not called.
    selector.modify(1, event::write);
    selector.unregister(2);
    selector_statistics s = selector.get_statistics();
    BOOST_TEST(s.registrations == 2u);
    BOOST_TEST(s.modifications == 1u);
    BOOST_TEST(s.unregistrations == 1u);
    BOOST_TEST((s.waits == 0u && s.polls == 0u && s.ready_events == 0u));

    selector.script.waits.emplace_back([](auto&) {});
    selector.script.on_collect = [&] {
        selector.script.tell(selector.script.ids.at(1), event::write);
    };
    BOOST_TEST(selector.select(1s).size() == 1u);
    selector.script.waits.emplace_back([](auto&) {});
    selector.script.on_collect = [] {};
    BOOST_TEST(selector.select(0ms).empty());
    selector.wakeup(); // No thread is waiting.
    selector.wakeup();
    selector.script.waits.emplace_back([](auto&) {});
    BOOST_TEST(selector.select(1s).empty()); // Returns without sleeping.
    selector.script.waits.emplace_back([&](auto&) { selector.wakeup(); });
    BOOST_TEST(selector.select(1s).empty());
    s = selector.get_statistics();
    BOOST_TEST(s.waits == 2u);
    BOOST_TEST(s.polls == 2u);
    BOOST_TEST(s.ready_events == 1u);
    BOOST_TEST(s.empty_waits == 1u);
    BOOST_TEST(s.wakeups_sent == 1u);
    BOOST_TEST(s.wakeups_spared == 2u);
}

BOOST_AUTO_TEST_CASE(a_oneshot_that_has_fired_drops_further_reports) {
    scripted_selector selector;
    interest const once{event::read, trigger::oneshot};
    selector.register_handle(1, once);
    selector.script.on_collect = [&] {
        BOOST_TEST(selector.script.tell(1, event::read, event_flags::hang_up));
    };
    auto const count = [&] {
        selector.script.waits.emplace_back([](auto&) {});
        return selector.select(0ms).size();
    };
    BOOST_TEST(count() == 1u);
    BOOST_TEST(count() == 0u);
    selector.modify(1, once);
    BOOST_TEST(count() == 1u);
    BOOST_TEST(count() == 0u);
}

BOOST_AUTO_TEST_CASE(tokens_are_never_zero_and_never_used_again) {
    scripted_selector selector;
    for (int i = 0; i < 100; ++i) {
        selector.register_handle(1, event::read);
        selector.register_handle(2, event::read);
        selector.unregister(i % 2 + 1);
        selector.unregister((i + 1) % 2 + 1);
    }
    std::set<token> const unique(selector.script.all_ids.begin(), selector.script.all_ids.end());
    BOOST_TEST(unique.size() == 200u);
    BOOST_TEST(unique.count(token{0}) == 0u);
    for (token const id : unique)
        BOOST_TEST(index_of(id) < 2u); // Places are small and dense.
}

BOOST_AUTO_TEST_CASE(without_live_updates_nothing_changes_during_a_wait) {
    scripted_selector selector(false);
    selector.register_handle(1, event::read);
    background_select wait(selector, 1h);
    for (int i = 0; i < 20; ++i) {
        BOOST_REQUIRE(eventually([&] { return selector.script.waiting.load(); }));
        selector.register_handle(2, event::read);
        selector.modify(2, event::write);
        selector.unregister(2);
    }
    BOOST_TEST(!wait.ended());
    selector.wakeup();
    BOOST_TEST(wait.ends());
    BOOST_TEST(!selector.script.changed_during_wait);
}

BOOST_AUTO_TEST_CASE(the_selector_may_be_used_from_inside_its_wait) {
    for (bool const live : {false, true}) {
        scripted_selector selector(live);
        selector.script.waits.emplace_back([&](auto&) {
            check_fails(
                error::already_selecting, [&](auto&... ec) { selector.select(0ms, ec...); });
            selector.register_handle(1, event::read);
            selector.register_handle(2, event::read);
            selector.modify(1, event::write);
            selector.unregister(2);
        });
        selector.script.on_collect = [&] { selector.script.tell(1, event::write); };
        auto const list = selector.select(1h);
        BOOST_TEST(list.size() == 1u);
        BOOST_TEST(events_of(list, 1) == event::write);
    }
}

BOOST_AUTO_TEST_CASE(the_selector_may_be_closed_from_inside_its_wait) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    selector.script.waits.emplace_back([&](auto&) {
        selector.close();
        BOOST_TEST(selector.script.closed == 0); // Not yet: the backend is still in its wait.
    });
    std::error_code ec;
    BOOST_TEST(selector.select(1h, ec).empty());
    BOOST_TEST((ec == error::closed));
    BOOST_TEST(selector.script.closed == 1);
}

BOOST_AUTO_TEST_CASE(closing_from_inside_its_wait_ends_it) {
    scripted_selector selector;
    selector.script.waits.push_back([&](std::error_code&) {
        selector.close();
        selector.script.wait_for_wakeup(deadline);
    });
    stopwatch const watch;
    std::error_code ec;
    selector.select(ec);
    BOOST_TEST((ec == error::closed));
    BOOST_TEST((watch.elapsed() < deadline));
}

BOOST_AUTO_TEST_CASE(close_tells_the_backend_once) {
    scripted_selector selector;
    selector.close();
    selector.close();
    BOOST_TEST(selector.script.closed == 1);
}

BOOST_AUTO_TEST_CASE(what_a_backend_need_not_define_has_a_default) {
    base_selector selector(std::make_unique<minimal_backend>());
    check_fails(
        std::errc::operation_not_supported, [&](auto&... ec) { selector.native_handle(ec...); });
    BOOST_TEST(!selector.get_capabilities().pollable);
    selector.register_handle(1, event::read);
    BOOST_TEST(selector.select(0ms).empty());
    BOOST_TEST(selector.select(1ms).empty());
    selector.close();
    BOOST_TEST(!selector.is_open());
}

BOOST_AUTO_TEST_CASE(warm_selects_and_modifies_reuse_their_memory) {
    scripted_selector selector;
    selector.register_handle(1, event::read | event::write);
    selector.script.on_collect = [&] { selector.script.tell(1, event::read); };
    selector.script.waits.assign(2, [](auto&) {});
    ready_event const* const first = selector.select(0ms).data();
    BOOST_TEST(selector.select(0ms).data() == first);
}

BOOST_AUTO_TEST_CASE(a_selector_without_a_backend_is_refused) {
    auto const invalid = [](std::system_error const& e) {
        return e.code() == std::errc::invalid_argument;
    };
    BOOST_CHECK_EXCEPTION(base_selector(nullptr), std::system_error, invalid);
    BOOST_CHECK_EXCEPTION(plain_wrapper(nullptr), std::system_error, invalid);
}

BOOST_AUTO_TEST_CASE(the_selector_closes_its_backend_before_it_destroys_it) {
    std::vector<std::string> log;
    { base_selector const selector(std::make_unique<mortal_backend>(log)); }
    std::vector<std::string> const expected{"closed", "destroyed"};
    BOOST_TEST(log == expected, boost::test_tools::per_element());
    log.clear();
    { mortal_backend const never_used(log); }
    BOOST_TEST(log.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_backend_can_be_had_again_also_from_inside_wrappers) {
    base_selector selector(std::make_unique<plain_wrapper>(
        std::make_unique<plain_wrapper>(std::make_unique<scripted_backend>(true))));
    BOOST_REQUIRE(selector.backend_as<scripted_backend>());
    BOOST_TEST(selector.backend_as<plain_wrapper>() != nullptr);
    BOOST_TEST(selector.backend_as<minimal_backend>() == nullptr);
    base_selector const& constant = selector;
    BOOST_TEST(constant.backend_as<scripted_backend>() == selector.backend_as<scripted_backend>());
    BOOST_TEST(selector.name() == "scripted"); // A wrapper's name and capabilities are the inner's.
    BOOST_TEST(selector.get_capabilities().edge);
}

BOOST_AUTO_TEST_CASE(a_wrapper_hands_tokens_and_reports_on_unchanged) {
    base_selector selector(
        std::make_unique<plain_wrapper>("wrapper", std::make_unique<scripted_backend>(true)));
    scripted_backend& script = *selector.backend_as<scripted_backend>();
    BOOST_TEST(selector.name() == "wrapper");
    selector.register_handle(7, event::read | event::write);
    BOOST_TEST(script.ids.size() == 1u);
    script.waits.emplace_back([](auto&) {});
    script.on_collect = [&] { BOOST_TEST(script.tell(7, event::write)); };
    BOOST_TEST(events_of(selector.select(0ms), 7) == event::write);
    selector.modify(7, event::read);
    selector.unregister(7);
    BOOST_TEST(script.modified.size() == 1u);
    BOOST_TEST(script.removed.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_sink_knows_the_registrations) {
    scripted_selector selector;
    selector.register_handle(1, event::read, &selector);
    selector.register_handle(2, {event::write, trigger::edge});
    selector.register_handle(3, event::read);
    token const ended = selector.script.ids.at(3);
    selector.unregister(3);
    selector.script.waits.emplace_back([](auto&) {});
    selector.script.on_collect = [&] {
        event_sink& sink = selector.script.sink();
        std::map<native_handle_type, token> seen;
        sink.for_each_registration(
            [&](selector_key const& key, token id) { seen[key.handle] = id; });
        selector.script.ids.erase(3);
        BOOST_TEST((seen == selector.script.ids));
        for (auto const& [handle, id] : seen)
            BOOST_TEST(sink.find(id).value().handle == handle);
        BOOST_TEST(!sink.find(ended));
        sink.note_stale();
    };
    selector.select(0ms);
    BOOST_TEST(selector.get_statistics().stale_events == 1u);
}

BOOST_AUTO_TEST_CASE(a_number_can_be_given_for_a_handle_in_every_form) {
    scripted_selector selector;
    native_handle_type const fd = 5;
    std::error_code ec;
    selector.register_handle(fd, event::read, ec);
    selector.modify(fd, event::write, ec);
    selector.modify(fd, event::read, nullptr, ec);
    BOOST_TEST(!ec);
    BOOST_TEST(selector.get_key(fd).wanted.events == event::read);
    selector.register_handle(fd, event::read, ec);
    BOOST_TEST((ec == error::already_registered));
}

BOOST_AUTO_TEST_CASE(select_until_takes_a_time_of_any_clock) {
    using namespace std::chrono;
    scripted_selector selector;
    auto const timeout_of = [&](auto end) {
        selector.script.waits.emplace_back([&](auto&) { selector.wakeup(); });
        std::error_code ec;
        selector.select_until(end, ec);
        BOOST_TEST(!ec);
        return selector.script.calls.back().timeout;
    };
    BOOST_TEST((timeout_of(steady_clock::now() + 1h) > 59min));
    BOOST_TEST((timeout_of(system_clock::now() + 1h) > 59min));
    BOOST_TEST((timeout_of(steady_clock::now() - 1h) == 0ns));
    BOOST_TEST((timeout_of(steady_clock::time_point::min()) == 0ns));
    BOOST_TEST((timeout_of(steady_clock::time_point::max()) > hours(24 * 365)));
    BOOST_TEST((timeout_of(time_point_cast<seconds>(system_clock::now()) + 5s) > 3s));
    BOOST_TEST((timeout_of(time_point<steady_clock, hours>::max()) == nanoseconds::max()));
    BOOST_TEST((timeout_of(time_point<system_clock, hours>::min()) == 0ns));
}

BOOST_AUTO_TEST_CASE(a_fork_is_prepared_when_nobody_is_in_the_backend) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    background_select wait(selector);
    std::atomic<bool> changing = false, may_end = false, prepared = false;
    selector.script.on_add = [&] {
        changing = true;
        eventually([&] { return may_end.load(); });
    };
    std::thread changer([&] { selector.register_handle(2, event::read); });
    BOOST_TEST(eventually([&] { return changing.load(); }));
    std::thread forker([&] {
        selector.notify_fork(fork_event::prepare);
        prepared = true;
        BOOST_TEST(!selector.script.waiting);
        BOOST_TEST(selector.script.ids.size() == 2u);
        selector.notify_fork(fork_event::parent);
    });
    std::this_thread::sleep_for(moment);
    BOOST_TEST(!prepared);
    may_end = true;
    changer.join();
    forker.join();
    BOOST_TEST(prepared);
    BOOST_TEST(eventually([&] { return selector.script.waiting.load(); }));
    BOOST_TEST(!wait.ended());
}

BOOST_AUTO_TEST_CASE(who_forks_can_select_while_another_thread_is_kept_from_a_change) {
    scripted_selector selector(false);
    selector.register_handle(1, event::read);
    std::atomic<bool> registered = false;
    selector.notify_fork(fork_event::prepare);
    std::thread changer([&] {
        selector.register_handle(2, event::read);
        registered = true;
    });
    BOOST_TEST(selector.select(moment).empty());
    selector.wakeup();
    BOOST_TEST(selector.select().empty());
    BOOST_TEST(!registered);
    selector.notify_fork(fork_event::parent);
    changer.join();
    BOOST_TEST(!selector.script.changed_during_wait);
}

BOOST_AUTO_TEST_CASE(other_threads_wait_while_one_forks) {
    scripted_selector selector;
    std::atomic<bool> registered = false;
    selector.notify_fork(fork_event::prepare);
    std::thread other([&] {
        selector.register_handle(1, event::read);
        registered = true;
    });
    std::this_thread::sleep_for(moment);
    BOOST_TEST(!registered);
    selector.notify_fork(fork_event::parent);
    other.join();
    BOOST_TEST(registered);
}

BOOST_AUTO_TEST_CASE(in_a_process_that_is_no_child_nothing_is_made_again) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    selector.notify_fork(fork_event::prepare);
    BOOST_TEST(!selector.is_inherited());
    selector.notify_fork(fork_event::child); // As in the child of vfork().
    selector.notify_fork(fork_event::parent);
    BOOST_TEST(selector.script.forked == 0);
    BOOST_TEST(selector.script.abandoned == 0);
    selector.register_handle(2, event::read);
}

#if !defined(_WIN32)

BOOST_AUTO_TEST_CASE(after_a_fork_everything_is_registered_again) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    selector.register_handle(2, event::read);
    child_process child([&] {
        bool const inherited = selector.is_inherited();
        selector.notify_fork(fork_event::child);
        return inherited && !selector.is_inherited() && selector.script.forked == 1 &&
               selector.script.ids.size() == 2 && selector.get_map().size() == 2;
    });
    BOOST_TEST(child.succeeds());
    BOOST_TEST(!selector.is_inherited());
}

BOOST_AUTO_TEST_CASE(after_a_fork_the_first_error_is_passed_on_and_the_others_are_registered) {
    scripted_selector selector;
    for (native_handle_type handle = 1; handle <= 3; ++handle)
        selector.register_handle(handle, event::read);
    selector.script.add_errors = {no_memory};
    child_process child([&] {
        std::error_code ec;
        selector.notify_fork(fork_event::child, ec);
        return ec == no_memory && selector.script.ids.size() == 2 && selector.get_map().size() == 2;
    });
    BOOST_TEST(child.succeeds());
}

BOOST_AUTO_TEST_CASE(after_a_fork_that_failed_the_registrations_stay_and_it_can_be_tried_again) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    selector.script.fork_errors = {no_memory};
    child_process child([&] {
        std::vector<std::error_code> errors(4);
        selector.notify_fork(fork_event::child, errors[0]);
        selector.select(0ms, errors[1]);
        selector.register_handle(2, event::read, errors[2]);
        selector.modify(1, event::write, errors[3]);
        selector.wakeup(); // Does nothing.
        bool const refused = errors[0] == no_memory && errors[1] == error::forked &&
                             errors[2] == error::forked && errors[3] == error::forked;
        bool const stays = selector.find(1).has_value();
        selector.notify_fork(fork_event::child);
        selector.modify(1, event::write);
        selector.unregister(1);
        return refused && stays && selector.script.ids.size() == 1;
    });
    BOOST_TEST(child.succeeds());
}

BOOST_AUTO_TEST_CASE(without_after_fork_a_child_can_only_give_it_up) {
    base_selector selector(std::make_unique<minimal_backend>());
    selector.register_handle(1, event::read);
    child_process child([&] {
        std::error_code failed, refused;
        selector.notify_fork(fork_event::child, failed);
        selector.select(0ms, refused);
        return failed == std::errc::operation_not_supported && refused == error::forked &&
               selector.unregister(1).handle == 1;
    });
    BOOST_TEST(child.succeeds());
}

BOOST_AUTO_TEST_CASE(an_exception_of_add_after_a_fork_drops_that_handle_alone) {
    scripted_selector selector;
    for (native_handle_type handle = 1; handle <= 3; ++handle)
        selector.register_handle(handle, event::read);
    int calls = 0;
    selector.script.on_add = [&] {
        if (++calls == 2)
            throw std::runtime_error("from add()");
    };
    child_process child([&] {
        try {
            selector.notify_fork(fork_event::child);
        } catch (std::runtime_error const&) {
            return selector.script.ids.size() == 2 && selector.get_map().size() == 2;
        }
        return false;
    });
    BOOST_TEST(child.succeeds());
}

BOOST_AUTO_TEST_CASE(a_child_calls_nothing_of_the_backend_but_abandon_before_after_fork) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    selector.register_handle(2, event::read);
    child_process child([&] {
        scripted_backend& script = selector.script;
        std::error_code ec;
        selector.unregister(1);
        selector.register_handle(3, event::read, ec);
        selector.modify(2, event::write, ec);
        selector.select(0ms, ec);
        selector.native_handle(ec);
        selector.wakeup();
        bool const before = script.abandoned == 1 && script.removed.empty() &&
                            script.modified.empty() && script.calls.empty() &&
                            script.ids.size() == 2 && script.forked == 0;
        selector.notify_fork(fork_event::child);
        return before && script.forked == 1 && script.ids.size() == 1 && script.ids.count(2) == 1;
    });
    BOOST_TEST(child.succeeds());
    child_process closing([&] {
        selector.close();
        selector.close();
        return selector.script.abandoned == 1 && selector.script.closed == 0;
    });
    BOOST_TEST(closing.succeeds());
}

BOOST_AUTO_TEST_CASE(what_another_thread_was_changing_a_child_does_not_touch) {
    auto selector = std::make_unique<scripted_selector>();
    selector->register_handle(1, event::read);
    std::atomic<bool> changing = false, may_end = false;
    selector->script.on_add = [&] {
        changing = true;
        eventually([&] { return may_end.load(); });
    };
    std::thread changer([&] { selector->register_handle(2, event::read); });
    BOOST_TEST(eventually([&] { return changing.load(); }));
    auto const refuses_all = [&] {
        std::vector<std::error_code> errors(5);
        selector->unregister(1, errors[0]);
        selector->notify_fork(fork_event::child, errors[1]);
        selector->select(0ms, errors[2]);
        selector->get_key(1, errors[3]);
        selector->register_handle(3, event::read, errors[4]);
        return !selector->find(1) && std::all_of(errors.begin(), errors.end(),
                                         [](std::error_code ec) { return ec == error::forked; });
    };
    child_process using_it([&] {
        bool const good = refuses_all();
        selector.reset();
        return good;
    });
    child_process destroying([&] {
        selector.reset();
        return true;
    });
    child_process grandchild([&] {
        child_process child(refuses_all);
        return child.succeeds() && refuses_all();
    });
    BOOST_TEST(using_it.succeeds());
    BOOST_TEST(destroying.succeeds());
    BOOST_TEST(grandchild.succeeds());
    may_end = true;
    changer.join();
    BOOST_TEST(selector->get_map().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_backend_that_another_thread_was_using_is_not_used_in_a_child) {
    auto selector = std::make_unique<scripted_selector>();
    selector->register_handle(1, event::read);
    background_select wait(*selector);
    child_process child([&] {
        bool refused = false;
        auto const try_it = [&] {
            std::error_code ec;
            selector->notify_fork(fork_event::child, ec);
            refused = ec == error::forked && selector->find(1);
        };
        if (under_thread_sanitizer) // It allows no new threads in a child.
            try_it();
        else // It may get the same thread id as the parent's waiting thread.
            std::thread(try_it).join();
        bool const unused = selector->script.forked == 0;
        selector.reset();
        return refused && unused;
    });
    BOOST_TEST(child.succeeds());
}

BOOST_AUTO_TEST_CASE(a_fork_inside_a_wait_ends_that_of_the_child) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    signal_handler const children(SIGCHLD, SIG_DFL); // Otherwise Boost.Test handles it.
    pid_t child = -1;
    selector.script.waits.push_back([&](auto&) { child = ::fork(); });
    std::error_code ec;
    selector.select(0ms, ec);
    if (child == 0)
        ::_exit(ec == error::forked ? 0 : 1);
    BOOST_TEST(!ec);
    int status = -1;
    BOOST_TEST(::waitpid(child, &status, 0) == child);
    BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_CASE(several_threads_of_a_child_can_be_the_first_to_come) {
    scripted_selector selector;
    for (native_handle_type handle = 1; handle <= 4; ++handle)
        selector.register_handle(handle, event::read);
    for (int round = 0; round < 20; ++round) {
        child_process child([&] {
            crew threads(4,
                [&](int i, std::atomic<int>&) { selector.unregister(native_handle_type{1} + i); });
            return threads.join() == 0 && selector.script.abandoned == 1 &&
                   selector.get_statistics().unregistrations == 4;
        });
        BOOST_TEST(child.succeeds());
    }
}

#endif
