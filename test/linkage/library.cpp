// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A shared library that contains the static core. SIDE distinguishes two of them.

#include "library.hpp"

#define JOIN(a, b) a##b
#define NAME(function, side) JOIN(function, side)

using namespace boost_selectors;

std::unique_ptr<base_selector> NAME(make_selector_, SIDE)() {
    return make_selector("poll");
}

std::error_code NAME(not_registered_, SIDE)(base_selector& selector, native_handle_type handle) {
    std::error_code ec;
    selector.unregister(handle, ec);
    return ec;
}

bool NAME(knows_, SIDE)(std::error_code ec) {
    return ec == error::not_registered;
}

void NAME(add_, SIDE)(char const* name) {
    register_selector(name, [] { return make_backend("poll"); });
}
