// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_DETAIL_MIXED_PROGRAM_HPP
#define BOOST_SELECTORS_ASIO_DETAIL_MIXED_PROGRAM_HPP

// Detects a program in which some translation units were compiled with one of Asio's own reactors.
// The parts of such a program disagree about the contents of an io_context (an ODR violation).
// Every part that can make one of Asio's reactors contains the service id of that reactor. A weak
// reference to the id costs nothing if the id does not exist.

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

// The linker's name of execution_context_service_base<Service>::id
#    define BOOST_SELECTORS_SERVICE_ID(service)                                                    \
        "_ZN5boost4asio6detail30execution_context_service_baseINS1_" service "EE2idE"

extern "C" {
// The ids of Asio's own reactors.
extern char const boost_selectors_epoll_reactor __asm__(
    BOOST_SELECTORS_SERVICE_ID("13epoll_reactor")) __attribute__((weak));
extern char const boost_selectors_kqueue_reactor __asm__(
    BOOST_SELECTORS_SERVICE_ID("14kqueue_reactor")) __attribute__((weak));
extern char const boost_selectors_select_reactor __asm__(
    BOOST_SELECTORS_SERVICE_ID("14select_reactor")) __attribute__((weak));
#    if !defined(BOOST_ASIO_HAS_IO_URING)
// If it exists, another part contains it: this part is compiled without io_uring.
extern char const boost_selectors_io_uring_service __asm__(
    BOOST_SELECTORS_SERVICE_ID("16io_uring_service")) __attribute__((weak));
#    endif
// The id of the scheduler, which all parts contain.
extern char const boost_selectors_scheduler __asm__(BOOST_SELECTORS_SERVICE_ID("9scheduler"))
    __attribute__((weak));
}

namespace boost_selectors::detail {

struct foreign_reactor {
    char const* id; ///< Null if it does not exist.
    char const* symbol;
    char const* virtual_table;
};

/// Returns whether both addresses are in the same program file or shared library; true if unknown.
inline bool same_module(void const* a, void const* b) noexcept {
    Dl_info one, other;
    return !dladdr(a, &one) || !dladdr(b, &other) || one.dli_fbase == other.dli_fbase;
}

/// Returns whether the code that contains @p foreign uses Asio functions of this module instead of
/// its own, or this module uses functions of that code. Neither is the case for a shared library if
/// this program does not export its own symbols: then the first scheduler that the dynamic linker
/// finds is not this module's.
/// @param here any address in the calling module.
inline bool shares_asio_with(foreign_reactor const& foreign, void const* here) noexcept {
    // An id that dlsym() finds may belong to a shared library, and this program has a copy of it.
    if (same_module(here, foreign.id) && dlsym(RTLD_DEFAULT, foreign.symbol) != foreign.id)
        return true;
    void const* const first = dlsym(RTLD_DEFAULT, BOOST_SELECTORS_SERVICE_ID("9scheduler"));
    return !first || first == &boost_selectors_scheduler;
}

/// Returns the program file or shared library that contains @p foreign; empty if unknown.
inline std::string module_with(foreign_reactor const& foreign) {
    // An exported id may be the program's copy of a library's id. A virtual table is not copied.
    void const* where = foreign.id;
    if (dlsym(RTLD_DEFAULT, foreign.symbol) == where)
        if (void const* const table = dlsym(RTLD_DEFAULT, foreign.virtual_table))
            where = table;
    Dl_info info;
    return dladdr(where, &info) && info.dli_fname ? info.dli_fname : "";
}

/// Returns the error message: what is wrong, in which file, and how to correct it.
inline std::string describe(foreign_reactor const& foreign) {
    std::string text =
        "boost_selectors: parts of this program were compiled with Boost.Asio's own reactor";
    if (std::string const file = module_with(foreign); !file.empty())
        text += ", in " + file;
    text +=
        ". Link boost_selectors::asio to every target that includes Boost.Asio, also to static "
        "libraries: CMake's boost_selectors_check() names the object files. If a shared "
        "library can't be rebuilt, a linker version script keeps it apart: see \"Libraries with "
        "an Asio of their own\" in the documentation.";
    return text;
}

/// @throws std::logic_error if the program is mixed.
inline bool check_for_mixed_program(void const* here) {
    // Volatile, because a compiler may assume that the address of an object is never null.
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

// Each translation unit runs the check, before main(), so that the result does not depend on the
// part from which the linker takes Asio's functions.
[[maybe_unused]] static bool const checked_for_mixed_program =
    check_for_mixed_program(&checked_for_mixed_program);

} // namespace boost_selectors::detail

#    undef BOOST_SELECTORS_SERVICE_ID

#endif

#endif
