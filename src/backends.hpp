// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_BACKENDS_HPP
#define BOOST_SELECTORS_SRC_BACKENDS_HPP

#include <boost_selectors/selector_backend.hpp>
#include <memory>

namespace boost_selectors::detail {

// Make the built-in backends. Each function is defined if the system has the backend, and throws if
// the backend does not work on this machine.

std::unique_ptr<selector_backend> make_epoll_backend();
std::unique_ptr<selector_backend> make_io_uring_backend();
std::unique_ptr<selector_backend> make_iocp_backend();
std::unique_ptr<selector_backend> make_kqueue_backend();
std::unique_ptr<selector_backend> make_poll_backend();
std::unique_ptr<selector_backend> make_select_backend();

} // namespace boost_selectors::detail

#endif
