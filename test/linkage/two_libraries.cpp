// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Two shared libraries of a program each contain the static core. Selectors can be passed between
// them, error codes compare equal, and there is one registry.

#include "library.hpp"
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace {

void check(bool good, char const* what) {
    if (good)
        return;
    std::fprintf(stderr, "wrong: %s\n", what);
    std::exit(1);
}

} // namespace

int main() {
    int ends[2];
    check(::pipe(ends) == 0, "pipe");
    auto const selector = make_selector_left();
    std::error_code const ec = not_registered_right(*selector, ends[0]);
    check(knows_left(ec) && knows_right(ec), "an error means the same in both");
    selector->register_handle(ends[0], boost_selectors::event::read);
    check(!not_registered_right(*selector, ends[0]), "a selector of the one works in the other");
    add_left("added");
    check(boost_selectors::make_selector("added") != nullptr, "there is one registry");
    try {
        add_right("added");
        check(false, "a name is in use for both");
    } catch (std::system_error const& e) {
        check(e.code() == boost_selectors::error::already_registered, "the error says so");
    }
    std::puts("No errors detected");
}
