// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <algorithm>
#include <boost_selectors/make_selector.hpp>
#include <boost_selectors/selectors.hpp>
#include <cstdlib>
#include <mutex>

namespace boost_selectors {
namespace {

struct entry {
    std::string name;
    int preference;
    selector_factory factory;
};

template <class Selector>
std::unique_ptr<base_selector> make() {
    return std::make_unique<Selector>();
}

/// While a factory runs, its selector does not exist for the thread that runs it: a selector that
/// wraps the default one may be the default one.
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

std::unique_ptr<base_selector> make(entry const& e) {
    making const guard(e);
    return e.factory();
}

/// All known selectors, the most preferred first.
class registry {
public:
    static registry& instance() {
        static registry r;
        return r;
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

private:
    registry() {
#if defined(BOOST_SELECTORS_HAS_EPOLL)
        entries_.push_back({"epoll", 300, make<epoll_selector>});
#endif
#if defined(BOOST_SELECTORS_HAS_KQUEUE)
        entries_.push_back({"kqueue", 300, make<kqueue_selector>});
#endif
#if defined(BOOST_SELECTORS_HAS_IOCP)
        entries_.push_back({"iocp", 300, make<iocp_selector>});
#endif
#if defined(BOOST_SELECTORS_HAS_WSAPOLL)
        entries_.push_back({"wsapoll", 200, make<wsapoll_selector>});
#endif
#if defined(BOOST_SELECTORS_HAS_POLL)
        entries_.push_back({"poll", 200, make<poll_selector>});
#endif
#if defined(BOOST_SELECTORS_HAS_SELECT)
        entries_.push_back({"select", 100, make<select_selector>});
#endif
#if defined(BOOST_SELECTORS_HAS_IO_URING)
        entries_.push_back({"io_uring", 0, make<io_uring_selector>});
#endif
    }

    mutable std::mutex mutex_;
    std::vector<entry> entries_;
};

std::unique_ptr<base_selector> make(
    std::vector<entry> const& entries, std::string_view name, std::string const& who) {
    auto const found = std::ranges::find(entries, name, &entry::name);
    if (found != entries.end()) {
        if (auto selector = make(*found))
            return selector;
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

std::unique_ptr<base_selector> make_selector() {
    auto const entries = registry::instance().entries();
    if (char const* const name = environment();
        name && *name && name != std::string_view("default") && !making::is_under_way(name))
        return make(entries, name, "BOOST_SELECTORS_BACKEND");

    std::exception_ptr first_failure;
    for (entry const& e : entries) {
        if (e.preference <= 0)
            break;
        try {
            if (auto selector = make(e))
                return selector;
        } catch (...) {
            if (!first_failure)
                first_failure = std::current_exception();
        }
    }
    if (first_failure)
        std::rethrow_exception(first_failure);
    throw std::system_error(error::unknown_backend, "make_selector: there is none");
}

std::unique_ptr<base_selector> make_selector(std::string_view name) {
    if (name == "default")
        return make_selector();
    return make(registry::instance().entries(), name, "make_selector");
}

std::vector<std::string> available_selectors() {
    std::vector<std::string> names;
    for (entry const& e : registry::instance().entries()) {
        try {
            if (make(e))
                names.push_back(e.name);
        } catch (std::exception const&) { // Does not work here.
        }
    }
    return names;
}

void register_selector(std::string name, selector_factory factory, int preference) {
    registry::instance().add({std::move(name), preference, std::move(factory)});
}

} // namespace boost_selectors
