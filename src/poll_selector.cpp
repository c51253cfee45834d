// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "poll_list.hpp"
#include "system.hpp"
#include <boost_selectors/poll_selector.hpp>

namespace boost_selectors {

using detail::last_error;

struct poll_selector::backend {
    detail::poll_list list;
    bool any = false; ///< Something was found ready.
};

poll_selector::poll_selector()
    : backend_(std::make_unique<backend>()) {}

poll_selector::~poll_selector() {
    close();
}

void poll_selector::do_register(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    detail::check_open(handle, ec);
    if (!ec)
        backend_->list.add(index_of(id), id, handle, wanted);
}

void poll_selector::do_modify(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    detail::check_open(handle, ec);
    if (!ec)
        backend_->list.change(index_of(id), handle, wanted);
}

void poll_selector::do_unregister(native_handle_type, token id) noexcept {
    backend_->list.remove(index_of(id));
}

void poll_selector::do_wait(std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) {
    backend& b = *backend_;
#if defined(__linux__) || defined(__FreeBSD__)
    detail::timespec_timeout const time(timeout);
    int const n = ::ppoll(b.list.data(), static_cast<nfds_t>(b.list.size()), time.get(), nullptr);
#else
    int const n =
        ::poll(b.list.data(), static_cast<nfds_t>(b.list.size()), detail::to_milliseconds(timeout));
#endif
    b.any = n > 0;
    if (n < 0)
        ec = last_error();
}

void poll_selector::do_collect() {
    if (!backend_->any)
        return;
    backend_->list.collect([this](token id, event events, bool hang_up, bool error) {
        report(id, events, hang_up, error);
    });
}

void poll_selector::do_wakeup() noexcept {
    backend_->list.wake().signal();
}

void poll_selector::do_close() noexcept {
    backend_->list.clear();
}

capabilities poll_selector::do_capabilities() const noexcept {
    capabilities can;
    can.oneshot = can.priority = true;
    can.regular_files = true;
    can.closed_handles = detail::poll_list::tells_closed;
    can.flags = true;
#if defined(__linux__) || defined(__FreeBSD__)
    can.resolution = std::chrono::nanoseconds(1);
#endif
    return can;
}

std::string_view poll_selector::do_name() const noexcept {
    return "poll";
}

void poll_selector::do_fork_child(std::error_code& ec) {
    backend_->list.wake().recreate(ec);
    backend_->list.clear();
}

} // namespace boost_selectors
