// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_FORK_GENERATION_HPP
#define BOOST_SELECTORS_SRC_FORK_GENERATION_HPP

namespace boost_selectors::detail {

/// A number that differs between a process and its children by fork(): tells whether what the
/// kernel shares between them (an epoll set, a ring) was made by this process.
int fork_generation() noexcept;

} // namespace boost_selectors::detail

#endif
