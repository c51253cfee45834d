// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What base_selector does with any backend, seen from the backend's side: the contract that a
// user's selector can rely on.

#define BOOST_TEST_MODULE base_selector
#include "boost_test.hpp"
#include <algorithm>
#include <boost_selectors/selectors.hpp>
#include <boost_selectors/test/support.hpp>
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

/// A backend that does what the test says and notes how it was called. Any number is a handle.
class scripted_selector final : public base_selector {
public:
    ~scripted_selector() override { close(); }

    using base_selector::index_of;

    struct call {
        nanoseconds timeout;
        std::size_t max_events;
    };

    // The script: one for each do_wait(), in order; without one it waits for a wake-up.
    std::deque<std::function<void(std::error_code&)>> waits;
    std::function<void()> collect = [] {};
    std::deque<std::error_code> register_errors;
    std::deque<std::error_code> modify_errors;
    std::function<void()> on_register = [] {};
    capabilities can{.edge = true,
        .oneshot = true,
        .priority = true,
        .regular_files = true,
        .closed_handles = true,
        .flags = true,
        .live_updates = true,
        .resolution = 1ns};

    // The notes.
    std::vector<call> calls;
    std::map<native_handle_type, token> ids;
    std::vector<token> all_ids;
    std::vector<interest> modified;
    std::vector<native_handle_type> unregistered;
    std::atomic<bool> waiting = false;
    std::atomic<bool> changed_during_wait = false;
    int closed = 0;
    int forked = 0;

    bool tell(native_handle_type handle, event events, bool hang_up = false, bool error = false) {
        return report(ids.at(handle), events, hang_up, error);
    }
    bool tell(token id, event events) { return report(id, events); }

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

    void do_register(native_handle_type handle, interest, token id, std::error_code& ec) override {
        note_change();
        on_register();
        if ((ec = next(register_errors)))
            return;
        ids[handle] = id;
        all_ids.push_back(id);
    }
    void do_modify(native_handle_type, interest wanted, token, std::error_code& ec) override {
        note_change();
        modified.push_back(wanted);
        ec = next(modify_errors);
    }
    void do_unregister(native_handle_type handle, token id) noexcept override {
        note_change();
        if (ids.at(handle) == id)
            unregistered.push_back(handle);
    }
    void do_wait(nanoseconds timeout, std::size_t max_events, std::error_code& ec) override {
        calls.push_back({timeout, max_events});
        if (!waits.empty()) {
            auto const script = std::move(waits.front());
            waits.pop_front();
            return script(ec);
        }
        wait_for_wakeup(timeout);
    }
    void do_collect() override { collect(); }
    void do_wakeup() noexcept override {
        std::scoped_lock const lock(mutex_);
        woken_ = true;
        condition_.notify_one();
    }
    void do_close() noexcept override { ++closed; }
    capabilities do_capabilities() const noexcept override { return can; }
    std::string_view do_name() const noexcept override { return "scripted"; }
    void do_fork_child(std::error_code&) override {
        ++forked;
        ids.clear();
    }

    std::mutex mutex_;
    std::condition_variable condition_;
    bool woken_ = false;
};

/// The same without any function that need not be defined.
class minimal_selector final : public base_selector {
public:
    ~minimal_selector() override { close(); }

private:
    void do_register(native_handle_type, interest, token, std::error_code&) override {}
    void do_modify(native_handle_type, interest, token, std::error_code&) override {}
    void do_unregister(native_handle_type, token) noexcept override {}
    void do_wait(nanoseconds, std::size_t, std::error_code&) override {}
    void do_collect() override {}
    void do_wakeup() noexcept override {}
    void do_close() noexcept override {}
    capabilities do_capabilities() const noexcept override { return {}; }
    std::string_view do_name() const noexcept override { return "minimal"; }
};

/// The timeout that a backend is given for @p timeout.
template <class Duration>
nanoseconds passed_on(Duration timeout) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    selector.waits.emplace_back([](auto&) {});
    selector.collect = [&] { selector.tell(1, event::read); };
    selector.select(timeout);
    return selector.calls.at(0).timeout;
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
    selector.waits.emplace_back([](auto&) {});
    selector.collect = [&] { selector.tell(1, event::read); };
    BOOST_TEST(selector.select().size() == 1u);
    BOOST_TEST((selector.calls.at(0).timeout == nanoseconds::max()));
}

BOOST_AUTO_TEST_CASE(max_events_is_at_least_one_and_at_most_the_handles) {
    scripted_selector selector;
    auto const asked = [&](std::size_t max_events) {
        selector.waits.emplace_back([](auto&) {});
        selector.select(0ms, max_events);
        return selector.calls.back().max_events;
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
        selector.waits.emplace_back([](std::error_code& ec) {
            std::this_thread::sleep_for(2ms);
            ec = interrupted;
        });
    stopwatch const watch;
    BOOST_TEST(selector.select(20ms).empty());
    BOOST_TEST((watch.elapsed() >= 20ms));
    BOOST_REQUIRE(selector.calls.size() >= 4u);
    for (std::size_t i = 1; i < 4; ++i)
        BOOST_TEST((selector.calls[i].timeout <= selector.calls[i - 1].timeout - 2ms));
}

BOOST_AUTO_TEST_CASE(an_interrupted_poll_is_done_again) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    selector.waits.emplace_back([](std::error_code& ec) { ec = interrupted; });
    selector.waits.emplace_back([](auto&) {});
    selector.collect = [&] { selector.tell(1, event::read); };
    BOOST_TEST(selector.select(0ms).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_wait_that_ends_for_nothing_goes_on) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    selector.waits.assign(3, [](auto&) {});
    selector.waits.emplace_back(
        [&](auto&) { selector.collect = [&] { selector.tell(1, event::read); }; });
    BOOST_TEST(selector.select(1h).size() == 1u);
    BOOST_TEST(selector.calls.size() == 4u);
}

BOOST_AUTO_TEST_CASE(with_a_clock_of_its_own_a_wait_is_never_done_twice) {
    scripted_selector selector;
    selector.can.own_clock = true;
    selector.waits.emplace_back([](auto&) {});
    BOOST_TEST(selector.select(1h).empty());
    BOOST_TEST(selector.calls.size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_error_of_the_wait_is_passed_on) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    for (int i = 0; i < 2; ++i)
        selector.waits.emplace_back([](std::error_code& ec) { ec = no_memory; });
    check_fails(no_memory, [&](auto&... ec) { selector.select(1h, ec...); });
    selector.waits.emplace_back([](auto&) {});
    selector.collect = [&] { selector.tell(1, event::read); };
    BOOST_TEST(selector.select(1h).size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_exception_of_the_wait_is_let_through) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    selector.waits.emplace_back([](auto&) { throw std::runtime_error("from the wait"); });
    BOOST_CHECK_THROW(selector.select(1h), std::runtime_error);
    selector.collect = [] { throw std::runtime_error("from the collection"); };
    selector.waits.emplace_back([](auto&) {});
    BOOST_CHECK_THROW(selector.select(1h), std::runtime_error);
    selector.collect = [&] { selector.tell(1, event::read); };
    selector.waits.emplace_back([](auto&) {});
    BOOST_TEST(selector.select(1h).size() == 1u);
    selector.modify(1, event::write);
    selector.unregister(1);
}

BOOST_AUTO_TEST_CASE(a_failed_registration_keeps_nothing) {
    scripted_selector selector;
    selector.register_errors.assign(2, no_memory);
    check_fails(
        no_memory, [&](auto&... ec) { selector.register_handle(1, event::read, nullptr, ec...); });
    BOOST_TEST(!selector.find(1));
    selector.on_register = [] { throw std::runtime_error("from the registration"); };
    BOOST_CHECK_THROW(selector.register_handle(1, event::read), std::runtime_error);
    BOOST_TEST(!selector.find(1));
    BOOST_TEST(selector.get_map().empty());
    selector.on_register = [] {};
    selector.register_handle(1, event::read);
    BOOST_TEST(selector.get_map().size() == 1u);
    BOOST_TEST(selector.unregistered.empty());
}

BOOST_AUTO_TEST_CASE(a_failed_modify_restores_the_old_registration) {
    scripted_selector selector;
    selector_key const key = selector.register_handle(1, event::read);
    selector.modify_errors = {no_memory};
    std::error_code ec;
    selector.modify(1, event::write, ec);
    BOOST_TEST((ec == no_memory));
    BOOST_TEST(selector.get_key(1) == key);
    BOOST_REQUIRE(selector.modified.size() == 2u);
    BOOST_TEST((selector.modified[0] == event::write));
    BOOST_TEST((selector.modified[1] == event::read));
}

BOOST_AUTO_TEST_CASE(a_modify_that_cannot_be_undone_drops_the_registration) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    selector.modify_errors = {no_memory, std::make_error_code(std::errc::io_error)};
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
    BOOST_TEST(selector.modified.empty());
    for (trigger const mode : {trigger::edge, trigger::oneshot}) {
        selector.modify(1, {event::read, mode});
        selector.modified.clear();
        selector.modify(1, {event::read, mode}, nullptr); // Is armed again.
        BOOST_TEST(selector.modified.size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(reports_of_one_handle_become_one_entry) {
    scripted_selector selector;
    selector.register_handle(1, event::read | event::write);
    selector.waits.emplace_back([](auto&) {});
    selector.collect = [&] {
        BOOST_TEST(selector.tell(1, event::read));
        BOOST_TEST(selector.tell(1, event::write, true));
        BOOST_TEST(selector.tell(1, event::read));
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
    selector.waits.emplace_back([](auto&) {});
    selector.collect = [&] {
        BOOST_TEST(selector.tell(1, all_events));
        BOOST_TEST(selector.tell(2, event::write));
    };
    auto const list = selector.select(0ms);
    BOOST_REQUIRE(list.size() == 1u); // An empty entry is none.
    BOOST_TEST(events_of(list, 1) == event::read);
}

BOOST_AUTO_TEST_CASE(hang_ups_and_errors_count_as_all_that_was_wanted) {
    scripted_selector selector;
    selector.register_handle(1, event::write);
    selector.register_handle(2, event::priority | event::read);
    selector.waits.emplace_back([](auto&) {});
    selector.collect = [&] {
        selector.tell(1, event::none, true, false);
        selector.tell(2, event::none, false, true);
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
    token const old = selector.ids.at(1);
    selector.unregister(1);
    selector.register_handle(1, event::read);
    BOOST_TEST(selector.get_statistics().stale_events == 0u);
    selector.waits.emplace_back([](auto&) {});
    selector.collect = [&] {
        BOOST_TEST(!selector.tell(old, event::read));
        BOOST_TEST(!selector.tell(token{~std::uint64_t{0}}, event::read));
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
    selector.modify(1, event::read, &selector);            // The system is told nothing.
    selector.modify(1, event::write);
    selector.unregister(2);
    selector_statistics s = selector.get_statistics();
    BOOST_TEST(s.registrations == 2u);
    BOOST_TEST(s.modifications == 1u);
    BOOST_TEST(s.unregistrations == 1u);
    BOOST_TEST((s.waits == 0u && s.polls == 0u && s.ready_events == 0u));

    selector.waits.emplace_back([](auto&) {});
    selector.collect = [&] { selector.tell(selector.ids.at(1), event::write); };
    BOOST_TEST(selector.select(1s).size() == 1u);
    selector.waits.emplace_back([](auto&) {});
    selector.collect = [] {};
    BOOST_TEST(selector.select(0ms).empty());
    selector.wakeup(); // Nobody sleeps.
    selector.wakeup();
    selector.waits.emplace_back([](auto&) {});
    BOOST_TEST(selector.select(1s).empty()); // Need not sleep.
    selector.waits.emplace_back([&](auto&) { selector.wakeup(); });
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
    selector.collect = [&] { BOOST_TEST(selector.tell(1, event::read, true)); };
    auto const count = [&] {
        selector.waits.emplace_back([](auto&) {});
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
    std::set<token> const unique(selector.all_ids.begin(), selector.all_ids.end());
    BOOST_TEST(unique.size() == 200u);
    BOOST_TEST(unique.count(token{0}) == 0u);
    for (token const id : unique)
        BOOST_TEST(scripted_selector::index_of(id) < 2u); // Places are small and dense.
}

BOOST_AUTO_TEST_CASE(without_live_updates_nothing_changes_during_a_wait) {
    scripted_selector selector;
    selector.can.live_updates = false;
    selector.register_handle(1, event::read);
    background_select wait(selector, 1h);
    for (int i = 0; i < 20; ++i) {
        BOOST_REQUIRE(eventually([&] { return selector.waiting.load(); }));
        selector.register_handle(2, event::read);
        selector.modify(2, event::write);
        selector.unregister(2);
    }
    BOOST_TEST(!wait.ended());
    selector.wakeup();
    BOOST_TEST(wait.ends());
    BOOST_TEST(!selector.changed_during_wait);
}

BOOST_AUTO_TEST_CASE(the_selector_may_be_used_from_inside_its_wait) {
    for (bool const live : {false, true}) {
        scripted_selector selector;
        selector.can.live_updates = live;
        selector.waits.emplace_back([&](auto&) {
            check_fails(
                error::already_selecting, [&](auto&... ec) { selector.select(0ms, ec...); });
            selector.register_handle(1, event::read);
            selector.register_handle(2, event::read);
            selector.modify(1, event::write);
            selector.unregister(2);
        });
        selector.collect = [&] { selector.tell(1, event::write); };
        auto const list = selector.select(1h);
        BOOST_TEST(list.size() == 1u);
        BOOST_TEST(events_of(list, 1) == event::write);
    }
}

BOOST_AUTO_TEST_CASE(the_selector_may_be_closed_from_inside_its_wait) {
    scripted_selector selector;
    selector.register_handle(1, event::read);
    selector.waits.emplace_back([&](auto&) {
        selector.close();
        BOOST_TEST(selector.closed == 0); // Not yet: the backend is still at work.
    });
    std::error_code ec;
    BOOST_TEST(selector.select(1h, ec).empty());
    BOOST_TEST((ec == error::closed));
    BOOST_TEST(selector.closed == 1);
}

BOOST_AUTO_TEST_CASE(closing_from_inside_its_wait_ends_it) {
    scripted_selector selector;
    selector.waits.push_back([&](std::error_code&) {
        selector.close();
        selector.wait_for_wakeup(deadline);
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
    BOOST_TEST(selector.closed == 1);
}

BOOST_AUTO_TEST_CASE(after_a_fork_everything_open_is_registered_again) {
    scripted_selector selector;
    auto const pairs = make_stream_pairs(2);
    for (auto const& pair : pairs)
        selector.register_handle(pair.first, event::read);
    auto const before = selector.get_map().size();
    selector.notify_fork_child();
    BOOST_TEST(selector.forked == 1);
    BOOST_TEST(selector.ids.size() == 2u);
    BOOST_TEST(selector.get_map().size() == before);
}

BOOST_AUTO_TEST_CASE(after_a_fork_the_first_error_is_passed_on_and_the_others_are_registered) {
    scripted_selector selector;
    auto const pairs = make_stream_pairs(3);
    for (auto const& pair : pairs)
        selector.register_handle(pair.first, event::read);
    selector.register_errors = {no_memory};
    std::error_code ec;
    selector.notify_fork_child(ec);
    BOOST_TEST((ec == no_memory));
    BOOST_TEST(selector.ids.size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_a_backend_need_not_define_has_a_default) {
    minimal_selector selector;
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
    selector.collect = [&] { selector.tell(1, event::read); };
    selector.waits.assign(2, [](auto&) {});
    ready_event const* const first = selector.select(0ms).data();
    BOOST_TEST(selector.select(0ms).data() == first);
}
