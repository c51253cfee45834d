// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "echo.hpp"
#include "parts.hpp"

static_assert(__cplusplus < 202002L, "this part is C++17");

namespace standards {

using namespace boost_selectors;

counting_backend::counting_backend()
    : forwarding_backend("counting", make_backend()) {}

void counting_backend::wait(
    std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec) {
    ++waits_;
    forwarding_backend::wait(timeout, max_events, ec);
}

std::unique_ptr<base_selector> make_selector_elsewhere() {
    return make_selector(std::in_place_type<counting_backend>);
}

std::unique_ptr<boost::asio::io_context> make_context_elsewhere() {
    return std::make_unique<selector_context>(std::in_place_type<counting_backend>);
}

ready_list select_elsewhere(base_selector& selector, native_handle_type handle) {
    selector.register_handle(handle, event::write);
    return selector.select(std::chrono::seconds(10));
}

std::size_t walk_elsewhere(base_selector& selector) {
    std::size_t n = 0;
    for (selector_key const& key : selector.get_map())
        n += key.wanted == interest(event::write);
    return n;
}

bool is_keyed_elsewhere(keyed_selector<int>& selector, handle_argument handle, int value) {
    for (auto [ready, kept] : selector.select(std::chrono::seconds(10)))
        if (ready.key.handle == handle.get() && kept == value)
            return true;
    return false;
}

} // namespace standards
