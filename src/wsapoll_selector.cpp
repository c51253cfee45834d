// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "poll_list.hpp"
#include "system.hpp"
#include <boost_selectors/wsapoll_selector.hpp>

namespace boost_selectors {

using detail::last_error;

struct wsapoll_selector::backend {
    detail::poll_list list;
    bool any = false; ///< Something was found ready.
};

wsapoll_selector::wsapoll_selector()
    : backend_(std::make_unique<backend>()) {}

wsapoll_selector::~wsapoll_selector() {
    close();
}

void wsapoll_selector::do_register(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    detail::check_open(handle, ec);
    if (!ec)
        backend_->list.add(index_of(id), id, handle, wanted);
}

void wsapoll_selector::do_modify(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    detail::check_open(handle, ec);
    if (!ec)
        backend_->list.change(index_of(id), handle, wanted);
}

void wsapoll_selector::do_unregister(native_handle_type, token id) noexcept {
    backend_->list.remove(index_of(id));
}

void wsapoll_selector::do_wait(std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) {
    backend& b = *backend_;
    int const n = ::WSAPoll(
        b.list.data(), static_cast<ULONG>(b.list.size()), detail::to_milliseconds(timeout));
    b.any = n > 0;
    if (n < 0)
        ec = last_error();
}

void wsapoll_selector::do_collect() {
    if (!backend_->any)
        return;
    backend_->list.collect([this](token id, event events, bool hang_up, bool error) {
        report(id, events, hang_up, error);
    });
}

void wsapoll_selector::do_wakeup() noexcept {
    backend_->list.wake().signal();
}

void wsapoll_selector::do_close() noexcept {
    backend_->list.clear();
}

capabilities wsapoll_selector::do_capabilities() const noexcept {
    capabilities can;
    can.oneshot = can.priority = true;
    can.closed_handles = detail::poll_list::tells_closed;
    return can;
}

std::string_view wsapoll_selector::do_name() const noexcept {
    return "wsapoll";
}

} // namespace boost_selectors
