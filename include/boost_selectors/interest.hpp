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
    level,  ///< By every select() while the handle is ready. Every selector supports it.
    edge,   ///< Once each time something new happens. Read or write until it would block.
    oneshot ///< Once; then not at all until modify() arms it again.
};

/// The events that are wanted of a handle, and the trigger by which they are reported.
///
/// @par Example
/// @code
/// selector.register_handle(socket, event::read);
/// selector.modify(socket, {event::read | event::write, trigger::oneshot});
/// @endcode
struct interest {
    event events; ///< The events. To register a handle, at least one is needed.
    trigger mode; ///< The trigger of all these events.

    /// Converts one or more events to an interest. The conversion is implicit, so an event can be
    /// passed where an interest is expected.
    constexpr interest(event wanted, trigger how = trigger::level) noexcept
        : events(wanted)
        , mode(how) {}

    /// @{
    /// Compares events and triggers.
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
