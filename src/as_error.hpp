// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_AS_ERROR_HPP
#define BOOST_SELECTORS_SRC_AS_ERROR_HPP

#include <boost_selectors/error.hpp>
#include <new>
#include <system_error>

#if defined(__GLIBC__)
#    include <cxxabi.h>
#endif

namespace boost_selectors::detail {

/// Calls @p function, and converts its exception to an error code. The forms with an error_code use
/// it for exceptions of a backend.
template <class F>
void as_error(std::error_code& ec, F function) {
    try {
        function();
#if defined(__GLIBC__)
    } catch (abi::__forced_unwind const&) { // pthread_cancel(3) is ending the thread.
        throw;
#endif
    } catch (std::system_error const& e) {
        ec = e.code() ? e.code() : error::backend_failed;
    } catch (std::bad_alloc const&) {
        ec = std::make_error_code(std::errc::not_enough_memory);
    } catch (...) {
        ec = error::backend_failed;
    }
}

} // namespace boost_selectors::detail

#endif
