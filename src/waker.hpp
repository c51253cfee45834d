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
/// selector, so that a late signal() can't write to another file that has got the same number.
class waker {
public:
    /// @throws std::system_error if the system has no descriptor left.
    waker() {
        std::error_code ec;
        open(ec);
        if (ec)
            throw std::system_error(ec, "the descriptor of the wake-up");
    }

    /// Returns the handle that signal() makes readable.
    native_handle_type handle() const noexcept { return read_.get(); }

    void signal() noexcept;

    /// Makes the handle unreadable again. @return whether it was readable.
    bool drain() noexcept;

    /// Closes the handle. From now on signal() and drain() have no effect.
    void close() noexcept {
        read_.reset();
        write_.reset();
    }

    /// Creates the handle, for the constructor or after close(). On failure there is no handle.
    void open(std::error_code& ec) noexcept;

private:
    unique_handle read_;
    unique_handle write_; ///< Used only with a pipe.
};

} // namespace boost_selectors::detail

#endif
