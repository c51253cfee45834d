// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost_selectors/default_selector.hpp>
#include <boost_selectors/make_selector.hpp>

namespace boost_selectors {

// The chosen selector is used through its backend alone: the map, the lock and the waits are this
// one's, and so are the reports.

default_selector::default_selector()
    : chosen_(make_selector()) {
    chosen_->forward_to(*this);
}

default_selector::~default_selector() {
    close();
}

void default_selector::do_register(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    chosen_->do_register(handle, wanted, id, ec);
}

void default_selector::do_modify(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    chosen_->do_modify(handle, wanted, id, ec);
}

void default_selector::do_unregister(native_handle_type handle, token id) noexcept {
    chosen_->do_unregister(handle, id);
}

void default_selector::do_wait(
    std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec) {
    chosen_->do_wait(timeout, max_events, ec);
}

void default_selector::do_collect() {
    chosen_->do_collect();
}

void default_selector::do_wakeup() noexcept {
    chosen_->do_wakeup();
}

void default_selector::do_close() noexcept {
    chosen_->close();
}

capabilities default_selector::do_capabilities() const noexcept {
    return chosen_->do_capabilities();
}

std::string_view default_selector::do_name() const noexcept {
    return chosen_->do_name();
}

void default_selector::do_fork_child(std::error_code& ec) {
    chosen_->do_fork_child(ec);
}

native_handle_type default_selector::do_native_handle(std::error_code& ec) const {
    return chosen_->do_native_handle(ec);
}

} // namespace boost_selectors
