// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TOKEN_HPP
#define BOOST_SELECTORS_TOKEN_HPP

#include <cstddef>
#include <cstdint>

namespace boost_selectors {

/// Identifies a registration to a backend.
///
/// No two registrations of a selector ever have the same token. No registration has the value 0, so
/// a backend can use it for its own wake-up.
enum class token : std::uint64_t {};

namespace detail {

// The low bits of a token are the index of a slot. The high bits count the registrations that the
// slot has had.
inline constexpr unsigned token_index_bits = 24;
inline constexpr std::uint64_t token_index_mask = (std::uint64_t{1} << token_index_bits) - 1;

constexpr token make_token(std::uint64_t generation, std::size_t index) noexcept {
    return static_cast<token>(generation << token_index_bits | index);
}

constexpr std::uint64_t generation_of(token id) noexcept {
    return static_cast<std::uint64_t>(id) >> token_index_bits;
}

} // namespace detail

/// Returns the index of a registration. Indices are small, dense, and unique among the
/// registrations that exist at the same time, so they can be used as indices into a vector.
constexpr std::size_t index_of(token id) noexcept {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(id) & detail::token_index_mask);
}

} // namespace boost_selectors

#endif
