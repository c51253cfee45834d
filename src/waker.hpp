// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_WAKER_HPP
#define BOOST_SELECTORS_SRC_WAKER_HPP

#include "system.hpp"
#include <boost_selectors/native_handle.hpp>

namespace boost_selectors::detail {

/// A handle that any thread or signal handler can make readable: an eventfd on Linux, a pipe on
/// other POSIX systems, a socket that is connected to itself on Windows. It lives as long as the
/// selector, so that a late signal() hits no stranger.
class waker {
public:
    /// @throws std::system_error if the system has no descriptor left.
    waker();

    /// The one to wait for reading on.
    native_handle_type handle() const noexcept { return read_.get(); }

    void signal() noexcept;

    /// Makes it unreadable again.
    void drain() noexcept;

    /// For the child of a fork: parts from the parent's.
    void recreate(std::error_code& ec) {
        try {
            *this = waker();
            ec.clear();
        } catch (std::system_error const& e) {
            ec = e.code();
        }
    }

private:
    unique_handle read_;
    unique_handle write_; ///< Unused with an eventfd.
};

} // namespace boost_selectors::detail

#endif
