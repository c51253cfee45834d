// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost_selectors/forwarding_backend.hpp>
#include <boost_selectors/selector_backend.hpp>
#include <utility>

namespace boost_selectors {

selector_backend::selector_backend(std::string_view name, capabilities can)
    : name_(name)
    , can_(can) {}

selector_backend::~selector_backend() = default;

void selector_backend::abandon() noexcept {}

void selector_backend::after_fork(std::error_code& ec) {
    ec = std::make_error_code(std::errc::operation_not_supported);
}

native_handle_type selector_backend::native_handle(std::error_code& ec) {
    ec = std::make_error_code(std::errc::operation_not_supported);
    return invalid_native_handle;
}

// forwarding_backend

namespace {

std::unique_ptr<selector_backend>&& not_null(std::unique_ptr<selector_backend>&& inner) {
    if (!inner)
        throw std::system_error(std::make_error_code(std::errc::invalid_argument),
            "forwarding_backend: no inner backend");
    return std::move(inner);
}

} // namespace

forwarding_backend::forwarding_backend(std::unique_ptr<selector_backend>&& inner)
    : forwarding_backend(not_null(std::move(inner))->name(), std::move(inner)) {}

forwarding_backend::forwarding_backend(
    std::string_view name, std::unique_ptr<selector_backend>&& inner)
    : forwarding_backend(name, not_null(std::move(inner))->get_capabilities(), std::move(inner)) {}

forwarding_backend::forwarding_backend(
    std::string_view name, capabilities can, std::unique_ptr<selector_backend>&& inner)
    : selector_backend(name, can)
    , inner_(not_null(std::move(inner))) {}

forwarding_backend::~forwarding_backend() = default;

void forwarding_backend::add(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    inner_->add(handle, wanted, id, ec);
}

void forwarding_backend::modify(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    inner_->modify(handle, wanted, id, ec);
}

void forwarding_backend::remove(native_handle_type handle, token id) noexcept {
    inner_->remove(handle, id);
}

void forwarding_backend::wait(
    std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec) {
    inner_->wait(timeout, max_events, ec);
}

void forwarding_backend::collect(event_sink& sink) {
    inner_->collect(sink);
}

void forwarding_backend::wake() noexcept {
    inner_->wake();
}

void forwarding_backend::close() noexcept {
    inner_->close();
}

void forwarding_backend::abandon() noexcept {
    inner_->abandon();
}

void forwarding_backend::after_fork(std::error_code& ec) {
    inner_->after_fork(ec);
}

native_handle_type forwarding_backend::native_handle(std::error_code& ec) {
    return inner_->native_handle(ec);
}

// forwarding_sink

bool forwarding_sink::report(token id, event events, event_flags flags) noexcept {
    return target_.report(id, events, flags);
}

void forwarding_sink::note_stale() noexcept {
    target_.note_stale();
}

std::optional<selector_key> forwarding_sink::find(token id) const noexcept {
    return target_.find(id);
}

void forwarding_sink::visit(visitor call, void* context) {
    target_.visit(call, context);
}

} // namespace boost_selectors
