// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "as_error.hpp"
#include "selector_state.hpp"
#include "time_limit.hpp"
#include <algorithm>
#include <boost_selectors/forwarding_backend.hpp>
#include <string>

namespace boost_selectors {

using detail::registration;
using std::chrono::nanoseconds;

namespace {

/// Calls @p function, which takes an error_code, and throws the error that it sets.
template <class F>
auto throwing(char const* what, F function) {
    std::error_code ec;
    auto result = function(ec);
    if (ec)
        throw std::system_error(ec, what);
    return result;
}

constexpr selector_key no_key{invalid_native_handle, event::none, nullptr};

/// Calls @p function, and converts its exception to an error code. @return @p failed if it throws.
template <class F, class Result>
Result not_throwing(std::error_code& ec, Result failed, F function) {
    detail::as_error(ec, [&] { failed = function(); });
    return failed;
}

std::unique_ptr<selector_backend> not_null(std::unique_ptr<selector_backend> backend) {
    if (!backend)
        throw std::system_error(
            std::make_error_code(std::errc::invalid_argument), "base_selector: no backend");
    return backend;
}

} // namespace

base_selector::base_selector(std::unique_ptr<selector_backend> backend)
    : state_(std::make_unique<state>(not_null(std::move(backend)))) {}

base_selector::~base_selector() {
    close();
    state_->end_fork();
    if (state_->in_use_at_fork)
        state::leak(std::move(state_));
}

// Registrations

std::error_code base_selector::state::check(
    native_handle_type handle, interest wanted) const noexcept {
    if (std::error_code const ec = unusable())
        return ec;
    if (!is_valid(handle))
        return error::invalid_handle;
    auto const events = static_cast<unsigned>(wanted.events);
    if (events == 0 || (events & ~static_cast<unsigned>(all_events)) != 0)
        return error::invalid_events;
    capabilities const& can = backend->get_capabilities();
    if (has(wanted.events, event::priority) && !can.priority)
        return error::unsupported_event;
    switch (wanted.mode) {
    case trigger::level:
        return {};
    case trigger::edge:
        return can.edge ? std::error_code() : error::unsupported_trigger;
    case trigger::oneshot:
        return can.oneshot ? std::error_code() : error::unsupported_trigger;
    }
    return error::invalid_events;
}

selector_key base_selector::state::add(selector_key const& key, std::error_code& ec) {
    guard lock(*this);
    if ((ec = check(key.handle, key.wanted)))
        return no_key;
    pause const paused(*this, lock);
    if (!open)
        return ec = error::closed, no_key;
    if (map.find(key.handle))
        return ec = error::already_registered, no_key;
    registration* const r = map.insert(key);
    if (!r)
        return ec = error::limit_reached, no_key;
    token const id = map.token_of(*r);
    try {
        backend->add(key.handle, key.wanted, id, ec);
    } catch (...) {
        map.erase(*map.find(id));
        throw;
    }
    if (ec) {
        map.erase(*map.find(id));
        return no_key;
    }
    ++statistics.registrations;
    return key;
}

selector_key base_selector::state::change(
    native_handle_type handle, interest wanted, void* const* data, std::error_code& ec) {
    guard lock(*this);
    if ((ec = check(handle, wanted)))
        return no_key;
    pause const paused(*this, lock);
    if (!open)
        return ec = error::closed, no_key;
    registration* const r = map.find(handle);
    if (!r)
        return ec = error::not_registered, no_key;
    if (wanted != r->wanted || wanted.mode != trigger::level) {
        token const id = map.token_of(*r);
        try {
            backend->modify(handle, wanted, id, ec);
        } catch (...) {
            restore(id);
            throw;
        }
        if (ec) {
            restore(id);
            return no_key;
        }
        ++statistics.modifications;
        // The system will report again what is still ready.
        map.dequeue(*r);
        r->wanted = wanted;
        r->armed = true;
    }
    if (data)
        r->data = *data;
    cut_listed(*r, wanted.events);
    return r->key();
}

void base_selector::state::restore(token id) {
    registration& r = *map.find(id);
    std::error_code lost;
    detail::as_error(lost, [&] { backend->modify(r.handle, r.wanted, id, lost); });
    if (!lost)
        return;
    backend->remove(r.handle, id);
    cut_listed(r, event::none);
    map.erase(r);
}

selector_key base_selector::unregister(handle_argument argument, std::error_code& ec) {
    state& s = *state_;
    state::guard lock(s);
    if (!s.has_map())
        return ec = s.unusable(), no_key;
    if (!is_valid(argument.get()))
        return ec = error::invalid_handle, no_key;
    state::pause const paused(s, lock);
    if (!s.open)
        return ec = error::closed, no_key;
    registration* const r = s.map.find(argument.get());
    if (!r)
        return ec = error::not_registered, no_key;
    ec.clear();
    selector_key const key = r->key();
    if (!s.inherited) // Otherwise the kernel's registration is the parent's.
        s.backend->remove(key.handle, s.map.token_of(*r));
    s.cut_listed(*r, event::none);
    s.map.erase(*r);
    ++s.statistics.unregistrations;
    return key;
}

selector_key base_selector::get_key(handle_argument handle, std::error_code& ec) const {
    state::guard const lock(*state_);
    if ((ec = state_->unusable()))
        return no_key;
    if (!is_valid(handle.get()))
        return ec = error::invalid_handle, no_key;
    registration const* const r = state_->map.find(handle.get());
    if (!r)
        return ec = error::not_registered, no_key;
    return r->key();
}

std::optional<selector_key> base_selector::find(handle_argument handle) const noexcept {
    state::guard const lock(*state_);
    if (!state_->has_map())
        return std::nullopt;
    registration const* const r = state_->map.find(handle.get());
    return r ? std::optional(r->key()) : std::nullopt;
}

map_view base_selector::get_map() const {
    if (std::error_code const ec = state_->unusable())
        throw std::system_error(ec, "get_map");
    return map_view(*this);
}

std::optional<selector_key> base_selector::next_key(std::size_t& position) const {
    state::guard const lock(*state_);
    if (!state_->has_map())
        return std::nullopt;
    auto const& slots = state_->map.slots();
    while (position < slots.size())
        if (registration const& r = slots[position++]; r.in_use())
            return r.key();
    return std::nullopt;
}

std::size_t base_selector::size() const noexcept {
    state::guard const lock(*state_);
    return state_->has_map() ? state_->map.size() : 0;
}

// Waiting

ready_list base_selector::select_for(
    nanoseconds timeout, std::size_t max_events, std::error_code& ec) {
    state& s = *state_;
    ec.clear();
    if (max_events == 0)
        return ec = std::make_error_code(std::errc::invalid_argument), ready_list();
    detail::time_limit const limit(timeout);
    state::guard lock(s);
    if ((ec = s.unusable()))
        return {};
    if (s.selecting)
        return ec = error::already_selecting, ready_list();
    state::turn const turn(s);
    while (!s.wait_once(lock, timeout, max_events, ec)) {
        timeout = limit.left();
        // Repeat a poll that was interrupted.
        bool const goes_on = timeout > nanoseconds::zero() || ec == std::errc::interrupted;
        ec.clear();
        if (!goes_on)
            break;
    }
    return s.listed();
}

bool base_selector::state::wait_once(
    guard& lock, nanoseconds timeout, std::size_t max_events, std::error_code& ec) {
    // The forking thread does not wait for threads that pause it: they wait until it has forked.
    lock.wait([this] { return pauses == 0 || forking_here(); });
    if (!open)
        return ec = error::closed, true;
    std::size_t const room = std::min(max_events, std::max<std::size_t>(map.size(), 1));

    waiting = true;
    bool const poll = timeout <= nanoseconds::zero() || map.any_ready() || !wakeups.begin_sleep();
    ++(poll ? statistics.polls : statistics.waits);
    {
        guard::released const during_wait(lock);
        backend->wait(poll ? nanoseconds::zero() : timeout, room, ec);
    }
    wakeups.end_sleep();
    waiting = false;
    changed.notify_all();

    if (forked()) // The fork was inside the wait, and this is the child.
        return ec = error::forked, true;
    bool const interrupted = ec && ec == std::errc::interrupted;
    if (ec && !interrupted)
        return true;
    if (!open)
        return ec = error::closed, true;
    if (!interrupted)
        backend->collect(*this);
    map.hand_out(list, max_events, list_number);
    bool const woken = wakeups.take();
    statistics.ready_events += list.size();
    if (!poll && list.empty())
        ++statistics.empty_waits;
    if (wakeups.exported() && map.any_ready())
        backend->wake(); // Keeps the native handle readable.
    if (list.empty() && !woken)
        return false;
    ec.clear();
    return true;
}

bool base_selector::state::report(token id, event events, event_flags flags) noexcept {
    registration* const r = map.find(id);
    if (!r) {
        ++statistics.stale_events;
        return false;
    }
    event const ready = flags != event_flags::none ? r->wanted.events : events & r->wanted.events;
    if (ready == event::none || !r->armed)
        return true;
    r->armed = r->wanted.mode != trigger::oneshot;
    map.enqueue(*r, ready, flags);
    return true;
}

std::optional<selector_key> base_selector::state::find(token id) const noexcept {
    registration const* const r = map.find(id);
    return r ? std::optional(r->key()) : std::nullopt;
}

void base_selector::state::visit(visitor call, void* context) {
    for (registration const& r : map.slots())
        if (r.in_use())
            call(context, r.key(), map.token_of(r));
}

void base_selector::wakeup() noexcept {
    state& s = *state_;
    if (!s.open)
        return;
    bool const needed = s.wakeups.request() && !s.forked();
    (needed ? s.statistics.wakeups_sent : s.statistics.wakeups_spared).count_shared();
    if (needed)
        s.backend->wake();
}

// Closing, and the selector's properties

void base_selector::close() noexcept {
    state& s = *state_;
    state::guard lock(s);
    if (!s.open)
        return;
    s.open = false;
    if (!s.torn)
        s.map.clear();
    if (s.inherited)
        return;
    if (s.waiting && s.selecting_here()) {
        s.close_pending = true;
        s.backend->wake();
        return;
    }
    if (s.waiting) {
        s.backend->wake();
        lock.wait([&] { return !s.waiting; });
    }
    s.backend->close();
}

bool base_selector::is_open() const noexcept {
    return state_->open;
}

std::string_view base_selector::name() const noexcept {
    return state_->backend->name();
}

capabilities base_selector::get_capabilities() const noexcept {
    return state_->backend->get_capabilities();
}

selector_backend* base_selector::backend() noexcept {
    return state_->backend.get();
}

selector_backend* base_selector::inner_of(selector_backend& backend) noexcept {
    auto* const forwarding = dynamic_cast<forwarding_backend*>(&backend);
    return forwarding ? forwarding->inner_.get() : nullptr;
}

selector_statistics base_selector::get_statistics() const noexcept {
    return state_->statistics.get();
}

native_handle_type base_selector::state::export_handle(std::error_code& ec) {
    guard const lock(*this);
    if ((ec = unusable()))
        return invalid_native_handle;
    native_handle_type const handle = backend->native_handle(ec);
    if (ec)
        return invalid_native_handle;
    bool const woken = wakeups.export_handle();
    if (woken || map.any_ready())
        backend->wake();
    return handle;
}

// The forms that throw, those with an error_code, and those with fewer parameters.

selector_key base_selector::register_handle(handle_argument handle, interest wanted, void* data) {
    return throwing("register_handle", [&](std::error_code& ec) {
        return state_->add({handle.get(), wanted, data}, ec);
    });
}

selector_key base_selector::register_handle(
    handle_argument handle, interest wanted, void* data, std::error_code& ec) {
    return not_throwing(ec, no_key, [&] { return state_->add({handle.get(), wanted, data}, ec); });
}

selector_key base_selector::register_handle(
    handle_argument handle, interest wanted, std::error_code& ec) {
    return register_handle(handle, wanted, nullptr, ec);
}

selector_key base_selector::modify(handle_argument handle, interest wanted) {
    return throwing("modify",
        [&](std::error_code& ec) { return state_->change(handle.get(), wanted, nullptr, ec); });
}

selector_key base_selector::modify(handle_argument handle, interest wanted, std::error_code& ec) {
    return not_throwing(
        ec, no_key, [&] { return state_->change(handle.get(), wanted, nullptr, ec); });
}

selector_key base_selector::modify(handle_argument handle, interest wanted, void* data) {
    return throwing("modify",
        [&](std::error_code& ec) { return state_->change(handle.get(), wanted, &data, ec); });
}

selector_key base_selector::modify(
    handle_argument handle, interest wanted, void* data, std::error_code& ec) {
    return not_throwing(
        ec, no_key, [&] { return state_->change(handle.get(), wanted, &data, ec); });
}

selector_key base_selector::unregister(handle_argument handle) {
    return throwing("unregister", [&](std::error_code& ec) { return unregister(handle, ec); });
}

ready_list base_selector::select_for(nanoseconds timeout, std::size_t max_events) {
    return throwing(
        "select", [&](std::error_code& ec) { return select_for(timeout, max_events, ec); });
}

ready_list base_selector::select() {
    return select_for(nanoseconds::max(), unlimited);
}

ready_list base_selector::select(std::error_code& ec) {
    return select_for(nanoseconds::max(), unlimited, ec);
}

selector_key base_selector::get_key(handle_argument handle) const {
    return throwing("get_key", [&](std::error_code& ec) { return get_key(handle, ec); });
}

native_handle_type base_selector::native_handle() {
    std::error_code ec;
    native_handle_type const handle = state_->export_handle(ec);
    if (ec)
        throw std::system_error(ec, "native_handle of " + std::string(name()));
    return handle;
}

native_handle_type base_selector::native_handle(std::error_code& ec) {
    return not_throwing(ec, invalid_native_handle, [&] { return state_->export_handle(ec); });
}

void base_selector::notify_fork(fork_event event) {
    std::error_code ec;
    state_->notify_fork(event, ec);
    if (ec)
        throw std::system_error(ec, "notify_fork");
}

void base_selector::notify_fork(fork_event event, std::error_code& ec) {
    detail::as_error(ec, [&] { state_->notify_fork(event, ec); });
}

} // namespace boost_selectors
