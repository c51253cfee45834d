// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "backends.hpp"
#include "immortal.hpp"
#include <algorithm>
#include <boost_selectors/make_selector.hpp>
#include <cstdlib>
#include <mutex>

namespace boost_selectors {
namespace {

struct entry {
    std::string name;
    int preference;
    backend_factory factory;
};

/// While a factory runs, the registry hides its entry from the thread that runs it. So a backend
/// that wraps the default backend can itself be the default.
class making {
public:
    explicit making(entry const& e)
        : name_(e.name)
        , outer_(innermost_) {
        innermost_ = this;
    }
    ~making() { innermost_ = outer_; }
    making(making const&) = delete;
    making& operator=(making const&) = delete;

    static bool is_under_way(std::string_view name) {
        for (making const* m = innermost_; m; m = m->outer_)
            if (m->name_ == name)
                return true;
        return false;
    }

private:
    std::string_view name_;
    making const* outer_;
    static inline thread_local making const* innermost_ = nullptr;
};

std::unique_ptr<selector_backend> make(entry const& e) {
    making const guard(e);
    return e.factory();
}

/// All known backends, the most preferred first.
class registry {
public:
    static registry& instance() {
        static detail::immortal<registry> r; // Destructors of static objects may use it.
        return r.value;
    }

    std::vector<entry> entries() const {
        std::scoped_lock const lock(mutex_);
        auto copy = entries_;
        std::erase_if(copy, [](entry const& e) { return making::is_under_way(e.name); });
        return copy;
    }

    void add(entry e) {
        if (e.name.empty() || e.name == "default" || !e.factory)
            throw std::system_error(
                std::make_error_code(std::errc::invalid_argument), "register_selector");
        std::scoped_lock const lock(mutex_);
        if (std::ranges::find(entries_, e.name, &entry::name) != entries_.end())
            throw std::system_error(error::already_registered, "register_selector: " + e.name);
        auto const place = std::ranges::upper_bound(
            entries_, e.preference, std::ranges::greater(), &entry::preference);
        entries_.insert(place, std::move(e));
    }

    registry() {
        using namespace detail;
#if defined(BOOST_SELECTORS_HAS_EPOLL)
        entries_.push_back({"epoll", 300, make_epoll_backend});
#endif
#if defined(BOOST_SELECTORS_HAS_KQUEUE) || defined(BOOST_SELECTORS_LIBKQUEUE)
        entries_.push_back({"kqueue", 300, make_kqueue_backend});
#endif
#if defined(BOOST_SELECTORS_HAS_IOCP)
        entries_.push_back({"iocp", 300, make_iocp_backend});
#endif
#if defined(BOOST_SELECTORS_HAS_POLL)
        entries_.push_back({"poll", 200, make_poll_backend});
#endif
#if defined(BOOST_SELECTORS_HAS_SELECT)
        entries_.push_back({"select", 100, make_select_backend});
#endif
#if defined(BOOST_SELECTORS_HAS_IO_URING)
        entries_.push_back({"io_uring", 0, make_io_uring_backend});
#endif
    }

private:
    mutable std::mutex mutex_;
    std::vector<entry> entries_;
};

std::unique_ptr<selector_backend> make(
    std::vector<entry> const& entries, std::string_view name, std::string const& who) {
    auto const found = std::ranges::find(entries, name, &entry::name);
    if (found != entries.end()) {
        if (auto backend = make(*found))
            return backend;
        throw std::system_error(std::make_error_code(std::errc::not_supported),
            who + ": the factory of '" + found->name + "' made none");
    }
    std::string known;
    for (entry const& e : entries)
        known += (known.empty() ? "" : ", ") + e.name;
    throw std::system_error(
        error::unknown_backend, who + " '" + std::string(name) + "' (known are: " + known + ")");
}

char const* environment() noexcept {
#if defined(__GLIBC__)
    return ::secure_getenv("BOOST_SELECTORS_BACKEND");
#else
    return std::getenv("BOOST_SELECTORS_BACKEND");
#endif
}

} // namespace

std::unique_ptr<selector_backend> make_backend() {
    auto const entries = registry::instance().entries();
    if (char const* const name = environment();
        name && *name && name != std::string_view("default") && !making::is_under_way(name))
        return make(entries, name, "BOOST_SELECTORS_BACKEND");

    std::exception_ptr first_failure;
    for (entry const& e : entries) {
        if (e.preference <= 0)
            break;
        try {
            if (auto backend = make(e))
                return backend;
        } catch (...) {
            if (!first_failure)
                first_failure = std::current_exception();
        }
    }
    if (first_failure)
        std::rethrow_exception(first_failure);
    throw std::system_error(error::unknown_backend, "make_backend: there is none");
}

std::unique_ptr<selector_backend> make_backend(std::string_view name) {
    if (name == "default")
        return make_backend();
    return make(registry::instance().entries(), name, "make_backend");
}

std::unique_ptr<base_selector> make_selector() {
    return std::make_unique<base_selector>(make_backend());
}

std::unique_ptr<base_selector> make_selector(std::string_view name) {
    return std::make_unique<base_selector>(make_backend(name));
}

std::vector<std::string> available_selectors() {
    std::vector<std::string> names;
    for (entry const& e : registry::instance().entries()) {
        try {
            if (make(e))
                names.push_back(e.name);
        } catch (std::exception const&) { // It does not work on this machine.
        }
    }
    return names;
}

void register_selector(std::string name, backend_factory factory, int preference) {
    registry::instance().add({std::move(name), preference, std::move(factory)});
}

} // namespace boost_selectors
