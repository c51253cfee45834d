// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "backends.hpp"
#include "entries.hpp"
#include "posix.hpp"
#include "waker.hpp"
#include <algorithm>
#include <atomic>
#include <sys/types.h>

#include <sys/event.h>
#include <sys/stat.h>
#include <vector>

// A user event is the cheapest wake-up. OpenBSD has no user events, and those of libkqueue take
// locks, which a signal handler must not do.
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

constexpr token waker_id{0}; // No registration has this token.

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

/// Rejects files that are always ready on other systems. kqueue would watch them for something
/// else, such as whether the end of the file was reached.
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

class kqueue_backend final : public selector_backend {
public:
    kqueue_backend()
        : selector_backend("kqueue", abilities()) {
        std::error_code ec;
        start(ec);
        if (ec)
            throw std::system_error(ec, "kqueue");
    }

private:
    static capabilities abilities() noexcept {
        capabilities can;
        can.edge = can.oneshot = true;
        can.live_updates = true;
#if !defined(LIBKQUEUE)
        can.pollable = true;
#endif
        can.resolution = std::chrono::nanoseconds(1);
        return can;
    }

    void add(native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        check_kind(handle, ec);
        if (ec)
            return;
        entry& e = entries_.place(index_of(id));
        e = {id, handle};
        update(e, wanted, ec);
        if (ec)
            clear(e);
        else
            ++registered_;
    }

    void modify(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        check_kind(handle, ec);
        if (!ec)
            update(entries_[index_of(id)], wanted, ec);
    }

    void remove(native_handle_type, token id) noexcept override {
        clear(entries_[index_of(id)]);
        entries_[index_of(id)].handle = invalid_native_handle;
        --registered_;
    }

    void wait(
        std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec) override {
        if (count_ > 0) // An exception prevented the call of collect().
            return;
        // Room for all handles is two events each, for their two filters, and one for the waker. If
        // only some handles are wanted, fetch no more events than can be returned: the kernel
        // reports events in turn, so an event that is fetched but not returned loses its turn.
        std::size_t const room = max_events < registered_
                                     ? max_events
                                     : 2 * std::min<std::size_t>(max_events, 1 << 20) + 1;
        if (found_.size() < room)
            found_.resize(room);
        ready_.reserve(room); // So that no event gets lost if memory runs out.
        detail::timespec_timeout const time(timeout);
        int const n =
            ::kevent(kqueue_.get(), nullptr, 0, found_.data(), static_cast<int>(room), time.get());
        if (n == -1)
            ec = last_error();
        else
            count_ = static_cast<std::size_t>(n);
    }

    void collect(event_sink& sink) override {
        ready_.clear();
        for (std::size_t i = 0; i < count_; ++i) {
            change const& c = found_[i];
            auto const id = token{reinterpret_cast<std::uint64_t>(c.udata)};
            if (id == waker_id) {
#if !BOOST_SELECTORS_KQUEUE_USER_EVENT
                waker_.drain();
#endif
                continue;
            }
            entry& e = entries_[index_of(id)];
            if (e.id != id || e.handle == invalid_native_handle) {
                sink.note_stale();
                continue;
            }
            if (e.ready == event::none)
                ready_.push_back(index_of(id));
            e.ready |= from_filter(c.filter);
            if ((c.flags & EV_ERROR) || ((c.flags & EV_EOF) && c.fflags != 0))
                e.flags |= event_flags::error;
        }
        count_ = 0;
        for (std::size_t const index : ready_) {
            entry& e = entries_[index];
            if (e.wanted.mode == trigger::oneshot)
                clear(e); // Also deletes what did not fire, and what another thread added since.
            sink.report(e.id, std::exchange(e.ready, event::none),
                std::exchange(e.flags, event_flags::none));
        }
    }

    void wake() noexcept override {
#if BOOST_SELECTORS_KQUEUE_USER_EVENT
        // The call fails if the kernel is out of memory. Repeat it until memory is free again.
        int const saved = errno;
        std::error_code ec;
        do
            control(make_change(0, EVFILT_USER, 0, NOTE_TRIGGER, waker_id), ec);
        while (ec == std::errc::not_enough_memory);
        errno = saved;
#else
        waker_.signal();
#endif
    }

    void close() noexcept override {
        // The kqueue itself stays open for a late wake().
        for (entry& e : entries_)
            clear(e);
    }

    void abandon() noexcept override {
        // A child does not inherit the kqueue, so its number may stand for another file now.
        (void)kqueue_.release();
        waker_.close();
    }

    void after_fork(std::error_code& ec) override {
        abandon();
        entries_.clear();
        registered_ = count_ = 0;
        waker_.open(ec);
        if (!ec)
            start(ec);
        if (ec)
            kqueue_.reset();
    }

#if !defined(LIBKQUEUE)
    native_handle_type native_handle(std::error_code&) override {
        return kqueue_.get();
    }
#endif

    /// A registration, and its filters in the kernel: one for each event.
    struct entry {
        token id{};
        native_handle_type handle = invalid_native_handle;
        interest wanted = event::none;
        event filters = event::none;
        event ready = event::none; ///< Events found by the collect() in progress.
        event_flags flags = event_flags::none;
    };

    /// Makes a kqueue with only the waker in it.
    void start(std::error_code& ec) {
        detail::no_cancellation const guard; // libkqueue's functions are cancellation points.
        kqueue_ = unique_handle(::kqueue());
        if (!kqueue_ || ::fcntl(kqueue_.get(), F_SETFD, FD_CLOEXEC) == -1) {
            ec = last_error();
            return;
        }
#if BOOST_SELECTORS_KQUEUE_USER_EVENT
        control(make_change(0, EVFILT_USER, EV_ADD | EV_CLEAR, 0, waker_id), ec);
#else
        auto const fd = static_cast<std::uintptr_t>(waker_.handle());
        control(make_change(fd, EVFILT_READ, EV_ADD, 0, waker_id), ec);
#endif
    }

    void control(change const& c, std::error_code& ec) const noexcept {
        detail::no_cancellation const guard;
        ec = ::kevent(kqueue_.get(), &c, 1, nullptr, 0, nullptr) == 0 ? std::error_code()
                                                                      : last_error();
    }

    /// Changes the kernel's filters to those for @p wanted. A filter that the kernel has is never
    /// added a second time.
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
        detail::no_cancellation const guard;
        change receipts[4];
        timespec const at_once{};
        int const done = ::kevent(kqueue_.get(), changes, n, receipts, n, &at_once);
        ec = done == -1 ? last_error() : std::error_code();
        for (int i = 0; i < done; ++i) {
            event const kind = from_filter(receipts[i].filter);
            if (changes[i].flags & EV_DELETE) // It can fail only if the filter is already gone.
                e.filters &= ~kind;
            else if (receipts[i].data == 0)
                e.filters |= kind;
            else if (!ec)
                ec = {static_cast<int>(receipts[i].data), std::system_category()};
        }
    }

    void clear(entry& e) const noexcept {
        std::error_code ec;
        if (e.filters != event::none)
            update(e, event::none, ec);
    }

    detail::waker waker_;
    unique_handle kqueue_;
    detail::entry_table<entry> entries_;
    std::atomic<std::size_t> registered_ = 0; ///< Read in wait(), while others may change it.

    std::vector<change> found_;
    std::size_t count_ = 0;
    std::vector<std::size_t> ready_; ///< The indices of ready entries, in the order of `found_`.
};

} // namespace

std::unique_ptr<selector_backend> detail::make_kqueue_backend() {
    return std::make_unique<kqueue_backend>();
}

} // namespace boost_selectors
