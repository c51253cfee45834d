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
    selector_key key; ///< Its registration, as of the time when select() returned.

    /// What it is ready for: always something that was wanted. `none` if the selecting thread
    /// has unregistered the handle since select() returned, or no longer wants any of them.
    event events;

    /// The system said that the other side hung up (POLLHUP). Not every system does (see
    /// capabilities::flags); what is in `events` is the same everywhere.
    bool hang_up;

    /// The system said that the handle has an error (POLLERR), or that it was closed while it was
    /// registered. Not every system tells of errors (see capabilities::flags).
    bool error;

    /// Whether reading will not block.
    constexpr bool readable() const noexcept { return has(events, event::read); }

    /// Whether writing will not block.
    constexpr bool writable() const noexcept { return has(events, event::write); }

    /// Whether there is urgent data.
    constexpr bool urgent() const noexcept { return has(events, event::priority); }
};

/// The ready handles that select() returned: a view of a list that the selector owns.
///
/// From C++20 on it converts to `std::span<ready_event const>`.
class ready_list {
public:
    using value_type = ready_event;       ///< What it holds.
    using size_type = std::size_t;        ///< Of a number of entries.
    using iterator = ready_event const*;  ///< Goes over the entries.
    using const_iterator = iterator;      ///< The same: a view does not change its list.
    using reference = ready_event const&; ///< To an entry.
    using const_reference = reference;    ///< The same.

    /// An empty list.
    constexpr ready_list() noexcept = default;

    /// A view of @p size entries from @p data on.
    constexpr ready_list(ready_event const* data, std::size_t size) noexcept
        : data_(data)
        , size_(size) {}

    /// @{
    /// The entries, in the order in which they are to be served.
    constexpr ready_event const* data() const noexcept { return data_; }
    constexpr ready_event const* begin() const noexcept { return data_; }
    constexpr ready_event const* end() const noexcept { return data_ + size_; }
    /// @}

    /// The number of entries.
    constexpr std::size_t size() const noexcept { return size_; }

    /// Whether there is no entry.
    constexpr bool empty() const noexcept { return size_ == 0; }

    /// The entry at @p index. Precondition: `index < size()`.
    constexpr ready_event const& operator[](std::size_t index) const noexcept {
        return data_[index];
    }

private:
    ready_event const* data_ = nullptr;
    std::size_t size_ = 0;
};

} // namespace boost_selectors

#endif
