// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_MAKE_SELECTOR_HPP
#define BOOST_SELECTORS_MAKE_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>
#include <boost_selectors/config.hpp>
#include <boost_selectors/selector_backend.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace boost_selectors {

/// Makes a backend, or throws. May be called from any thread.
///
/// While it runs, make_backend() on the same thread skips its entry. So a factory that wraps
/// `make_backend()` gets the next-best default, and the wrapper can itself be the default.
using backend_factory = std::function<std::unique_ptr<selector_backend>()>;

/// Makes a selector, or throws. May be called from any thread.
using selector_factory = std::function<std::unique_ptr<base_selector>()>;

/// Makes the default backend: the one that the environment variable BOOST_SELECTORS_BACKEND
/// names, else the one of the highest preference that works here (epoll, kqueue or iocp, then
/// poll, then select, and what register_selector() added).
///
/// @throws std::system_error error::unknown_backend if the variable names none: the message lists
///     the known names. The system's error if the named one does not work here, or if none does.
/// @par Thread safety
/// Any thread, at any time.
[[nodiscard]] BOOST_SELECTORS_DECL std::unique_ptr<selector_backend> make_backend();

/// Makes the backend of that name.
///
/// @param name a built-in one ("epoll", "poll", "select", "io_uring", ...), or a name given to
///     register_selector(); "default" is make_backend().
/// @throws std::system_error error::unknown_backend, with the known names in the message; the
///     system's error if that backend does not work here.
[[nodiscard]] BOOST_SELECTORS_DECL std::unique_ptr<selector_backend> make_backend(
    std::string_view name);

/// Makes a selector on the default backend. @throws std::system_error as make_backend().
[[nodiscard]] BOOST_SELECTORS_DECL std::unique_ptr<base_selector> make_selector();

/// Makes a selector on the backend of that name.
/// @param name as for make_backend().
/// @throws std::system_error as make_backend().
[[nodiscard]] BOOST_SELECTORS_DECL std::unique_ptr<base_selector> make_selector(
    std::string_view name);

/// Makes a selector of type T, or on a backend of type T, by T's constructor.
///
/// Throws what that constructor throws.
/// @par Example
/// `auto selector = make_selector(std::in_place_type<my_backend>, 42);`
template <class T, class... Args,
    class = std::enable_if_t<std::is_base_of_v<base_selector, T> ||
                             std::is_base_of_v<selector_backend, T>>>
[[nodiscard]] std::unique_ptr<base_selector> make_selector(
    std::in_place_type_t<T>, Args&&... args) {
    if constexpr (std::is_base_of_v<base_selector, T>)
        return std::make_unique<T>(std::forward<Args>(args)...);
    else
        return std::make_unique<base_selector>(std::make_unique<T>(std::forward<Args>(args)...));
}

/// Returns the names of the backends that work here, the most preferred first. Tries each by
/// making one.
/// @par Thread safety
/// Any thread, at any time.
BOOST_SELECTORS_DECL std::vector<std::string> available_selectors();

/// Adds a backend under a name, for make_selector(), make_backend() and the environment variable.
///
/// @param name not empty, not "default", and not in use.
/// @param factory makes a backend, or throws; called from any thread.
/// @param preference the default is the working backend with the highest one: epoll, kqueue and
///     iocp have 300, poll 200, select 100, io_uring 0. A backend with 0 or less is used by name
///     only.
/// @throws std::system_error errc::invalid_argument for a bad name or an empty factory,
///     error::already_registered for a name in use.
/// @par Thread safety
/// Any thread, at any time. Contexts and selectors that exist already keep what they have.
BOOST_SELECTORS_DECL void register_selector(
    std::string name, backend_factory factory, int preference = 0);

} // namespace boost_selectors

#endif
