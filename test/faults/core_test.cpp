// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A selector whose backend fails or throws, at each of its calls. No event is lost, and the
// selector and its backend agree about the handles that are watched.

#define BOOST_TEST_MODULE faults_core
#include "faulty_backend.hpp"
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/test/support.hpp>

namespace {

using namespace boost_selectors;
using namespace boost_selectors::test;
using faults::faulty_backend;

/// Uses six handles, two for each trigger mode; level triggering replaces modes that the backend
/// lacks.
class program {
public:
    program(faults::plan& p, bool throwing)
        : selector_(std::make_unique<faulty_backend>(p))
        , throwing_(throwing) {}

    void run() {
        for (std::size_t i = 0; i < count; ++i)
            watch(i, wanted(i));
        for (int round = 0; round < 2; ++round) {
            for (auto const& pair : pairs_)
                send(pair.second, "x");
            expect_each();
            for (auto const& pair : pairs_)
                drain(pair.first);
            watch(0, event::read | event::write);
            expect(0, event::write);
            for (std::size_t i = 0; i < count; ++i)
                watch(i, wanted(i));
            selector_.unregister(pairs_[1].first);
            watch(1, wanted(1));
        }
        BOOST_TEST(selector_.get_map().size() == std::size_t{count});
    }

private:
    enum { count = 6 };

    interest wanted(std::size_t i) const {
        capabilities const can = selector_.get_capabilities();
        if (i >= 4 && can.oneshot)
            return {event::read, trigger::oneshot};
        return {event::read, i >= 2 && can.edge ? trigger::edge : trigger::level};
    }

    /// Calls the throwing or the error_code form of a function. @return whether it succeeded.
    template <class Throwing, class Quiet>
    bool attempt(Throwing form_that_throws, Quiet form_with_error) {
        bool succeeded = false;
        try {
            std::error_code ec;
            if (throwing_)
                form_that_throws();
            else
                form_with_error(ec);
            succeeded = !ec;
        } catch (std::exception const&) {
        } catch (int) {
        }
        BOOST_TEST(selector_.backend_as<faulty_backend>()->agrees_with(selector_));
        return succeeded;
    }

    /// Registers or modifies until that succeeds.
    void watch(std::size_t i, interest wanted) {
        auto const& handle = pairs_[i].first;
        for (int attempts = 0;; ++attempts) {
            BOOST_REQUIRE(attempts < 4);
            bool const registered = selector_.find(handle).has_value();
            bool const done =
                registered ? attempt([&] { selector_.modify(handle, wanted); },
                                 [&](std::error_code& ec) { selector_.modify(handle, wanted, ec); })
                           : attempt([&] { selector_.register_handle(handle, wanted); },
                                 [&](std::error_code& ec) {
                                     selector_.register_handle(handle, wanted, ec);
                                 });
            if (done)
                return;
        }
    }

    /// Waits once. Often nothing is ready.
    ready_list select() {
        ready_list list;
        std::chrono::milliseconds const timeout = 10ms;
        attempt([&] { list = selector_.select(timeout, 4); },
            [&](std::error_code& ec) { list = selector_.select(timeout, 4, ec); });
        return list;
    }

    void expect(std::size_t i, event wanted) {
        stopwatch const time;
        while (!has(events_of(select(), pairs_[i].first), wanted))
            BOOST_REQUIRE(time.elapsed() < deadline);
    }

    /// Waits until each handle was reported ready to be read.
    void expect_each() {
        stopwatch const time;
        std::array<int, count> seen{};
        while (std::count(seen.begin(), seen.end(), 0) > 0) {
            BOOST_REQUIRE(time.elapsed() < deadline);
            auto const list = select();
            for (std::size_t i = 0; i < count; ++i)
                seen[i] += events_of(list, pairs_[i].first) == event::read;
        }
        for (std::size_t i = 0; i < count; ++i)
            if (wanted(i).mode == trigger::oneshot)
                BOOST_TEST(seen[i] == 1);
    }

    std::vector<stream_pair> pairs_ = make_stream_pairs(count);
    base_selector selector_;
    bool throwing_;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_fault_at_any_call_loses_nothing) {
    for (bool const throwing : {false, true}) {
        int const runs = faults::for_each_plan([&](faults::plan& p) {
            BOOST_TEST_CONTEXT(
                p << (throwing ? ", forms that throw" : ", forms with an error_code"))
            program(p, throwing).run();
        });
        BOOST_TEST(runs > 100);
        BOOST_TEST_MESSAGE(runs << " runs");
    }
}

/// How the two forms of a function handle a backend's exception.
BOOST_AUTO_TEST_CASE(an_exception_becomes_a_code_or_passes_unchanged) {
    auto const pair = make_stream_pair();
    struct expectation {
        faults::fault what;
        std::error_code code;
    };
    for (auto const& [what, code] :
        {expectation{faults::fault::bad_alloc, std::make_error_code(std::errc::not_enough_memory)},
            expectation{faults::fault::system_error, std::make_error_code(std::errc::io_error)},
            expectation{faults::fault::unknown, error::backend_failed}}) {
        faults::plan p{faults::function::add, what, 1, 2};
        base_selector selector(std::make_unique<faulty_backend>(p));
        std::error_code ec;
        selector.register_handle(pair.first, event::read, ec);
        BOOST_TEST(ec == code);
        if (what == faults::fault::bad_alloc)
            BOOST_CHECK_THROW(selector.register_handle(pair.first, event::read), std::bad_alloc);
        else if (what == faults::fault::unknown)
            BOOST_CHECK_THROW(selector.register_handle(pair.first, event::read), int);
        else
            BOOST_CHECK_THROW(selector.register_handle(pair.first, event::read), std::system_error);
        selector.register_handle(pair.first, event::read, ec);
        BOOST_TEST(!ec);
    }
}
