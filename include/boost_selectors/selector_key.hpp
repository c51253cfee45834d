// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SELECTOR_KEY_HPP
#define BOOST_SELECTORS_SELECTOR_KEY_HPP

#include <boost_selectors/interest.hpp>
#include <boost_selectors/native_handle.hpp>

namespace boost_selectors {

/// A copy of one registration, like Python's SelectorKey. Later changes do not affect it.
struct selector_key {
    native_handle_type handle; ///< The registered handle; it may have been closed since.
    interest wanted;           ///< As passed to register_handle() or modify().
    void* data; ///< As passed to register_handle() or modify(); the selector never uses it.

    /// @{
    /// Compares all three members.
    friend constexpr bool operator==(selector_key const& a, selector_key const& b) noexcept {
        return a.handle == b.handle && a.wanted == b.wanted && a.data == b.data;
    }
    friend constexpr bool operator!=(selector_key const& a, selector_key const& b) noexcept {
        return !(a == b);
    }
    /// @}
};

} // namespace boost_selectors

#endif
