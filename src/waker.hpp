// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_WAKER_HPP
#define BOOST_SELECTORS_SRC_WAKER_HPP

#include "system.hpp"
#include <boost_selectors/native_handle.hpp>
#include <system_error>

namespace boost_selectors::detail {

/// A handle that any thread or signal handler can make readable: an eventfd on Linux, a pipe on
/// other POSIX systems, a socket that is connected to itself on Windows. It lives as long as the
/// selector, so that a late signal() hits no stranger.
class waker {
public:
    /// @throws std::system_error if the system has no descriptor left.
    waker() {
        std::error_code ec;
        open(ec);
        if (ec)
            throw std::system_error(ec, "the descriptor of the wake-up");
    }

    /// The one to wait for reading on.
    native_handle_type handle() const noexcept { return read_.get(); }

    void signal() noexcept;

    /// Makes it unreadable again. @return whether it was readable.
    bool drain() noexcept;

    /// From now on signal() and drain() do nothing.
    void close() noexcept {
        read_.reset();
        write_.reset();
    }

    /// Creates another one after close(). On failure there is none.
    void open(std::error_code& ec) noexcept;

private:
    unique_handle read_;
    unique_handle write_; ///< Unused with an eventfd.
};

} // namespace boost_selectors::detail

#endif
