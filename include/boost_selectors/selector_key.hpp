// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SELECTOR_KEY_HPP
#define BOOST_SELECTORS_SELECTOR_KEY_HPP

#include <boost_selectors/interest.hpp>
#include <boost_selectors/native_handle.hpp>

namespace boost_selectors {

/// One registration, as it was when it was asked for: Python's SelectorKey, as a plain value.
struct selector_key {
    native_handle_type handle; ///< Its number; it may have been closed since.
    interest wanted;           ///< As passed to register_handle() or modify().
    void* data; ///< As passed to register_handle() or modify(); the selector never looks at it.

    /// @{
    /// Whether all three are the same.
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
