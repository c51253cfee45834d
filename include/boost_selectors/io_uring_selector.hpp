// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_IO_URING_SELECTOR_HPP
#define BOOST_SELECTORS_IO_URING_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>

namespace boost_selectors {

/// A selector over Linux's io_uring(7), by poll requests. It is never chosen by default, only by
/// name.
///
/// Changes are submitted together with the wait. The cost of a wait grows only with the number of
/// ready handles. It supports level, edge and oneshot triggering.
///
/// A pending poll request keeps the file open. So a handle that is closed before it is unregistered
/// may be reported once more, and its peer sees the close only after unregister(). If unregister()
/// is called in another thread than the last select(), it waits until the kernel has released the
/// file in the thread of that select(), for at most a tenth of a second.
///
/// The kernel ties a poll request to the thread that made it. If another thread than the last time
/// calls select(), all requests are made again. So if threads take turns in select(), the cost of a
/// wait grows with the number of registered handles. In a thread that has called select(), other
/// blocking system calls may fail with EINTR, as after a signal.
///
/// Needs Linux 5.13.
///
/// @see https://man7.org/linux/man-pages/man7/io_uring.7.html
class BOOST_SELECTORS_DECL io_uring_selector final : public base_selector {
public:
    /// Makes a selector with nothing registered.
    /// @throws std::system_error if the kernel has no io_uring (ENOSYS), forbids it to this process
    ///     (EPERM), or has no memory or descriptor left; errc::not_supported if the library was
    ///     built without liburing.
    io_uring_selector();
};

} // namespace boost_selectors

#endif
