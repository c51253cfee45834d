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

/// A live, read-only view of a selector's registrations, as Python's get_map() returns it.
///
/// The view is valid during the lifetime of its selector. It may be used and iterated while the
/// same thread or other threads register and unregister handles. Each step of an iteration shows
/// the registrations at that moment, in no particular order. A registration that exists during the
/// whole iteration is visited exactly once.
class map_view {
public:
    /// An input iterator over the keys. It holds a copy of the current key.
    class iterator {
    public:
        using iterator_category = std::input_iterator_tag; ///< Single pass.
        using value_type = selector_key;                   ///< The type of the keys.
        using difference_type = std::ptrdiff_t;            ///< Required of iterators.
        using pointer = selector_key const*;               ///< Points to the current key.
        using reference = selector_key const&;             ///< Refers to the current key.

        /// Makes an iterator that equals end().
        iterator() = default;

        /// Returns the current key; the reference is valid until the iterator moves.
        reference operator*() const noexcept { return *key_; }

        /// Gives access to a member of the current key.
        pointer operator->() const noexcept { return &*key_; }

        /// @{
        /// Moves to the next registration, or to the end.
        BOOST_SELECTORS_DECL iterator& operator++();
        iterator operator++(int) {
            iterator const old = *this;
            ++*this;
            return old;
        }
        /// @}

        /// @{
        /// Returns whether both iterators are at the end, or neither is. It serves only to compare
        /// an iterator with end().
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

    /// Returns an iterator to the first registration.
    iterator begin() const { return iterator(*selector_); }

    /// Returns the end of an iteration.
    iterator end() const noexcept { return {}; }

    /// Returns the number of registered handles.
    BOOST_SELECTORS_DECL std::size_t size() const noexcept;

    /// Returns whether no handle is registered.
    bool empty() const noexcept { return size() == 0; }

    /// Returns the key of @p handle.
    /// @throws std::system_error error::not_registered, error::invalid_handle, error::closed.
    BOOST_SELECTORS_DECL selector_key operator[](handle_argument handle) const;

    /// Returns whether @p handle is registered.
    BOOST_SELECTORS_DECL bool contains(handle_argument handle) const noexcept;

private:
    friend class base_selector;
    explicit map_view(base_selector const& selector) noexcept
        : selector_(&selector) {}

    base_selector const* selector_;
};

} // namespace boost_selectors

#endif
