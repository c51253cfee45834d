// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "backends.hpp"
#include <boost_selectors/selectors.hpp>

namespace boost_selectors {

default_selector::default_selector()
    : base_selector(make_backend()) {}

#if defined(BOOST_SELECTORS_HAS_EPOLL)
epoll_selector::epoll_selector()
    : base_selector(detail::make_epoll_backend()) {}
#endif

#if defined(BOOST_SELECTORS_HAS_IO_URING)
io_uring_selector::io_uring_selector()
    : base_selector(detail::make_io_uring_backend()) {}
#endif

#if defined(BOOST_SELECTORS_HAS_IOCP)
iocp_selector::iocp_selector()
    : base_selector(detail::make_iocp_backend()) {}
#endif

#if defined(BOOST_SELECTORS_HAS_KQUEUE)
kqueue_selector::kqueue_selector()
    : base_selector(detail::make_kqueue_backend()) {}
#endif

#if defined(BOOST_SELECTORS_HAS_POLL)
poll_selector::poll_selector()
    : base_selector(detail::make_poll_backend()) {}
#endif

#if defined(BOOST_SELECTORS_HAS_SELECT)
select_selector::select_selector()
    : base_selector(detail::make_select_backend()) {}
#endif

} // namespace boost_selectors
