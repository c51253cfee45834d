// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_NATIVE_HANDLE_HPP
#define BOOST_SELECTORS_NATIVE_HANDLE_HPP

#include <cstdint>
#include <type_traits>
#include <utility>

namespace boost_selectors {

#if defined(_WIN32)
/// The type of a handle: a `SOCKET`.
using native_handle_type = std::uintptr_t;
/// A value that is never a valid handle.
inline constexpr native_handle_type invalid_native_handle = ~native_handle_type{0};
#else
/// The type of a handle: a file descriptor, or a `SOCKET` on Windows.
using native_handle_type = int;
/// A value that is never a valid handle.
inline constexpr native_handle_type invalid_native_handle = -1;
#endif

/// Returns whether the value of @p handle is possible for an open descriptor. It does not check
/// whether the descriptor is open.
constexpr bool is_valid(native_handle_type handle) noexcept {
#if defined(_WIN32)
    return handle != invalid_native_handle;
#else
    return handle >= 0;
#endif
}

namespace detail {

template <class T, class = void>
struct native_handle_of : std::false_type {};

template <class T>
struct native_handle_of<T,
    std::void_t<decltype(std::declval<std::remove_reference_t<T>&>().native_handle())>>
    : std::is_convertible<decltype(std::declval<std::remove_reference_t<T>&>().native_handle()),
          native_handle_type> {};

} // namespace detail

/// Whether T is a type whose native_handle() returns a descriptor, such as Asio's sockets and
/// acceptors. (`native_handle()` need not be const: Asio's is not.)
template <class T>
inline constexpr bool has_native_handle = detail::native_handle_of<T>::value;

/// A parameter type that accepts a native handle, or any object that has one.
class handle_argument {
public:
    /// Converts from a native handle.
    constexpr handle_argument(native_handle_type handle) noexcept
        : handle_(handle) {}

    /// Converts from an object: calls its `native_handle()` now, and keeps no reference to it.
    template <class T, class = std::enable_if_t<has_native_handle<T>>>
    constexpr handle_argument(T&& object)
        : handle_(object.native_handle()) {}

    /// Returns the native handle.
    constexpr native_handle_type get() const noexcept { return handle_; }

private:
    native_handle_type handle_;
};

} // namespace boost_selectors

#endif
