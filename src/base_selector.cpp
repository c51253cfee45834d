// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "registrations.hpp"
#include <algorithm>
#include <atomic>
#include <boost_selectors/base_selector.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace boost_selectors {

using detail::registration;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

namespace {

/// For anyone to read, and for one thread at a time to count: under the selector's mutex.
class counter {
public:
    counter& operator+=(std::uint64_t n) noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
        return *this;
    }
    void operator++() noexcept { *this += 1; }
    /// For many threads at a time to count.
    void count_shared() noexcept { value_.fetch_add(1, std::memory_order_relaxed); }
    operator std::uint64_t() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_ = 0;
};

} // namespace

struct base_selector::state {
    std::mutex mutex;
    std::condition_variable changed; ///< `waiting` or `pauses` has changed.
    detail::registrations map;

    std::vector<ready_event> list; ///< What select() returned last; the selecting thread's own.
    std::uint64_t list_number = 0;
    std::thread::id selecting_thread; ///< That of the select() under way, or of the last one.

    bool selecting = false;
    bool waiting = false;       ///< A do_wait() is under way.
    bool close_pending = false; ///< Closed from inside do_wait().
    int pauses = 0;             ///< Threads that want the wait to pause; see `pause`.

    // A wake-up costs no system call unless someone sleeps. Both are read and written in one
    // total order: either the waker sees the sleeper, or the sleeper sees the wake-up.
    std::atomic<bool> wakeup_pending = false;
    std::atomic<bool> sleeping = false;

    std::atomic<bool> open = true;
    std::atomic<bool> exported = false; ///< native_handle() was asked for: someone may sleep there.

    counter waits, polls, empty_waits, ready_events, stale_events;
    counter registrations, modifications, unregistrations;
    counter wakeups_sent, wakeups_spared;

    base_selector* front = nullptr; ///< The default_selector that this one is the backend of.

    bool selecting_here() const noexcept { return selecting_thread == std::this_thread::get_id(); }

    void stop_sleeping() noexcept {
        if (sleeping.load(std::memory_order_relaxed)) // Written by the selecting thread alone.
            sleeping = false;
    }

    /// Keeps the list that the selecting thread may be walking in step with what it changes.
    void cut_listed(registration const& r, event events) noexcept {
        if (r.listed_in != list_number || !selecting_here())
            return;
        list[r.listed_at].key = r.key();
        list[r.listed_at].events &= events;
    }
};

/// Keeps the selecting thread out of do_wait() during a change of a backend that can't be changed
/// during one; and thereby ends the hold that a blocked poll() has on its files.
class base_selector::pause {
public:
    pause(base_selector& selector, std::unique_lock<std::mutex>& lock)
        : state_(*selector.state_) {
        if (!state_.waiting || state_.selecting_here() || selector.do_capabilities().live_updates)
            return;
        paused_ = true;
        ++state_.pauses;
        selector.do_wakeup();
        state_.changed.wait(lock, [this] { return !state_.waiting; });
    }

    ~pause() {
        if (paused_ && --state_.pauses == 0)
            state_.changed.notify_all();
    }

    pause(pause const&) = delete;
    pause& operator=(pause const&) = delete;

private:
    state& state_;
    bool paused_ = false;
};

namespace {

/// The throwing form of a function that takes an error_code.
template <class F>
auto throwing(char const* what, F function) {
    std::error_code ec;
    auto result = function(ec);
    if (ec)
        throw std::system_error(ec, what);
    return result;
}

constexpr selector_key no_key{invalid_native_handle, event::none, nullptr};
constexpr std::span<ready_event const> no_events;

template <class F>
class on_exit {
public:
    explicit on_exit(F f)
        : f_(std::move(f)) {}
    ~on_exit() { f_(); }
    on_exit(on_exit const&) = delete;
    on_exit& operator=(on_exit const&) = delete;

private:
    F f_;
};

} // namespace

base_selector::base_selector()
    : state_(std::make_unique<state>()) {}

base_selector::~base_selector() = default;

std::error_code base_selector::check(native_handle_type handle, interest wanted) const noexcept {
    if (!state_->open)
        return error::closed;
    if (!is_valid(handle))
        return error::invalid_handle;
    auto const events = static_cast<unsigned>(wanted.events);
    if (events == 0 || (events & ~static_cast<unsigned>(all_events)) != 0)
        return error::invalid_events;
    capabilities const can = do_capabilities();
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

selector_key base_selector::register_handle(
    handle_argument argument, interest wanted, void* data, std::error_code& ec) {
    selector_key const key{argument.get(), wanted, data};
    std::unique_lock lock(state_->mutex);
    if ((ec = check(key.handle, wanted)))
        return no_key;
    pause const paused(*this, lock);
    if (!state_->open)
        return ec = error::closed, no_key;
    if (state_->map.find(key.handle))
        return ec = error::already_registered, no_key;
    registration* const r = state_->map.insert(key);
    if (!r)
        return ec = error::limit_reached, no_key;
    token const id = state_->map.token_of(*r);
    try {
        do_register(key.handle, wanted, id, ec);
    } catch (...) {
        state_->map.erase(*state_->map.find(id));
        throw;
    }
    if (ec) {
        state_->map.erase(*r);
        return no_key;
    }
    ++state_->registrations;
    return key;
}

selector_key base_selector::modify(
    native_handle_type handle, interest wanted, void* const* data, std::error_code& ec) {
    std::unique_lock lock(state_->mutex);
    if ((ec = check(handle, wanted)))
        return no_key;
    pause const paused(*this, lock);
    if (!state_->open)
        return ec = error::closed, no_key;
    registration* const r = state_->map.find(handle);
    if (!r)
        return ec = error::not_registered, no_key;
    if (wanted != r->wanted || wanted.mode != trigger::level) {
        token const id = state_->map.token_of(*r);
        try {
            do_modify(handle, wanted, id, ec);
        } catch (...) {
            restore(id);
            throw;
        }
        if (ec) {
            restore(id);
            return no_key;
        }
        ++state_->modifications;
        // What is still ready will be reported anew.
        state_->map.dequeue(*r);
        r->wanted = wanted;
        r->armed = true;
    }
    if (data)
        r->data = *data;
    state_->cut_listed(*r, wanted.events);
    return r->key();
}

/// After a failed do_modify(): as it was, or else not registered any more.
void base_selector::restore(token id) noexcept {
    registration& r = *state_->map.find(id);
    std::error_code lost;
    try {
        do_modify(r.handle, r.wanted, id, lost);
    } catch (...) {
        lost = std::make_error_code(std::errc::not_enough_memory);
    }
    if (!lost)
        return;
    do_unregister(r.handle, id);
    state_->cut_listed(r, event::none);
    state_->map.erase(r);
}

selector_key base_selector::unregister(handle_argument argument, std::error_code& ec) {
    std::unique_lock lock(state_->mutex);
    if (!state_->open)
        return ec = error::closed, no_key;
    if (!is_valid(argument.get()))
        return ec = error::invalid_handle, no_key;
    pause const paused(*this, lock);
    if (!state_->open)
        return ec = error::closed, no_key;
    registration* const r = state_->map.find(argument.get());
    if (!r)
        return ec = error::not_registered, no_key;
    ec.clear();
    selector_key const key = r->key();
    do_unregister(key.handle, state_->map.token_of(*r));
    state_->cut_listed(*r, event::none);
    state_->map.erase(*r);
    ++state_->unregistrations;
    return key;
}

std::span<ready_event const> base_selector::select_for(
    nanoseconds timeout, std::size_t max_events, std::error_code& ec) {
    state& s = *state_;
    ec.clear();
    if (max_events == 0)
        return ec = std::make_error_code(std::errc::invalid_argument), no_events;
    bool const limited = timeout > nanoseconds::zero() && timeout != nanoseconds::max();
    auto const start = limited ? steady_clock::now() : steady_clock::time_point();

    std::unique_lock lock(s.mutex);
    if (!s.open)
        return ec = error::closed, no_events;
    if (s.selecting)
        return ec = error::already_selecting, no_events;
    s.selecting = true;
    s.selecting_thread = std::this_thread::get_id();
    s.list.clear();
    ++s.list_number;
    on_exit const leave([&] {
        if (!lock)
            lock.lock();
        s.stop_sleeping();
        s.waiting = false;
        s.selecting = false;
        if (s.close_pending) {
            s.close_pending = false;
            do_close();
        }
        s.changed.notify_all();
    });

    for (nanoseconds left = timeout;;) {
        s.changed.wait(lock, [&] { return s.pauses == 0; });
        if (!s.open)
            return ec = error::closed, s.list;
        std::size_t const room = std::min(max_events, std::max<std::size_t>(s.map.size(), 1));
        s.list.reserve(room);

        s.waiting = true;
        bool poll = left <= nanoseconds::zero() || s.map.any_ready();
        if (!poll) {
            s.sleeping = true;
            poll = s.wakeup_pending;
        }
        ++(poll ? s.polls : s.waits);
        lock.unlock();
        do_wait(poll ? nanoseconds::zero() : left, room, ec);
        lock.lock();
        s.stop_sleeping();
        s.waiting = false;
        bool const paused = s.pauses != 0;
        s.changed.notify_all();

        bool const interrupted = ec && ec == std::errc::interrupted;
        if (ec && !interrupted)
            return s.list;
        if (interrupted)
            ec.clear();
        if (!s.open)
            return ec = error::closed, s.list;
        if (!interrupted)
            do_collect();
        // After the wake-up was reset: one that comes in between counts for this call.
        bool const woken = s.wakeup_pending && s.wakeup_pending.exchange(false);
        s.map.hand_out(s.list, max_events, s.list_number);
        s.ready_events += s.list.size();
        if (!poll && s.list.empty())
            ++s.empty_waits;
        if (s.exported && s.map.any_ready())
            do_wakeup(); // Whoever polls the native handle shall know.
        if (!s.list.empty() || woken)
            return s.list;
        if (timeout == nanoseconds::max() || (!limited && interrupted))
            continue;
        if (!limited || (do_capabilities().own_clock && !interrupted && !paused))
            return s.list;
        left = timeout - (steady_clock::now() - start);
        if (left <= nanoseconds::zero())
            return s.list;
    }
}

selector_key base_selector::get_key(handle_argument handle, std::error_code& ec) const {
    std::scoped_lock const lock(state_->mutex);
    if (!state_->open)
        return ec = error::closed, no_key;
    if (!is_valid(handle.get()))
        return ec = error::invalid_handle, no_key;
    registration const* const r = state_->map.find(handle.get());
    if (!r)
        return ec = error::not_registered, no_key;
    ec.clear();
    return r->key();
}

std::optional<selector_key> base_selector::find(handle_argument handle) const noexcept {
    std::scoped_lock const lock(state_->mutex);
    registration const* const r = state_->map.find(handle.get());
    return r ? std::optional(r->key()) : std::nullopt;
}

map_view base_selector::get_map() const {
    if (!state_->open)
        throw std::system_error(error::closed, "get_map");
    return map_view(*this);
}

std::optional<selector_key> base_selector::next_key(std::size_t& position) const {
    std::scoped_lock const lock(state_->mutex);
    auto const& slots = state_->map.slots();
    while (position < slots.size())
        if (registration const& r = slots[position++]; r.in_use())
            return r.key();
    return std::nullopt;
}

std::size_t base_selector::size() const noexcept {
    std::scoped_lock const lock(state_->mutex);
    return state_->map.size();
}

void base_selector::wakeup() noexcept {
    state& s = *state_;
    if (!s.open)
        return;
    bool const needed = !s.wakeup_pending.exchange(true) && (s.sleeping || s.exported);
    (needed ? s.wakeups_sent : s.wakeups_spared).count_shared();
    if (needed)
        do_wakeup();
}

void base_selector::close() noexcept {
    state& s = *state_;
    std::unique_lock lock(s.mutex);
    if (!s.open)
        return;
    s.open = false;
    s.map.clear();
    if (s.waiting && s.selecting_here()) {
        s.close_pending = true;
        do_wakeup();
        return;
    }
    if (s.waiting) {
        do_wakeup();
        s.changed.wait(lock, [&] { return !s.waiting; });
    }
    do_close();
}

bool base_selector::is_open() const noexcept {
    return state_->open;
}

native_handle_type base_selector::native_handle(std::error_code& ec) const {
    std::scoped_lock const lock(state_->mutex);
    ec.clear();
    if (!state_->open)
        return ec = error::closed, invalid_native_handle;
    native_handle_type const handle = do_native_handle(ec);
    if (ec)
        return handle;
    state_->exported = true;
    if (state_->wakeup_pending)
        const_cast<base_selector*>(this)->do_wakeup();
    return handle;
}

void base_selector::notify_fork_child(std::error_code& ec) {
    state& s = *state_;
    std::scoped_lock const lock(s.mutex);
    ec.clear();
    if (!s.open) {
        ec = error::closed;
        return;
    }
    s.selecting = s.waiting = s.sleeping = false;
    s.pauses = 0;
    do_fork_child(ec);
    std::error_code first = ec;
    for (registration& r : s.map.slots()) {
        if (!r.in_use())
            continue;
        std::error_code failed = ec;
        try {
            if (!failed)
                do_register(r.handle, r.wanted, s.map.token_of(r), failed);
        } catch (std::bad_alloc const&) {
            failed = std::make_error_code(std::errc::not_enough_memory);
        }
        if (failed)
            s.map.erase(r);
        if (failed && failed != std::errc::bad_file_descriptor && !first)
            first = failed;
    }
    ec = first;
}

void base_selector::forward_to(base_selector& other) noexcept {
    state_->front = &other;
}

selector_statistics base_selector::get_statistics() const noexcept {
    state const& s = *state_;
    return {s.waits, s.polls, s.empty_waits, s.ready_events, s.stale_events, s.registrations,
        s.modifications, s.unregistrations, s.wakeups_sent, s.wakeups_spared};
}

void base_selector::do_fork_child(std::error_code& ec) {
    ec = std::make_error_code(std::errc::operation_not_supported);
}

native_handle_type base_selector::do_native_handle(std::error_code& ec) const {
    ec = std::make_error_code(std::errc::operation_not_supported);
    return invalid_native_handle;
}

bool base_selector::report(token id, event events, bool hang_up, bool error) noexcept {
    base_selector* const target = state_->front ? state_->front : this;
    return target->reported(id, events, hang_up, error);
}

bool base_selector::reported(token id, event events, bool hang_up, bool error) noexcept {
    registration* const r = state_->map.find(id);
    if (!r) {
        ++state_->stale_events;
        return false;
    }
    event const ready = hang_up || error ? r->wanted.events : events & r->wanted.events;
    if (ready == event::none || !r->armed)
        return true;
    r->armed = r->wanted.mode != trigger::oneshot;
    state_->map.enqueue(*r, ready, hang_up, error);
    return true;
}

void base_selector::register_all(std::error_code& ec) {
    base_selector* const target = state_->front ? state_->front : this;
    detail::registrations& map = target->state_->map;
    for (registration const& r : map.slots()) {
        if (!r.in_use())
            continue;
        std::error_code failed;
        do_register(r.handle, r.wanted, map.token_of(r), failed);
        if (failed && failed != std::errc::bad_file_descriptor && !ec)
            ec = failed;
    }
}

// The throwing forms.

selector_key base_selector::register_handle(handle_argument handle, interest wanted, void* data) {
    return throwing("register_handle",
        [&](std::error_code& ec) { return register_handle(handle, wanted, data, ec); });
}

selector_key base_selector::modify(handle_argument handle, interest wanted, std::error_code& ec) {
    return modify(handle.get(), wanted, nullptr, ec);
}

selector_key base_selector::modify(
    handle_argument handle, interest wanted, void* data, std::error_code& ec) {
    return modify(handle.get(), wanted, &data, ec);
}

selector_key base_selector::modify(handle_argument handle, interest wanted) {
    return throwing(
        "modify", [&](std::error_code& ec) { return modify(handle.get(), wanted, nullptr, ec); });
}

selector_key base_selector::modify(handle_argument handle, interest wanted, void* data) {
    return throwing(
        "modify", [&](std::error_code& ec) { return modify(handle.get(), wanted, &data, ec); });
}

selector_key base_selector::unregister(handle_argument handle) {
    return throwing("unregister", [&](std::error_code& ec) { return unregister(handle, ec); });
}

std::span<ready_event const> base_selector::select_for(
    nanoseconds timeout, std::size_t max_events) {
    return throwing(
        "select", [&](std::error_code& ec) { return select_for(timeout, max_events, ec); });
}

std::span<ready_event const> base_selector::select() {
    return select_for(nanoseconds::max(), unlimited);
}

std::span<ready_event const> base_selector::select(std::error_code& ec) {
    return select_for(nanoseconds::max(), unlimited, ec);
}

selector_key base_selector::get_key(handle_argument handle) const {
    return throwing("get_key", [&](std::error_code& ec) { return get_key(handle, ec); });
}

native_handle_type base_selector::native_handle() const {
    std::error_code ec;
    native_handle_type const handle = native_handle(ec);
    if (ec)
        throw std::system_error(ec, "native_handle of " + std::string(name()));
    return handle;
}

void base_selector::notify_fork_child() {
    std::error_code ec;
    notify_fork_child(ec);
    if (ec)
        throw std::system_error(ec, "notify_fork_child");
}

} // namespace boost_selectors
