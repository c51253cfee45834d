// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "backends.hpp"
#include "posix.hpp"
#include "timeouts.hpp"
#include "waker.hpp"
#include <algorithm>
#include <atomic>
#include <poll.h>
#include <sys/epoll.h>
#include <vector>

#if defined(__GLIBC__) && defined(__GLIBC_PREREQ) && !defined(BOOST_SELECTORS_TSAN)
#    if __GLIBC_PREREQ(2, 35)
#        define BOOST_SELECTORS_HAS_EPOLL_PWAIT2
#    endif
#endif

namespace boost_selectors {

using clock = std::chrono::steady_clock;
using detail::last_error;
using detail::unique_handle;

namespace {

constexpr std::uint64_t waker_id = 0; // No registration has this token.

/// How many extra places the list has for events of leftovers (see `leftovers_`). Most leftovers
/// have no events: the kernel reports nothing about a file that has no other descriptor.
constexpr std::size_t most_leftovers = 256;

// Used while a new epoll set is needed, but the system refuses it because of a limit:
constexpr std::chrono::nanoseconds pace = std::chrono::milliseconds(2);
constexpr std::chrono::nanoseconds longest_delay = std::chrono::seconds(1);

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

event_flags flags_from_epoll(std::uint32_t events) noexcept {
    event_flags flags = event_flags::none;
    if (events & EPOLLHUP)
        flags |= event_flags::hang_up;
    if (events & EPOLLERR)
        flags |= event_flags::error;
    return flags;
}

/// Returns whether epoll_pwait2() is available. It needs Linux 5.11, and must not be blocked by a
/// system call filter or an emulator that is older than that.
bool probe_pwait2() noexcept {
#if defined(BOOST_SELECTORS_HAS_EPOLL_PWAIT2)
    detail::no_cancellation const meanwhile;
    epoll_event none;
    timespec const at_once{};
    return ::epoll_pwait2(-1, &none, 1, &at_once, nullptr) == -1 && errno == EBADF;
#else
    return false;
#endif
}

void control(
    unique_handle const& set, int operation, int fd, epoll_event e, std::error_code& ec) noexcept {
    ec = ::epoll_ctl(set.get(), operation, fd, &e) == 0 ? std::error_code() : last_error();
}

class epoll_backend final : public selector_backend {
public:
    epoll_backend()
        : epoll_backend(probe_pwait2()) {}

private:
    explicit epoll_backend(bool has_pwait2)
        : selector_backend("epoll", abilities(has_pwait2))
        , has_pwait2_(has_pwait2) {
        std::error_code ec;
        epoll_ = make_set(ec);
        if (ec)
            throw std::system_error(ec, "epoll_create1");
    }

    static capabilities abilities(bool has_pwait2) noexcept {
        capabilities can;
        can.edge = can.oneshot = can.priority = true;
        can.flags = true;
        can.pollable = true;
        can.live_updates = true;
        if (has_pwait2)
            can.resolution = std::chrono::nanoseconds(1);
        return can;
    }

    void add(native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        epoll_event const e = to_epoll(wanted, id);
        control(epoll_, EPOLL_CTL_ADD, handle, e, ec);
        if (ec == std::errc::file_exists) // The same file is a leftover under this number.
            control(epoll_, EPOLL_CTL_MOD, handle, e, ec);
    }

    void modify(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        control(epoll_, EPOLL_CTL_MOD, handle, to_epoll(wanted, id), ec);
    }

    void remove(native_handle_type handle, token) noexcept override {
        std::error_code ec;
        control(epoll_, EPOLL_CTL_DEL, handle, {}, ec);
        if (ec)
            ++leftovers_;
    }

    void wait(
        std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec) override {
        if (count_ > 0) // An exception prevented the call of collect().
            return;
        if (only_leftovers_ && timeout > timeout.zero())
            pause(timeout);
        std::size_t const room = std::min<std::size_t>(max_events, 1 << 20) +
                                 std::min<std::size_t>(leftovers_, most_leftovers);
        if (found_.size() < room)
            found_.resize(room);
        int const n = wait(found_.data(), room, timeout);
        if (n == -1) {
            ec = last_error();
            return;
        }
        count_ = static_cast<std::size_t>(n);
        if (count_ == room)
            make_room_for_waker();
    }

    void collect(event_sink& sink) override {
        std::size_t stale = 0;
        for (std::size_t i = 0; i < count_; ++i) {
            epoll_event const& e = found_[i];
            if (e.data.u64 != waker_id &&
                !sink.report(token{e.data.u64}, from_epoll(e.events), flags_from_epoll(e.events)))
                ++stale;
        }
        only_leftovers_ = leftovers_ > 0 && stale > 0 && stale == count_;
        count_ = 0;
        if (leftovers_ > 0 && stale > 0 && clock::now() >= next_attempt_)
            remake_set(sink);
    }

    void wake() noexcept override { waker_.signal(); }

    void close() noexcept override {
        epoll_.reset();
        outer_.reset();
    }

    void abandon() noexcept override {
        epoll_.reset();
        outer_.reset();
        waker_.close();
    }

    void after_fork(std::error_code& ec) override {
        abandon();
        leftovers_ = count_ = 0;
        only_leftovers_ = false;
        waker_.open(ec);
        if (!ec)
            epoll_ = make_set(ec);
    }

    native_handle_type native_handle(std::error_code& ec) override {
        if (outer_)
            return outer_.get();
        unique_handle outer(::epoll_create1(EPOLL_CLOEXEC));
        if (!outer) {
            ec = last_error();
            return invalid_native_handle;
        }
        epoll_event e{};
        e.events = EPOLLIN;
        control(outer, EPOLL_CTL_ADD, epoll_.get(), e, ec);
        if (ec)
            return invalid_native_handle;
        outer_ = std::move(outer);
        return outer_.get();
    }

    /// Makes a new set with the waker in it. The waker is edge-triggered and never drained: each
    /// signal() is an edge.
    unique_handle make_set(std::error_code& ec) const noexcept {
        unique_handle set(::epoll_create1(EPOLL_CLOEXEC));
        if (!set) {
            ec = last_error();
            return {};
        }
        epoll_event e{};
        e.events = EPOLLIN | EPOLLET;
        e.data.u64 = waker_id;
        control(set, EPOLL_CTL_ADD, waker_.handle(), e, ec);
        return ec ? unique_handle() : std::move(set);
    }

    int wait(epoll_event* events, std::size_t room, std::chrono::nanoseconds timeout) {
        int const max = static_cast<int>(room);
#if defined(BOOST_SELECTORS_HAS_EPOLL_PWAIT2)
        if (has_pwait2_ && timeout > timeout.zero() && timeout != timeout.max()) {
            timespec const time = detail::to_timespec(timeout);
            int const n = ::epoll_pwait2(epoll_.get(), events, max, &time, nullptr);
            if (n != -1 || errno == EINTR)
                return n;
            has_pwait2_ = false; // It was forbidden later, or epoll_wait() fails too.
        }
#endif
        return ::epoll_wait(epoll_.get(), events, max, detail::to_milliseconds(timeout));
    }

    /// Replaces the waker's event by another one if the list is full, so that it takes no handle's
    /// place. A longer list is no solution: the kernel reports ready handles in turn, so a handle
    /// that is fetched but not returned loses its turn.
    void make_room_for_waker() {
        auto const end = found_.begin() + static_cast<std::ptrdiff_t>(count_);
        auto const waker = std::find_if(
            found_.begin(), end, [](epoll_event const& e) { return e.data.u64 == waker_id; });
        if (waker == end)
            return;
        *waker = *(end - 1);
        --count_;
        if (wait(&*(end - 1), 1, std::chrono::nanoseconds::zero()) == 1)
            ++count_;
    }

    /// Waits only for wake(), because a leftover would end each wait of the epoll set at once.
    void pause(std::chrono::nanoseconds& timeout) {
        if (waker_.drain()) // wake() may have been called since the last wait.
            timeout = timeout.zero();
        pollfd waker{waker_.handle(), POLLIN, 0};
        ::poll(&waker, 1, detail::to_milliseconds(std::min(timeout, pace)));
    }

    /// Replaces the epoll set by one without leftovers. If the system refuses a new set, the old
    /// one stays, and a later collect() tries again.
    void remake_set(event_sink& sink) {
        std::error_code ec;
        copy_set(sink, ec);
        if (!ec) {
            leftovers_ = 0;
            only_leftovers_ = false;
            delay_ = pace;
            return;
        }
        next_attempt_ = clock::now() + delay_;
        delay_ = std::min(2 * delay_, longest_delay);
    }

    void copy_set(event_sink& sink, std::error_code& ec) {
        unique_handle fresh = make_set(ec);
        if (ec)
            return;
        sink.for_each_registration([&](selector_key const& key, token id) {
            if (ec)
                return;
            // If a handle was closed, its number may stand for another file now. That file is not
            // watched.
            std::error_code gone;
            epoll_event const e = to_epoll(key.wanted, id);
            control(epoll_, EPOLL_CTL_MOD, key.handle, e, gone);
            if (!gone)
                control(fresh, EPOLL_CTL_ADD, key.handle, e, ec);
        });
        epoll_event e{};
        e.events = EPOLLIN;
        if (!ec && outer_)
            control(outer_, EPOLL_CTL_ADD, fresh.get(), e, ec);
        if (ec)
            return;
        if (outer_) // Needed because a child process may keep the old set open.
            ::epoll_ctl(outer_.get(), EPOLL_CTL_DEL, epoll_.get(), nullptr);
        epoll_ = std::move(fresh);
    }

    detail::waker waker_;
    unique_handle epoll_;
    unique_handle outer_; ///< For native_handle(): holds `epoll_`, and stays when that is remade.
    std::vector<epoll_event> found_;
    std::size_t count_ = 0;
    bool has_pwait2_;

    // Leftovers are registrations that could not be deleted, because their descriptor had been
    // closed. While a duplicate of the descriptor exists, the kernel keeps reporting the leftover,
    // and only a new epoll set ends that.

    std::atomic<std::size_t> leftovers_ = 0; ///< Read in wait(), while others may change it.
    bool only_leftovers_ = false;            ///< The last wait found only events of leftovers.
    clock::time_point next_attempt_;         ///< When to try to make that set again.
    std::chrono::nanoseconds delay_ = pace;
};

} // namespace

std::unique_ptr<selector_backend> detail::make_epoll_backend() {
    return std::make_unique<epoll_backend>();
}

} // namespace boost_selectors
