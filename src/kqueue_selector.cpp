// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "entries.hpp"
#include "fork_generation.hpp"
#include "posix.hpp"
#include "waker.hpp"
#include <algorithm>
#include <atomic>
#include <boost_selectors/kqueue_selector.hpp>
#include <sys/types.h>

#include <sys/event.h>
#include <sys/stat.h>
#include <vector>

// A user event is the cheapest wake-up. OpenBSD has none, and libkqueue's takes locks, which a
// signal handler must not.
#if !defined(BOOST_SELECTORS_KQUEUE_USER_EVENT)
#    if defined(EVFILT_USER) && !defined(LIBKQUEUE)
#        define BOOST_SELECTORS_KQUEUE_USER_EVENT 1
#    else
#        define BOOST_SELECTORS_KQUEUE_USER_EVENT 0
#    endif
#endif

namespace boost_selectors {

using detail::last_error;
using detail::unique_handle;

static_assert(sizeof(void*) >= sizeof(token), "an event's user data has to hold a token");

namespace {

constexpr token waker_id{0}; // No registration's token.

using change = struct kevent;

change make_change(std::uintptr_t ident, int filter, int flags, unsigned fflags, token id) {
    change c;
    EV_SET(&c, ident, static_cast<decltype(c.filter)>(filter),
        static_cast<decltype(c.flags)>(flags), static_cast<decltype(c.fflags)>(fflags), 0,
        reinterpret_cast<decltype(c.udata)>(id));
    return c;
}

int to_flags(trigger mode) noexcept {
    switch (mode) {
    case trigger::edge:
        return EV_ADD | EV_CLEAR;
    case trigger::oneshot:
        return EV_ADD | EV_ONESHOT;
    default:
        return EV_ADD;
    }
}

/// Files that are always ready elsewhere: kqueue would watch them for something else, such as
/// whether a file's end was reached.
void check_kind(int fd, std::error_code& ec) noexcept {
    struct stat status;
    if (::fstat(fd, &status) == -1)
        ec = last_error();
    else if (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))
        ec = std::make_error_code(std::errc::operation_not_permitted);
    else
        ec.clear();
}

constexpr event from_filter(int filter) noexcept {
    return filter == EVFILT_READ ? event::read : event::write;
}

} // namespace

struct kqueue_selector::backend {
    /// A registration, and what the kernel has of it: a filter for each event.
    struct entry {
        token id{};
        native_handle_type handle = invalid_native_handle;
        interest wanted = event::none;
        event filters = event::none;
        event ready = event::none; ///< In what is being collected.
        bool error = false;
    };

    backend() {
        std::error_code ec;
        start(ec);
        if (ec)
            throw std::system_error(ec, "kqueue");
    }

    ~backend() {
        if (is_parents())
            (void)kqueue.release();
    }

    /// A kqueue with nothing but the waker in it.
    void start(std::error_code& ec) {
        made_in = detail::fork_generation();
        kqueue = unique_handle(::kqueue());
        if (!kqueue) {
            ec = last_error();
            return;
        }
        if (::fcntl(kqueue.get(), F_SETFD, FD_CLOEXEC) == -1) {
            ec = last_error();
            return;
        }
#if BOOST_SELECTORS_KQUEUE_USER_EVENT
        control(make_change(0, EVFILT_USER, EV_ADD | EV_CLEAR, 0, waker_id), ec);
#else
        auto const fd = static_cast<std::uintptr_t>(wake.handle());
        control(make_change(fd, EVFILT_READ, EV_ADD, 0, waker_id), ec);
#endif
    }

    /// Whether this is a child process that has not called notify_fork_child(). It does not
    /// inherit the kqueue, and the number may be a stranger's by now.
    bool is_parents() const noexcept {
        return made_in != detail::fork_generation();
    }

    void control(change const& c, std::error_code& ec) const noexcept {
        ec = ::kevent(kqueue.get(), &c, 1, nullptr, 0, nullptr) == 0 ? std::error_code()
                                                                     : last_error();
    }

    /// Gives the kernel the filters for @p wanted. One that it has is never added again.
    void update(entry& e, interest wanted, std::error_code& ec) const noexcept {
        bool const as_before = e.wanted.mode == trigger::level && wanted.mode == trigger::level;
        change changes[4];
        int n = 0;
        auto const add = [&](int filter, int flags) {
            changes[n++] = make_change(
                static_cast<std::uintptr_t>(e.handle), filter, flags | EV_RECEIPT, 0, e.id);
        };
        for (int const filter : {EVFILT_READ, EVFILT_WRITE}) {
            bool const present = has(e.filters, from_filter(filter));
            bool const needed = has(wanted.events, from_filter(filter));
            if (present && needed && as_before)
                continue;
            if (present)
                add(filter, EV_DELETE);
            if (needed)
                add(filter, to_flags(wanted.mode));
        }
        e.wanted = wanted;
        change receipts[4];
        timespec const at_once{};
        int const done = ::kevent(kqueue.get(), changes, n, receipts, n, &at_once);
        ec = done == -1 ? last_error() : std::error_code();
        for (int i = 0; i < done; ++i) {
            event const kind = from_filter(receipts[i].filter);
            if (changes[i].flags & EV_DELETE) // It can fail only if there is none any more.
                e.filters &= ~kind;
            else if (receipts[i].data == 0)
                e.filters |= kind;
            else if (!ec)
                ec = {static_cast<int>(receipts[i].data), std::system_category()};
        }
    }

    void clear(entry& e) const noexcept {
        std::error_code ec;
        if (e.filters != event::none && !is_parents())
            update(e, event::none, ec);
    }

    detail::waker wake;
    unique_handle kqueue;
    int made_in = 0; ///< The fork_generation() of the process that made `kqueue`.
    detail::entry_table<entry> entries;
    std::atomic<std::size_t> registered = 0; ///< Read in a wait, when others may change it.

    std::vector<change> found;
    std::size_t count = 0;
    std::vector<std::size_t> ready; ///< The indices of entries, in the order of `found`.
};

kqueue_selector::kqueue_selector()
    : backend_(std::make_unique<backend>()) {}

kqueue_selector::~kqueue_selector() {
    close();
}

void kqueue_selector::do_register(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    check_kind(handle, ec);
    if (ec)
        return;
    backend& b = *backend_;
    backend::entry& e = b.entries.place(index_of(id));
    e = {id, handle};
    b.update(e, wanted, ec);
    if (ec)
        b.clear(e);
    else
        ++b.registered;
}

void kqueue_selector::do_modify(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    check_kind(handle, ec);
    if (!ec)
        backend_->update(backend_->entries[index_of(id)], wanted, ec);
}

void kqueue_selector::do_unregister(native_handle_type, token id) noexcept {
    backend& b = *backend_;
    b.clear(b.entries[index_of(id)]);
    b.entries[index_of(id)].handle = invalid_native_handle;
    --b.registered;
}

void kqueue_selector::do_wait(
    std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec) {
    backend& b = *backend_;
    b.count = 0;
    // All handles have two filters each, and the waker takes a place. Of a part, no more is taken
    // than can be handed out, since the kernel hands out in turn.
    std::size_t const room =
        max_events < b.registered ? max_events : 2 * std::min<std::size_t>(max_events, 1 << 20) + 1;
    if (b.found.size() < room)
        b.found.resize(room);
    b.ready.reserve(room); // So that nothing that is found gets lost.
    detail::timespec_timeout const time(timeout);
    int const n =
        ::kevent(b.kqueue.get(), nullptr, 0, b.found.data(), static_cast<int>(room), time.get());
    if (n == -1)
        ec = last_error();
    else
        b.count = static_cast<std::size_t>(n);
}

void kqueue_selector::do_collect() {
    backend& b = *backend_;
    b.ready.clear();
    for (std::size_t i = 0; i < b.count; ++i) {
        change const& c = b.found[i];
        auto const id = token{reinterpret_cast<std::uint64_t>(c.udata)};
        if (id == waker_id) {
#if !BOOST_SELECTORS_KQUEUE_USER_EVENT
            b.wake.drain();
#endif
            continue;
        }
        backend::entry& e = b.entries[index_of(id)];
        if (e.id != id || e.handle == invalid_native_handle) {
            report(id, event::none); // Counts it.
            continue;
        }
        if (e.ready == event::none)
            b.ready.push_back(index_of(id));
        e.ready |= from_filter(c.filter);
        e.error = e.error || (c.flags & EV_ERROR) || ((c.flags & EV_EOF) && c.fflags != 0);
    }
    for (std::size_t const index : b.ready) {
        backend::entry& e = b.entries[index];
        if (e.wanted.mode == trigger::oneshot)
            b.clear(e); // What did not fire is over, too; and what another thread added anew.
        report(e.id, std::exchange(e.ready, event::none), false, std::exchange(e.error, false));
    }
}

void kqueue_selector::do_wakeup() noexcept {
#if BOOST_SELECTORS_KQUEUE_USER_EVENT
    // It can fail for want of memory in the kernel: until others give some back.
    std::error_code ec;
    do
        backend_->control(make_change(0, EVFILT_USER, 0, NOTE_TRIGGER, waker_id), ec);
    while (ec == std::errc::not_enough_memory);
#else
    backend_->wake.signal();
#endif
}

void kqueue_selector::do_close() noexcept {
    // The kqueue itself stays, for a late do_wakeup().
    for (backend::entry& e : backend_->entries)
        backend_->clear(e);
}

capabilities kqueue_selector::do_capabilities() const noexcept {
    capabilities can;
    can.edge = can.oneshot = true;
    can.live_updates = true;
#if defined(LIBKQUEUE)
    can.late_unregister = can.errors_stay = can.all_at_once = false;
#else
    can.pollable = true;
#endif
    can.resolution = std::chrono::nanoseconds(1);
    return can;
}

std::string_view kqueue_selector::do_name() const noexcept {
    return "kqueue";
}

void kqueue_selector::do_fork_child(std::error_code& ec) {
    backend& b = *backend_;
    (void)b.kqueue.release(); // The child does not inherit it.
    b.entries.clear();
    b.registered = 0;
    b.wake.recreate(ec);
    if (!ec)
        b.start(ec);
}

native_handle_type kqueue_selector::do_native_handle(std::error_code& ec) const {
#if defined(LIBKQUEUE)
    return base_selector::do_native_handle(ec);
#else
    ec.clear();
    return backend_->kqueue.get();
#endif
}

} // namespace boost_selectors
