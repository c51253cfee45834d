// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_MAP_VIEW_HPP
#define BOOST_SELECTORS_MAP_VIEW_HPP

#include <boost_selectors/config.hpp>
#include <boost_selectors/selector_key.hpp>
#include <cstddef>
#include <iterator>
#include <optional>

namespace boost_selectors {

class base_selector;

/// A live, read-only view of what is registered: what Python's get_map() returns.
///
/// The view is valid as long as its selector. It may be used, and walked, while handles are
/// registered and unregistered, by the walking thread or by others: each step shows the
/// registrations of that moment, in no particular order, and a registration that stays throughout
/// is seen exactly once.
class map_view {
public:
    /// An input iterator over the keys. It holds a copy of the one it stands at.
    class iterator {
    public:
        using iterator_category = std::input_iterator_tag; ///< It goes through the map once.
        using value_type = selector_key;                   ///< What it goes over.
        using difference_type = std::ptrdiff_t;            ///< As iterators have it.
        using pointer = selector_key const*;               ///< To the key.
        using reference = selector_key const&;             ///< To the key.

        /// At the end.
        iterator() = default;

        /// Returns the key; valid until the iterator moves on.
        reference operator*() const noexcept { return *key_; }

        /// Gives access to a member of the key.
        pointer operator->() const noexcept { return &*key_; }

        /// @{
        /// Goes to the next registration, or to the end.
        BOOST_SELECTORS_DECL iterator& operator++();
        iterator operator++(int) {
            iterator const old = *this;
            ++*this;
            return old;
        }
        /// @}

        /// @{
        /// Whether both are at the end, or both are not: to compare with end().
        friend bool operator==(iterator const& a, iterator const& b) noexcept {
            return a.key_.has_value() == b.key_.has_value();
        }
        friend bool operator!=(iterator const& a, iterator const& b) noexcept { return !(a == b); }
        /// @}

    private:
        friend class map_view;
        explicit iterator(base_selector const& selector)
            : selector_(&selector) {
            ++*this;
        }

        base_selector const* selector_ = nullptr;
        std::size_t next_ = 0;
        std::optional<selector_key> key_;
    };

    /// At the first registration.
    iterator begin() const { return iterator(*selector_); }

    /// What a walk ends at.
    iterator end() const noexcept { return {}; }

    /// How many handles are registered.
    BOOST_SELECTORS_DECL std::size_t size() const noexcept;

    /// Whether none is.
    bool empty() const noexcept { return size() == 0; }

    /// The key of @p handle.
    /// @throws std::system_error error::not_registered, error::invalid_handle, error::closed.
    BOOST_SELECTORS_DECL selector_key operator[](handle_argument handle) const;

    /// Whether @p handle is registered.
    BOOST_SELECTORS_DECL bool contains(handle_argument handle) const noexcept;

private:
    friend class base_selector;
    explicit map_view(base_selector const& selector) noexcept
        : selector_(&selector) {}

    base_selector const* selector_;
};

} // namespace boost_selectors

#endif
