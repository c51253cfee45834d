// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "fork_generation.hpp"
#include "posix.hpp"
#include "waker.hpp"
#include <algorithm>
#include <atomic>
#include <boost_selectors/epoll_selector.hpp>
#include <sys/epoll.h>
#include <vector>

#if defined(__GLIBC__) && defined(__GLIBC_PREREQ) && !defined(BOOST_SELECTORS_TSAN)
#    if __GLIBC_PREREQ(2, 35)
#        define BOOST_SELECTORS_HAS_EPOLL_PWAIT2
#    endif
#endif

namespace boost_selectors {

using detail::last_error;
using detail::unique_handle;

namespace {

constexpr std::uint64_t waker_id = 0; // No registration's token.

unique_handle make_epoll(std::error_code& ec) noexcept {
    unique_handle fd(::epoll_create1(EPOLL_CLOEXEC));
    ec = fd ? std::error_code() : last_error();
    return fd;
}

epoll_event to_epoll(interest wanted, token id) noexcept {
    epoll_event e{};
    if (has(wanted.events, event::read))
        e.events |= EPOLLIN;
    if (has(wanted.events, event::write))
        e.events |= EPOLLOUT;
    if (has(wanted.events, event::priority))
        e.events |= EPOLLPRI;
    if (wanted.mode == trigger::edge)
        e.events |= EPOLLET;
    if (wanted.mode == trigger::oneshot)
        e.events |= EPOLLONESHOT;
    e.data.u64 = static_cast<std::uint64_t>(id);
    return e;
}

event from_epoll(std::uint32_t events) noexcept {
    event e = event::none;
    if (events & EPOLLIN)
        e |= event::read;
    if (events & EPOLLOUT)
        e |= event::write;
    if (events & EPOLLPRI)
        e |= event::priority;
    return e;
}

} // namespace

struct epoll_selector::backend {
    backend() {
        std::error_code ec;
        start(ec);
        if (ec)
            throw std::system_error(ec, "epoll_create1");
    }

    void control(int operation, int fd, epoll_event e, std::error_code& ec) const noexcept {
        ec = ::epoll_ctl(epoll.get(), operation, fd, &e) == 0 ? std::error_code() : last_error();
    }

    /// An epoll set with the waker in it. The waker is edge-triggered and never drained: each
    /// signal() is an edge.
    void start(std::error_code& ec) {
        unique_handle fresh = make_epoll(ec);
        if (ec)
            return;
        epoll_event e{};
        e.events = EPOLLIN | EPOLLET;
        e.data.u64 = waker_id;
        if (::epoll_ctl(fresh.get(), EPOLL_CTL_ADD, wake.handle(), &e) != 0) {
            ec = last_error();
            return;
        }
        if (outer) {
            e.events = EPOLLIN;
            if (::epoll_ctl(outer.get(), EPOLL_CTL_ADD, fresh.get(), &e) != 0) {
                ec = last_error();
                return;
            }
        }
        epoll = std::move(fresh);
        made_in = detail::fork_generation();
    }

    int wait(epoll_event* events, std::size_t room, std::chrono::nanoseconds timeout) noexcept {
        int const max = static_cast<int>(room);
#if defined(BOOST_SELECTORS_HAS_EPOLL_PWAIT2)
        if (timeout > timeout.zero() && timeout != timeout.max() && has_pwait2) {
            timespec const time = detail::to_timespec(timeout);
            int const n = ::epoll_pwait2(epoll.get(), events, max, &time, nullptr);
            if (n != -1 || errno != ENOSYS)
                return n;
            has_pwait2 = false; // A kernel before 5.11, or valgrind.
        }
#endif
        return ::epoll_wait(epoll.get(), events, max, detail::to_milliseconds(timeout));
    }

    /// The waker's event takes nobody's place in a list that is full: the kernel hands out ready
    /// handles in turn, and the turn of one that was fetched has passed.
    void make_room_for_waker() noexcept {
        auto const end = found.begin() + static_cast<std::ptrdiff_t>(count);
        auto const waker = std::find_if(
            found.begin(), end, [](epoll_event const& e) { return e.data.u64 == waker_id; });
        if (waker == end)
            return;
        *waker = *(end - 1);
        --count;
        if (wait(&*(end - 1), 1, std::chrono::nanoseconds::zero()) == 1)
            ++count;
    }

    detail::waker wake;
    unique_handle epoll;
    mutable unique_handle outer; ///< Holds `epoll`, for native_handle(): stays when that is remade.
    std::vector<epoll_event> found;
    std::size_t count = 0;
    bool has_pwait2 = true;
    int made_in = 0;       ///< The fork_generation() of the process that made `epoll`.
    unique_handle old_set; ///< What `epoll` takes the place of, while it does.

    /// A registration could not be deleted. While a duplicate of its descriptor lives, the kernel
    /// goes on reporting it, and nothing but a new epoll set helps.
    bool leftovers = false;
    std::error_code lost; ///< Why a registration could not be carried over into a new set.
};

epoll_selector::epoll_selector()
    : backend_(std::make_unique<backend>()) {}

epoll_selector::~epoll_selector() {
    close();
}

void epoll_selector::do_register(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    epoll_event e = to_epoll(wanted, id);
    // A number that is no longer the file's, and for no other reason this fails, is not watched in
    // the new set either.
    if (backend_->old_set && ::epoll_ctl(backend_->old_set.get(), EPOLL_CTL_MOD, handle, &e) != 0)
        return;
    backend_->control(EPOLL_CTL_ADD, handle, e, ec);
    if (ec && ec == std::errc::file_exists) // The same file was once a leftover under this number.
        backend_->control(EPOLL_CTL_MOD, handle, e, ec);
}

void epoll_selector::do_modify(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    backend_->control(EPOLL_CTL_MOD, handle, to_epoll(wanted, id), ec);
}

void epoll_selector::do_unregister(native_handle_type handle, token) noexcept {
    // In a child process that has not called notify_fork_child() the set, and the registration,
    // are the parent's.
    std::error_code ec = std::make_error_code(std::errc::operation_not_permitted);
    if (backend_->made_in == detail::fork_generation())
        backend_->control(EPOLL_CTL_DEL, handle, {}, ec);
    if (ec)
        backend_->leftovers = true;
}

void epoll_selector::do_wait(
    std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec) {
    backend& b = *backend_;
    b.count = 0;
    if (b.lost) {
        ec = std::exchange(b.lost, {});
        return;
    }
    std::size_t const room = std::min<std::size_t>(max_events, 1 << 20);
    if (b.found.size() < room)
        b.found.resize(room);
    int const n = b.wait(b.found.data(), room, timeout);
    if (n == -1) {
        ec = last_error();
        return;
    }
    b.count = static_cast<std::size_t>(n);
    if (b.count == room)
        b.make_room_for_waker();
}

void epoll_selector::do_collect() {
    backend& b = *backend_;
    bool stale = false;
    for (std::size_t i = 0; i < b.count; ++i) {
        epoll_event const& e = b.found[i];
        if (e.data.u64 == waker_id)
            continue;
        stale |= !report(token{e.data.u64}, from_epoll(e.events), (e.events & EPOLLHUP) != 0,
            (e.events & EPOLLERR) != 0);
    }
    if (!stale || !b.leftovers)
        return;
    b.old_set = std::move(b.epoll);
    std::error_code ec;
    b.start(ec);
    if (ec) { // No descriptor left: the leftover comes again, and so does this attempt.
        b.epoll = std::move(b.old_set);
        return;
    }
    b.leftovers = false;
    register_all(b.lost);
    if (b.outer) // A child process may keep the old set open.
        ::epoll_ctl(b.outer.get(), EPOLL_CTL_DEL, b.old_set.get(), nullptr);
    b.old_set.reset();
}

void epoll_selector::do_wakeup() noexcept {
    backend_->wake.signal();
}

void epoll_selector::do_close() noexcept {
    backend_->epoll.reset();
    backend_->outer.reset();
}

capabilities epoll_selector::do_capabilities() const noexcept {
    capabilities can;
    can.edge = can.oneshot = can.priority = true;
    can.flags = true;
    can.pollable = true;
    can.live_updates = true;
#if defined(BOOST_SELECTORS_HAS_EPOLL_PWAIT2)
    can.resolution = std::chrono::nanoseconds(1);
#endif
    return can;
}

std::string_view epoll_selector::do_name() const noexcept {
    return "epoll";
}

void epoll_selector::do_fork_child(std::error_code& ec) {
    backend& b = *backend_;
    b.outer.reset();
    b.leftovers = false;
    b.wake.recreate(ec);
    if (!ec)
        b.start(ec);
}

native_handle_type epoll_selector::do_native_handle(std::error_code& ec) const {
    backend& b = *backend_;
    if (b.outer)
        return b.outer.get();
    unique_handle outer = make_epoll(ec);
    if (ec)
        return invalid_native_handle;
    epoll_event e{};
    e.events = EPOLLIN;
    if (::epoll_ctl(outer.get(), EPOLL_CTL_ADD, b.epoll.get(), &e) != 0) {
        ec = last_error();
        return invalid_native_handle;
    }
    b.outer = std::move(outer);
    return b.outer.get();
}

} // namespace boost_selectors
