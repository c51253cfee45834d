// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_FORK_EVENT_HPP
#define BOOST_SELECTORS_FORK_EVENT_HPP

namespace boost_selectors {

/// What base_selector::notify_fork() is told. The names are those of Asio.
/// @see boost::asio::execution_context::fork_event
enum class fork_event {
    prepare, ///< The process is about to fork.
    parent,  ///< It has forked, or failed to, and this is the parent.
    child    ///< It has forked, and this is the child.
};

} // namespace boost_selectors

#endif
