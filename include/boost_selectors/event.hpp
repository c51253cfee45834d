// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_EVENT_HPP
#define BOOST_SELECTORS_EVENT_HPP

#include <boost_selectors/config.hpp>
#include <cstdint>
#include <iosfwd>

namespace boost_selectors {

/// What a handle can be ready for; a bitmask.
///
/// Errors and hang-ups have no bit. A handle with an error or a hang-up is reported with every
/// event that was wanted, so that the program finds out when it reads or writes (see
/// ready_event::hang_up and ready_event::error).
enum class event : std::uint8_t {
    none = 0,    ///< No event. A handle can't be registered for it.
    read = 1,    ///< Data, a connection to accept, or end of file can be read without blocking.
    write = 2,   ///< Something can be written without blocking, or a connect has ended.
    priority = 4 ///< Urgent (out-of-band) data, as poll(2) reports it by POLLPRI.
};

/// Returns the events that are in @p a or in @p b.
constexpr event operator|(event a, event b) noexcept {
    return static_cast<event>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

/// Returns the events that are in both @p a and @p b.
constexpr event operator&(event a, event b) noexcept {
    return static_cast<event>(static_cast<unsigned>(a) & static_cast<unsigned>(b));
}

/// Returns the events that are not in @p e.
constexpr event operator~(event e) noexcept {
    return static_cast<event>(~static_cast<unsigned>(e) & 7u);
}

/// Adds the events of @p b to @p a.
constexpr event& operator|=(event& a, event b) noexcept {
    return a = a | b;
}

/// Removes the events that are not in @p b from @p a.
constexpr event& operator&=(event& a, event b) noexcept {
    return a = a & b;
}

/// Returns whether @p set and @p events have an event in common.
constexpr bool has(event set, event events) noexcept {
    return (set & events) != event::none;
}

/// All events.
inline constexpr event all_events = event::read | event::write | event::priority;

/// Prints the events' names, such as "read|write"; "none" for no event.
BOOST_SELECTORS_DECL std::ostream& operator<<(std::ostream& out, event e);

} // namespace boost_selectors

#endif
