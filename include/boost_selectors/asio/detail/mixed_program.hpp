// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_DETAIL_MIXED_PROGRAM_HPP
#define BOOST_SELECTORS_ASIO_DETAIL_MIXED_PROGRAM_HPP

// Finds a program of which some translation units were compiled with Asio's own reactor: its parts
// would disagree about what an io_context holds. Any part that can make such a reactor brings its
// virtual table along, and a weak reference to that costs nothing where there is none.

#include <boost/asio/detail/config.hpp>
#include <stdexcept>

#if (defined(__GNUC__) || defined(__clang__)) && defined(__ELF__) &&                               \
    !defined(BOOST_ASIO_VERSION_NAMESPACE)
#    define BOOST_SELECTORS_FINDS_MIXED_PROGRAMS
#endif

namespace boost_selectors::detail {

#if defined(BOOST_SELECTORS_FINDS_MIXED_PROGRAMS)

extern "C" {
#    if defined(BOOST_ASIO_HAS_EPOLL)
extern char const boost_selectors_foreign_reactor __asm__("_ZTVN5boost4asio6detail13epoll_reactorE")
    __attribute__((weak));
#    elif defined(BOOST_ASIO_HAS_KQUEUE)
extern char const boost_selectors_foreign_reactor __asm__(
    "_ZTVN5boost4asio6detail14kqueue_reactorE") __attribute__((weak));
#    else
extern char const boost_selectors_foreign_reactor __asm__(
    "_ZTVN5boost4asio6detail14select_reactorE") __attribute__((weak));
#    endif
}

inline void check_for_mixed_program() {
    // Through a volatile: a compiler may think that an object always has an address.
    char const* const volatile foreign = &boost_selectors_foreign_reactor;
    if (foreign)
        throw std::logic_error(
            "boost_selectors: parts of this program were compiled with Boost.Asio's own reactor. "
            "Link boost_selectors::asio to every target that includes Boost.Asio.");
}

#else

inline void check_for_mixed_program() noexcept {}

#endif

} // namespace boost_selectors::detail

#endif
