// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_FORK_EVENT_HPP
#define BOOST_SELECTORS_FORK_EVENT_HPP

namespace boost_selectors {

/// The argument of base_selector::notify_fork(). The names are those of Asio.
/// @see boost::asio::execution_context::fork_event
enum class fork_event {
    prepare, ///< The process is about to fork.
    parent,  ///< The process has forked, or the fork has failed, and this is the parent.
    child    ///< The process has forked, and this is the child.
};

} // namespace boost_selectors

#endif
