// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_EPOLL_SELECTOR_HPP
#define BOOST_SELECTORS_EPOLL_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>

namespace boost_selectors {

/// A selector over Linux's epoll(7): the default there.
///
/// Its cost grows with the number of ready handles alone. Level, edge and oneshot triggering.
/// A handle that is closed without having been unregistered falls silent; regular files are
/// refused with EPERM.
///
/// @see https://man7.org/linux/man-pages/man7/epoll.7.html
class BOOST_SELECTORS_DECL epoll_selector final : public base_selector {
public:
    /// @throws std::system_error if the descriptors of epoll or of the wake-up can't be created.
    epoll_selector();
};

} // namespace boost_selectors

#endif
