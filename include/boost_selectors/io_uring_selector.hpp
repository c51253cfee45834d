// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_IO_URING_SELECTOR_HPP
#define BOOST_SELECTORS_IO_URING_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>

namespace boost_selectors {

/// A selector over Linux's io_uring(7), by poll requests: used by name only.
///
/// Changes are submitted together with the wait. Its cost grows with the number of ready handles
/// alone. Level, edge and oneshot triggering.
///
/// A pending poll request keeps the file open. A handle that is closed without having been
/// unregistered may be reported once more, and its peer learns of the close only when it is
/// unregistered. In a thread other than the one that selected last, unregister() waits until the
/// kernel has had that thread release the file, at most a tenth of a second.
///
/// The kernel ties what it watches to the thread that asked for it. When another thread selects
/// than before, all requests are made again: a selector whose threads take turns costs by the
/// number of its handles. A thread that has selected may see EINTR from other system calls that
/// block, as by a signal.
///
/// Needs Linux 5.13.
///
/// @see https://man7.org/linux/man-pages/man7/io_uring.7.html
class BOOST_SELECTORS_DECL io_uring_selector final : public base_selector {
public:
    /// @throws std::system_error if the kernel has no io_uring (ENOSYS), or forbids it to this
    ///     process (EPERM), or has no memory or descriptor left; errc::not_supported if the library
    ///     was built without liburing.
    io_uring_selector();
};

} // namespace boost_selectors

#endif
