// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// When an allocation fails inside an operation, no registration is lost.

#define BOOST_TEST_MODULE memory
#include <boost/test/unit_test.hpp>
#include <boost_selectors/make_selector.hpp>
#include <boost_selectors/test/support.hpp>
#include <cstdlib>
#include <new>

namespace {

using namespace boost_selectors;
using namespace boost_selectors::test;

/// How many allocations of this thread succeed before one fails; negative means no limit.
thread_local int allocations_left = -1;

/// Calls @p function with its first allocation failing, then with its second, and so on, until a
/// call succeeds without reaching the limit.
template <class Function>
void with_failing_allocations(Function function) {
    for (int n = 0; n < 1000; ++n) {
        allocations_left = n;
        try {
            function();
        } catch (std::bad_alloc const&) {
        }
        bool const needed = allocations_left < 0;
        allocations_left = -1;
        if (!needed)
            return;
    }
    BOOST_ERROR("the function never stops allocating");
}

struct six_pairs {
    explicit six_pairs(std::string const& name, trigger mode = trigger::level)
        : selector(make_selector(name)) {
        for (auto const& pair : pairs)
            selector->register_handle(pair.first, {event::read, mode});
    }

    void send_to_all() const {
        for (auto const& pair : pairs) {
            send(pair.second, "x");
            ready_by_system(pair.first.native_handle(), event::read);
        }
    }

    /// Counts the ready handles: calls select() until it returns none.
    std::size_t count_ready() const {
        std::size_t n = 0;
        while (true) {
            auto const list = selector->select(n < pairs.size() ? moment : 0ms);
            if (list.empty())
                return n;
            for (ready_event const& ready : list) {
                ++n;
                selector->unregister(ready.key.handle);
            }
        }
    }

    std::unique_ptr<base_selector> selector;
    std::vector<stream_pair> pairs = make_stream_pairs(6);
};

template <class Test>
void on_all_selectors(Test test) {
    for (std::string const& name : available_selectors())
        BOOST_TEST_CONTEXT(name) {
            test(name);
        }
}

} // namespace

// Not inline: otherwise GCC warns of mismatched pairs, malloc() with delete and new with free().
[[gnu::noinline]] void* operator new(std::size_t size) {
    if (allocations_left >= 0 && --allocations_left < 0)
        throw std::bad_alloc();
    if (void* const memory = std::malloc(size != 0 ? size : 1))
        return memory;
    throw std::bad_alloc();
}

[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory);
}

[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

BOOST_AUTO_TEST_CASE(in_select_no_event_is_lost) {
    on_all_selectors([](std::string const& name) {
        for (trigger const mode : {trigger::level, trigger::edge, trigger::oneshot}) {
            if (mode == trigger::edge && !make_selector(name)->get_capabilities().edge)
                continue;
            six_pairs const s(name, mode);
            s.send_to_all();
            std::size_t seen = 0;
            with_failing_allocations([&] { seen += s.selector->select(0ms).size(); });
            if (mode == trigger::level)
                seen = s.count_ready();
            BOOST_TEST(seen == 6u);
        }
    });
}

BOOST_AUTO_TEST_CASE(in_register_handle_nothing_is_half_registered) {
    on_all_selectors([](std::string const& name) {
        six_pairs const s(name);
        auto const pair = make_stream_pair();
        with_failing_allocations([&] { s.selector->register_handle(pair.first, event::read); });
        BOOST_TEST(s.selector->get_map().size() == 7u);
        send(pair.second, "x");
        BOOST_TEST(events_of(s.selector->select(deadline), pair.first) == event::read);
        s.selector->unregister(pair.first);
        s.send_to_all();
        BOOST_TEST(s.count_ready() == 6u);
    });
}

BOOST_AUTO_TEST_CASE(in_modify_the_registration_works_or_is_gone) {
    on_all_selectors([](std::string const& name) {
        six_pairs const s(name);
        native_handle_type const handle = s.pairs[0].first.native_handle();
        BOOST_TEST(s.selector->select(0ms).empty());
        event wanted = event::write;
        with_failing_allocations([&] {
            if (!s.selector->find(handle))
                s.selector->register_handle(handle, wanted);
            s.selector->modify(handle, wanted = wanted == event::read ? event::write : event::read);
        });
        s.selector->modify(handle, event::read);
        s.send_to_all();
        BOOST_TEST(s.count_ready() == 6u);
    });
}

BOOST_AUTO_TEST_CASE(unregister_and_close_need_none) {
    on_all_selectors([](std::string const& name) {
        six_pairs s(name);
        s.send_to_all();
        BOOST_TEST(s.selector->select(deadline).size() > 0u);
        allocations_left = 0;
        s.selector->unregister(s.pairs[0].first);
        s.selector->close();
        allocations_left = -1;
        drain(s.pairs[1].first); // Otherwise the peer gets a reset.
        s.pairs[1].first.close();
        BOOST_TEST(eventually([&] { return at_end(s.pairs[1].second); }));
    });
}
