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

/// A function that makes a backend, or throws. It may be called from any thread.
///
/// While a factory runs, make_backend() on the same thread skips that factory's own entry. So a
/// factory can wrap what `make_backend()` returns, which is then the next-best default, and the
/// wrapper can itself be the default.
using backend_factory = std::function<std::unique_ptr<selector_backend>()>;

/// A function that makes a selector, or throws. It may be called from any thread.
using selector_factory = std::function<std::unique_ptr<base_selector>()>;

/// Makes the default backend.
///
/// If the environment variable BOOST_SELECTORS_BACKEND names a backend, that is the default.
/// Otherwise it is the backend with the highest preference that works here: epoll, kqueue or iocp,
/// then poll, then select, and those that register_selector() added.
///
/// @throws std::system_error error::unknown_backend if the variable's value is not a known name;
///     the message lists the known names. The system's error if the named backend does not work
///     here, or if no backend does.
/// @par Thread safety
/// May be called from any thread at any time.
[[nodiscard]] BOOST_SELECTORS_DECL std::unique_ptr<selector_backend> make_backend();

/// Makes the backend that is called @p name.
///
/// @param name the name of a built-in backend ("epoll", "poll", "select", "io_uring", ...), or a
///     name that was passed to register_selector(); "default" is the same as make_backend().
/// @throws std::system_error error::unknown_backend, with the known names in the message, if there
///     is no such backend; the system's error if the backend does not work here.
[[nodiscard]] BOOST_SELECTORS_DECL std::unique_ptr<selector_backend> make_backend(
    std::string_view name);

/// Makes a selector on the default backend.
/// @throws std::system_error as make_backend().
[[nodiscard]] BOOST_SELECTORS_DECL std::unique_ptr<base_selector> make_selector();

/// Makes a selector on the backend that is called @p name.
/// @param name as for make_backend().
/// @throws std::system_error as make_backend().
[[nodiscard]] BOOST_SELECTORS_DECL std::unique_ptr<base_selector> make_selector(
    std::string_view name);

/// Makes a selector of type T, or a selector on a backend of type T.
///
/// Passes @p args to T's constructor, and throws what that constructor throws.
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

/// Returns the names of the backends that work here, the most preferred first. To find out, makes
/// one of each.
/// @par Thread safety
/// May be called from any thread at any time.
BOOST_SELECTORS_DECL std::vector<std::string> available_selectors();

/// Registers a backend under a name. Then make_selector(), make_backend() and the environment
/// variable accept the name.
///
/// @param name not empty, not "default", and not in use.
/// @param factory makes a backend, or throws. It may be called from any thread.
/// @param preference the default is the working backend with the highest preference. epoll, kqueue
///     and iocp have 300, poll has 200, select 100, io_uring 0. A backend with a preference of 0 or
///     less is used only if it is named.
/// @throws std::system_error errc::invalid_argument if the name is empty or "default", or the
///     factory is empty; error::already_registered if the name is in use.
/// @par Thread safety
/// May be called from any thread at any time. Existing selectors and contexts keep their backends.
BOOST_SELECTORS_DECL void register_selector(
    std::string name, backend_factory factory, int preference = 0);

} // namespace boost_selectors

#endif
