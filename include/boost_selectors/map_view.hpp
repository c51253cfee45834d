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
        using iterator_concept = std::input_iterator_tag; ///< As ranges ask for it.
        using value_type = selector_key;                  ///< What it runs over.
        using difference_type = std::ptrdiff_t;           ///< As iterators have it.

        /// The key; valid until the iterator moves on.
        selector_key const& operator*() const noexcept { return *key_; }

        /// A member of the key.
        selector_key const* operator->() const noexcept { return &*key_; }

        /// @{
        /// Goes to the next registration, or to the end.
        BOOST_SELECTORS_DECL iterator& operator++();
        void operator++(int) { ++*this; }
        /// @}

        /// Whether it is at the end.
        friend bool operator==(iterator const& it, std::default_sentinel_t) noexcept {
            return !it.key_;
        }

    private:
        friend class map_view;
        explicit iterator(base_selector const& selector)
            : selector_(&selector) {
            ++*this;
        }

        base_selector const* selector_;
        std::size_t next_ = 0;
        std::optional<selector_key> key_;
    };

    /// At the first registration.
    iterator begin() const { return iterator(*selector_); }

    /// What a walk ends at.
    std::default_sentinel_t end() const noexcept { return {}; }

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
