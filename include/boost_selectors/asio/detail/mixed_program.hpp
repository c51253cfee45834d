// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_DETAIL_MIXED_PROGRAM_HPP
#define BOOST_SELECTORS_ASIO_DETAIL_MIXED_PROGRAM_HPP

// Finds a program of which some translation units were compiled with Asio's own reactor: its parts
// would disagree about what an io_context holds. Any part that can make such a reactor has the id
// by which a context knows it, and a weak reference to that costs nothing where there is none.

#include <boost/asio/detail/config.hpp>
#include <stdexcept>

#if (defined(__GNUC__) || defined(__clang__)) && defined(__ELF__) &&                               \
    !defined(BOOST_ASIO_VERSION_NAMESPACE)
#    define BOOST_SELECTORS_FINDS_MIXED_PROGRAMS
#    include <dlfcn.h>
#endif

namespace boost_selectors::detail {

#if defined(BOOST_SELECTORS_FINDS_MIXED_PROGRAMS)

// execution_context_service_base<Service>::id, as the linker knows it
#    define BOOST_SELECTORS_SERVICE_ID(service)                                                    \
        "_ZN5boost4asio6detail30execution_context_service_baseINS1_" service "EE2idE"

#    if defined(BOOST_ASIO_HAS_EPOLL)
#        define BOOST_SELECTORS_FOREIGN_REACTOR BOOST_SELECTORS_SERVICE_ID("13epoll_reactor")
#    elif defined(BOOST_ASIO_HAS_KQUEUE)
#        define BOOST_SELECTORS_FOREIGN_REACTOR BOOST_SELECTORS_SERVICE_ID("14kqueue_reactor")
#    else
#        define BOOST_SELECTORS_FOREIGN_REACTOR BOOST_SELECTORS_SERVICE_ID("14select_reactor")
#    endif
#    define BOOST_SELECTORS_SCHEDULER BOOST_SELECTORS_SERVICE_ID("9scheduler")

// The ids of Asio's own reactor, and of the scheduler, which all parts have.
extern "C" {
extern char const boost_selectors_foreign_reactor __asm__(BOOST_SELECTORS_FOREIGN_REACTOR)
    __attribute__((weak));
extern char const boost_selectors_scheduler __asm__(BOOST_SELECTORS_SCHEDULER)
    __attribute__((weak));
}

/// Whether the two are in one program file or shared library; true if the system can't tell.
inline bool same_module(void const* a, void const* b) noexcept {
    Dl_info one, other;
    return !dladdr(a, &one) || !dladdr(b, &other) || one.dli_fbase == other.dli_fbase;
}

/// Whether the code that brings @p foreign uses functions of ours in the place of its own, or we
/// use its. A shared library does not if this program keeps its symbols to itself: then the first
/// scheduler that the dynamic linker knows is not ours.
inline bool shares_asio_with(void const* foreign) noexcept {
    static char const here = 0;
    if (same_module(&here, foreign))
        return true;
    void const* const first = dlsym(RTLD_DEFAULT, BOOST_SELECTORS_SCHEDULER);
    return !first || first == &boost_selectors_scheduler;
}

inline void check_for_mixed_program() {
    // Through a volatile: a compiler may think that an object always has an address.
    char const* const volatile foreign = &boost_selectors_foreign_reactor;
    if (foreign && shares_asio_with(foreign))
        throw std::logic_error(
            "boost_selectors: parts of this program were compiled with Boost.Asio's own reactor. "
            "Link boost_selectors::asio to every target that includes Boost.Asio.");
}

#    undef BOOST_SELECTORS_SCHEDULER
#    undef BOOST_SELECTORS_FOREIGN_REACTOR
#    undef BOOST_SELECTORS_SERVICE_ID

#else

inline void check_for_mixed_program() noexcept {}

#endif

} // namespace boost_selectors::detail

#endif
