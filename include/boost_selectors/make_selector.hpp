// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_MAKE_SELECTOR_HPP
#define BOOST_SELECTORS_MAKE_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace boost_selectors {

/// Makes a selector, or throws. May be called from any thread.
///
/// While it runs, the selectors of its name are unknown to its thread. So make_selector() within it
/// gives the default but for its own: a selector that wraps the default one can be the default one.
using selector_factory = std::function<std::unique_ptr<base_selector>()>;

/// Makes the default selector: the one that the environment variable BOOST_SELECTORS_BACKEND
/// names, else the one of the highest preference that works here (epoll, kqueue or iocp, then
/// poll, then select, and what register_selector() added).
///
/// @throws std::system_error error::unknown_backend if the variable names none: the message lists
///     those there are. The system's error if the named one does not work here, or if none does.
/// @par Thread safety
/// Any thread, at any time.
[[nodiscard]] BOOST_SELECTORS_DECL std::unique_ptr<base_selector> make_selector();

/// Makes the selector of that name.
///
/// @param name one of ours ("epoll", "poll", "select", "io_uring", ...), or a name given to
///     register_selector(); "default" is make_selector().
/// @throws std::system_error error::unknown_backend, with the known names in the message; the
///     system's error if that selector does not work here.
[[nodiscard]] BOOST_SELECTORS_DECL std::unique_ptr<base_selector> make_selector(
    std::string_view name);

/// The names of the selectors that work here, tried out by making each; the best first.
/// @par Thread safety
/// Any thread, at any time.
BOOST_SELECTORS_DECL std::vector<std::string> available_selectors();

/// Adds a selector under a name of its own, for make_selector() and for the environment variable.
///
/// @param name not empty, not "default", and not in use.
/// @param factory makes one, or throws; called from any thread.
/// @param preference the default is the working selector with the highest one: epoll, kqueue and
///     iocp have 300, poll 200, select 100, io_uring 0. A selector with 0 or less is used by name
///     only.
/// @throws std::system_error errc::invalid_argument for a bad name or an empty factory,
///     error::already_registered for a name in use.
/// @par Thread safety
/// Any thread, at any time. Contexts and selectors that exist already keep what they have.
BOOST_SELECTORS_DECL void register_selector(
    std::string name, selector_factory factory, int preference = 0);

} // namespace boost_selectors

#endif
