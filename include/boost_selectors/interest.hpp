// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_INTEREST_HPP
#define BOOST_SELECTORS_INTEREST_HPP

#include <boost_selectors/event.hpp>
#include <cstdint>

namespace boost_selectors {

/// When a ready handle is reported.
enum class trigger : std::uint8_t {
    level,  ///< By every select() as long as it is ready. The one that every selector has.
    edge,   ///< Once each time something new happens; the owner reads until it would block.
    oneshot ///< Once; then not at all until modify() arms it again.
};

/// What is wanted of a handle: some events, and how they are to be reported.
///
/// @par Example
/// @code
/// selector.register_handle(socket, event::read);
/// selector.modify(socket, {event::read | event::write, trigger::oneshot});
/// @endcode
struct interest {
    event events; ///< At least one of them is needed to register a handle.
    trigger mode; ///< The same for all of the events.

    /// From an event, or several: so an event can stand where an interest is asked for.
    constexpr interest(event wanted, trigger how = trigger::level) noexcept
        : events(wanted)
        , mode(how) {}

    /// @{
    /// Whether events and trigger are the same.
    friend constexpr bool operator==(interest const& a, interest const& b) noexcept {
        return a.events == b.events && a.mode == b.mode;
    }
    friend constexpr bool operator!=(interest const& a, interest const& b) noexcept {
        return !(a == b);
    }
    /// @}
};

/// Prints the trigger's name, such as "edge".
BOOST_SELECTORS_DECL std::ostream& operator<<(std::ostream& out, trigger mode);

/// Prints events and trigger, such as "read|write (edge)"; level triggering is not mentioned.
BOOST_SELECTORS_DECL std::ostream& operator<<(std::ostream& out, interest wanted);

} // namespace boost_selectors

#endif
