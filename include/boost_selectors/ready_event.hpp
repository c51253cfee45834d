// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_READY_EVENT_HPP
#define BOOST_SELECTORS_READY_EVENT_HPP

#include <boost_selectors/selector_key.hpp>
#include <cstddef>

namespace boost_selectors {

/// One handle that select() found ready.
struct ready_event {
    /// The handle's registration as it was when select() returned. A later modify() by the thread
    /// that called select() changes it.
    selector_key key;

    /// The events that the handle is ready for. Only wanted events are reported. event::none if the
    /// thread that called select() has since unregistered the handle, or no longer wants any of the
    /// events.
    event events;

    /// Set if the system reported a hang-up of the other side (POLLHUP). Some systems never do (see
    /// capabilities::flags). `events` is the same on every system.
    bool hang_up;

    /// Set if the system reported an error of the handle (POLLERR), or that the handle was closed
    /// while it was registered. Some systems never report errors (see capabilities::flags).
    bool error;

    /// Returns whether a read will not block.
    constexpr bool readable() const noexcept { return has(events, event::read); }

    /// Returns whether a write will not block.
    constexpr bool writable() const noexcept { return has(events, event::write); }

    /// Returns whether there is urgent data.
    constexpr bool urgent() const noexcept { return has(events, event::priority); }
};

/// The ready handles that select() returned: a view of a list that the selector owns.
///
/// From C++20 on it converts to `std::span<ready_event const>`.
class ready_list {
public:
    using value_type = ready_event;       ///< The type of an entry.
    using size_type = std::size_t;        ///< The type of a number of entries.
    using iterator = ready_event const*;  ///< Iterates over the entries.
    using const_iterator = iterator;      ///< The same: a view does not change its list.
    using reference = ready_event const&; ///< Refers to an entry.
    using const_reference = reference;    ///< The same.

    /// Makes an empty list.
    constexpr ready_list() noexcept = default;

    /// Makes a view of @p size entries, the first of which is at @p data.
    constexpr ready_list(ready_event const* data, std::size_t size) noexcept
        : data_(data)
        , size_(size) {}

    /// @{
    /// Return the range of the entries, in the order in which the program should handle them.
    constexpr ready_event const* data() const noexcept { return data_; }
    constexpr ready_event const* begin() const noexcept { return data_; }
    constexpr ready_event const* end() const noexcept { return data_ + size_; }
    /// @}

    /// Returns the number of entries.
    constexpr std::size_t size() const noexcept { return size_; }

    /// Returns whether there is no entry.
    constexpr bool empty() const noexcept { return size_ == 0; }

    /// Returns the entry at @p index. Precondition: `index < size()`.
    constexpr ready_event const& operator[](std::size_t index) const noexcept {
        return data_[index];
    }

private:
    ready_event const* data_ = nullptr;
    std::size_t size_ = 0;
};

} // namespace boost_selectors

#endif
