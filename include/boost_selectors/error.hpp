// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ERROR_HPP
#define BOOST_SELECTORS_ERROR_HPP

#include <boost_selectors/config.hpp>
#include <system_error>

namespace boost_selectors {

/// The errors that the library itself reports. Errors of the system are passed on unchanged, in
/// `std::system_category()`.
enum class error {
    already_registered = 1, ///< The handle is already registered; its registration is unchanged.
    not_registered,         ///< The handle is not registered with this selector.
    invalid_events,         ///< No event, an unknown event, or an unknown trigger.
    invalid_handle,         ///< A negative handle, or an object whose handle is closed.
    closed,                 ///< The selector has been closed.
    unsupported_trigger,    ///< The selector does not support the trigger; see capabilities.
    unsupported_event,      ///< The selector does not support the event; see capabilities.
    limit_reached,          ///< The selector can hold no more handles, or can't hold this one.
    already_selecting,      ///< Another select() on this selector is in progress.
    unknown_backend,        ///< No backend has that name.
    forked,                 ///< This is a child process in which notify_fork() was not called.
    backend_failed          ///< The backend threw an exception that holds no error code.
};

/// Returns the category of boost_selectors::error; its name is "boost_selectors".
BOOST_SELECTORS_DECL std::error_category const& selectors_category() noexcept;

/// Returns @p e as a `std::error_code`. This is what makes an error convert to a `std::error_code`
/// implicitly, and compare equal to one.
inline std::error_code make_error_code(error e) noexcept {
    return {static_cast<int>(e), selectors_category()};
}

namespace detail {

/// Throws a `std::system_error`. It is compiled into the library, so that programs without
/// exceptions can include the headers.
[[noreturn]] BOOST_SELECTORS_DECL void throw_error(std::error_code ec, char const* what);

} // namespace detail
} // namespace boost_selectors

/// @cond
template <>
struct std::is_error_code_enum<boost_selectors::error> : std::true_type {};
/// @endcond

#endif
