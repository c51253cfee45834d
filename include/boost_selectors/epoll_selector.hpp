// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_EPOLL_SELECTOR_HPP
#define BOOST_SELECTORS_EPOLL_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>

namespace boost_selectors {

/// A selector over epoll(7): the default on Linux.
///
/// The cost of a wait grows only with the number of ready handles. It supports level, edge and
/// oneshot triggering. A handle that is closed before it is unregistered is no longer reported.
/// For regular files, register_handle() fails with EPERM.
///
/// @see https://man7.org/linux/man-pages/man7/epoll.7.html
class BOOST_SELECTORS_DECL epoll_selector final : public base_selector {
public:
    /// Makes a selector with nothing registered.
    /// @throws std::system_error if the descriptors for epoll or for wakeup() can't be created.
    epoll_selector();
};

} // namespace boost_selectors

#endif
