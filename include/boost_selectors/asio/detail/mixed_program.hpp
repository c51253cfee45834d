// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_DETAIL_MIXED_PROGRAM_HPP
#define BOOST_SELECTORS_ASIO_DETAIL_MIXED_PROGRAM_HPP

// Finds a program of which some translation units were compiled with a reactor of Asio's own: its
// parts would disagree about what an io_context holds. Any part that can make such a reactor has
// the id by which a context knows it, and a weak reference to that costs nothing where there is
// none.

#include <boost/asio/detail/config.hpp>
#include <boost/asio/detail/throw_exception.hpp>
#include <stdexcept>
#include <string>

#if (defined(__GNUC__) || defined(__clang__)) && defined(__ELF__) &&                               \
    !defined(BOOST_ASIO_VERSION_NAMESPACE)
#    define BOOST_SELECTORS_FINDS_MIXED_PROGRAMS
#    include <dlfcn.h>
#endif

#if defined(BOOST_SELECTORS_FINDS_MIXED_PROGRAMS)

// execution_context_service_base<Service>::id, as the linker knows it
#    define BOOST_SELECTORS_SERVICE_ID(service)                                                    \
        "_ZN5boost4asio6detail30execution_context_service_baseINS1_" service "EE2idE"

extern "C" {
// Those of Asio's own reactors.
extern char const boost_selectors_epoll_reactor __asm__(
    BOOST_SELECTORS_SERVICE_ID("13epoll_reactor")) __attribute__((weak));
extern char const boost_selectors_kqueue_reactor __asm__(
    BOOST_SELECTORS_SERVICE_ID("14kqueue_reactor")) __attribute__((weak));
extern char const boost_selectors_select_reactor __asm__(
    BOOST_SELECTORS_SERVICE_ID("14select_reactor")) __attribute__((weak));
#    if !defined(BOOST_ASIO_HAS_IO_URING)
// Somebody else's: this part has none.
extern char const boost_selectors_io_uring_service __asm__(
    BOOST_SELECTORS_SERVICE_ID("16io_uring_service")) __attribute__((weak));
#    endif
// That of the scheduler, which all parts have.
extern char const boost_selectors_scheduler __asm__(BOOST_SELECTORS_SERVICE_ID("9scheduler"))
    __attribute__((weak));
}

namespace boost_selectors::detail {

struct foreign_reactor {
    char const* id; ///< Null where there is none.
    char const* symbol;
    char const* virtual_table;
};

/// Whether the two are in one program file or shared library; true if unknown.
inline bool same_module(void const* a, void const* b) noexcept {
    Dl_info one, other;
    return !dladdr(a, &one) || !dladdr(b, &other) || one.dli_fbase == other.dli_fbase;
}

/// Whether the code that brings @p foreign uses functions of ours in the place of its own, or we
/// use its. A shared library does not if this program keeps its symbols to itself: then the first
/// scheduler that the dynamic linker knows is not ours.
/// @param here anything in the module that asks.
inline bool shares_asio_with(foreign_reactor const& foreign, void const* here) noexcept {
    // What is found by its name may be a shared library's, of which this program has a copy.
    if (same_module(here, foreign.id) && dlsym(RTLD_DEFAULT, foreign.symbol) != foreign.id)
        return true;
    void const* const first = dlsym(RTLD_DEFAULT, BOOST_SELECTORS_SERVICE_ID("9scheduler"));
    return !first || first == &boost_selectors_scheduler;
}

/// The program file or shared library that brings @p foreign; empty if unknown.
inline std::string module_with(foreign_reactor const& foreign) {
    // An id that all see may be the program's copy of a library's. A virtual table is not copied.
    void const* where = foreign.id;
    if (dlsym(RTLD_DEFAULT, foreign.symbol) == where)
        if (void const* const table = dlsym(RTLD_DEFAULT, foreign.virtual_table))
            where = table;
    Dl_info info;
    return dladdr(where, &info) && info.dli_fname ? info.dli_fname : "";
}

/// What is wrong, where, and what helps.
inline std::string describe(foreign_reactor const& foreign) {
    std::string text =
        "boost_selectors: parts of this program were compiled with Boost.Asio's own reactor";
    if (std::string const file = module_with(foreign); !file.empty())
        text += ", in " + file;
    text +=
        ". Link boost_selectors::asio to every target that includes Boost.Asio. If a shared "
        "library can't be rebuilt, a linker version script keeps it apart: see \"Libraries with "
        "an Asio of their own\" in the documentation.";
    return text;
}

/// @throws std::logic_error if it finds one.
inline bool check_for_mixed_program(void const* here) {
    // Volatile: a compiler may think that an object always has an address.
#    define BOOST_SELECTORS_FOREIGN(id, service)                                                   \
        {&id, BOOST_SELECTORS_SERVICE_ID(service), "_ZTVN5boost4asio6detail" service "E"}
    foreign_reactor const volatile reactors[] = {
        BOOST_SELECTORS_FOREIGN(boost_selectors_epoll_reactor, "13epoll_reactor"),
#    if !defined(BOOST_ASIO_HAS_IO_URING)
        BOOST_SELECTORS_FOREIGN(boost_selectors_io_uring_service, "16io_uring_service"),
#    endif
        BOOST_SELECTORS_FOREIGN(boost_selectors_kqueue_reactor, "14kqueue_reactor"),
        BOOST_SELECTORS_FOREIGN(boost_selectors_select_reactor, "14select_reactor")
    };
#    undef BOOST_SELECTORS_FOREIGN
    for (auto const& reactor : reactors) {
        foreign_reactor const foreign{reactor.id, reactor.symbol, reactor.virtual_table};
        if (foreign.id && shares_asio_with(foreign, here))
            boost::asio::detail::throw_exception(std::logic_error(describe(foreign)));
    }
    return true;
}

// In each translation unit, before main(): it must not depend on which part the linker takes Asio's
// functions from.
[[maybe_unused]] static bool const checked_for_mixed_program =
    check_for_mixed_program(&checked_for_mixed_program);

} // namespace boost_selectors::detail

#    undef BOOST_SELECTORS_SERVICE_ID

#endif

#endif
