// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_DESCRIPTOR_LIMIT_HPP
#define BOOST_SELECTORS_TEST_DESCRIPTOR_LIMIT_HPP

#include <algorithm>
#include <boost_selectors/test/support.hpp>
#include <boost_selectors/test/test_list.hpp>
#if !defined(_WIN32)
#    include <sys/resource.h>
#endif

namespace boost_selectors::test {

#if defined(_WIN32) // It has no such limit.

class descriptor_limit {
public:
    explicit descriptor_limit(std::size_t limit) noexcept
        : value_(limit) {}
    std::size_t value() const noexcept { return value_; }

private:
    std::size_t value_;
};

namespace needs {

inline constexpr requirement many_descriptors{[](base_selector&) { return true; }, ""};

} // namespace needs

#else

/// Changes the limit on this process's descriptors, and restores it in the destructor.
class descriptor_limit {
public:
    /// @param limit reduced to the hard limit if it is higher.
    explicit descriptor_limit(rlim_t limit) {
        checked(::getrlimit(RLIMIT_NOFILE, &old_), "getrlimit");
        rlimit changed = old_;
        changed.rlim_cur = std::min(limit, old_.rlim_max);
        checked(::setrlimit(RLIMIT_NOFILE, &changed), "setrlimit");
        value_ = changed.rlim_cur;
    }
    ~descriptor_limit() { ::setrlimit(RLIMIT_NOFILE, &old_); }
    descriptor_limit(descriptor_limit const&) = delete;
    descriptor_limit& operator=(descriptor_limit const&) = delete;

    rlim_t value() const noexcept { return value_; }

private:
    rlimit old_{};
    rlim_t value_ = 0;
};

namespace needs {

inline bool many_descriptors_allowed(base_selector&) {
    rlimit limit;
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_max >= 1500;
}
inline constexpr requirement many_descriptors{
    &many_descriptors_allowed, "this process may not have enough descriptors"};

} // namespace needs

#endif

} // namespace boost_selectors::test

#endif
