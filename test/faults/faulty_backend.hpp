// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_FAULTS_FAULTY_BACKEND_HPP
#define BOOST_SELECTORS_TEST_FAULTS_FAULTY_BACKEND_HPP

#include <boost_selectors/base_selector.hpp>
#include <boost_selectors/forwarding_backend.hpp>
#include <boost_selectors/make_selector.hpp>
#include <map>
#include <new>
#include <ostream>
#include <system_error>

namespace faults {

using boost_selectors::base_selector;
using boost_selectors::interest;
using boost_selectors::native_handle_type;
using boost_selectors::selector_key;
using boost_selectors::token;

enum class function { add, modify, wait, collect };

enum class fault {
    error,            ///< Sets an error_code.
    bad_alloc,        ///< Throws before it does anything.
    system_error,     ///< The same.
    unknown,          ///< Throws an int.
    after_the_work,   ///< Throws after the inner backend has done the work.
    error_from_memory ///< As `error`, but a transient error.
};

/// Which calls of a faulty_backend fail, and how.
struct plan {
    function where;
    fault what;
    int first; ///< The first call that fails, counted from 1.
    int times; ///< How many calls fail.

    int calls = 0; ///< Of that function, so far.

    bool has_happened() const { return calls >= first; }

    /// Whether the contract of backends allows this fault.
    bool is_allowed() const {
        if (what == fault::after_the_work) // A failed add() must register nothing.
            return where != function::add;
        return where != function::collect ||
               (what != fault::error && what != fault::error_from_memory);
    }

    friend std::ostream& operator<<(std::ostream& out, plan const& p) {
        char const* const functions[] = {"add", "modify", "wait", "collect"};
        char const* const faults[] = {"error", "bad_alloc", "system_error", "unknown exception",
            "exception after the work", "passing error"};
        return out << functions[static_cast<int>(p.where)] << ": "
                   << faults[static_cast<int>(p.what)] << " at call " << p.first << ", " << p.times
                   << " times";
    }
};

/// A backend that forwards to the inner one, except for the planned faults. It records
/// registrations.
class faulty_backend final : public boost_selectors::forwarding_backend {
public:
    explicit faulty_backend(plan& p)
        : forwarding_backend("faulty", boost_selectors::make_backend())
        , plan_(p) {}

    /// Whether this backend watches exactly what its selector's map contains.
    bool agrees_with(base_selector const& selector) const {
        if (selector.get_map().size() != watched_.size())
            return false;
        for (auto const& [id, given] : watched_) {
            auto const key = selector.find(given.handle);
            if (!key || key->wanted != given.wanted)
                return false;
        }
        return true;
    }

private:
    struct known {
        native_handle_type handle;
        interest wanted;
    };

    template <class Work>
    void call(function f, std::error_code& ec, Work work) {
        bool const now = f == plan_.where && ++plan_.calls >= plan_.first &&
                         plan_.calls < plan_.first + plan_.times;
        if (!now)
            return work();
        switch (plan_.what) {
        case fault::error:
            ec = std::make_error_code(std::errc::no_space_on_device);
            return;
        case fault::error_from_memory:
            ec = std::make_error_code(std::errc::not_enough_memory);
            return;
        case fault::bad_alloc:
            throw std::bad_alloc();
        case fault::system_error:
            throw std::system_error(std::make_error_code(std::errc::io_error));
        case fault::unknown:
            throw 42;
        case fault::after_the_work:
            work();
            throw std::bad_alloc();
        }
    }

    void add(native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        call(function::add, ec, [&] { forwarding_backend::add(handle, wanted, id, ec); });
        if (!ec)
            watched_.insert_or_assign(static_cast<std::uint64_t>(id), known{handle, wanted});
    }

    void modify(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        call(function::modify, ec, [&] { forwarding_backend::modify(handle, wanted, id, ec); });
        if (!ec)
            watched_.at(static_cast<std::uint64_t>(id)).wanted = wanted;
    }

    void remove(native_handle_type handle, token id) noexcept override {
        forwarding_backend::remove(handle, id);
        watched_.erase(static_cast<std::uint64_t>(id));
    }

    void wait(
        std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec) override {
        call(function::wait, ec, [&] { forwarding_backend::wait(timeout, max_events, ec); });
    }

    void collect(boost_selectors::event_sink& sink) override {
        std::error_code none;
        call(function::collect, none, [&] { forwarding_backend::collect(sink); });
    }

    plan& plan_;
    std::map<std::uint64_t, known> watched_;
};

/// Calls @p run with each plan: for every function and every fault, at every call that the program
/// makes.
/// @param run takes a plan by reference. @return the number of plans.
template <class Run>
int for_each_plan(Run run, int step = 1) {
    int runs = 0;
    for (function const where :
        {function::add, function::modify, function::wait, function::collect})
        for (fault const what : {fault::error, fault::bad_alloc, fault::system_error,
                 fault::unknown, fault::after_the_work, fault::error_from_memory})
            for (int const times : {1, 2}) {
                bool happened = plan{where, what, 1, times}.is_allowed();
                for (int first = 1; happened; first += step) {
                    plan p{where, what, first, times};
                    run(p);
                    ++runs;
                    happened = p.has_happened();
                }
            }
    return runs;
}

} // namespace faults

#endif
