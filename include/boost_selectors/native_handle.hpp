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
/// What the system calls a descriptor: a `SOCKET`.
using native_handle_type = std::uintptr_t;
/// What names no descriptor.
inline constexpr native_handle_type invalid_native_handle = ~native_handle_type{0};
#else
/// What the system calls a descriptor: a file descriptor, on Windows a `SOCKET`.
using native_handle_type = int;
/// What names no descriptor.
inline constexpr native_handle_type invalid_native_handle = -1;
#endif

/// Whether @p handle could name an open descriptor at all.
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

/// Whether T is a type whose native_handle() returns its descriptor, as Asio's sockets and
/// acceptors are. (`native_handle()` need not be const: Asio's is not.)
template <class T>
inline constexpr bool has_native_handle = detail::native_handle_of<T>::value;

/// A parameter that takes a native handle or any object that has one.
class handle_argument {
public:
    /// A handle as the system gave it.
    constexpr handle_argument(native_handle_type handle) noexcept
        : handle_(handle) {}

    /// What @p object's `native_handle()` returns now; the object is not kept.
    template <class T, class = std::enable_if_t<has_native_handle<T>>>
    constexpr handle_argument(T&& object)
        : handle_(object.native_handle()) {}

    /// The handle.
    constexpr native_handle_type get() const noexcept { return handle_; }

private:
    native_handle_type handle_;
};

} // namespace boost_selectors

#endif
