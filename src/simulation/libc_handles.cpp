// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Waiting for handles: simulated sockets, and those of the real system (pipes, files, eventfds), which
// are never waited for in the real system, since that would stop the world.

#include "handle_calls.hpp"
#include <algorithm>
#include <deque>

namespace boost_selectors::simulated {
namespace {

short answer_of(any_socket const& s, short wanted) {
    int events = s.events();
    if (events & POLLIN)
        events |= POLLRDNORM;
    if (events & POLLOUT)
        events |= POLLWRNORM | (s.domain == AF_UNIX || s.type == SOCK_DGRAM ? POLLWRBAND : 0);
    return static_cast<short>(events & (wanted | POLLERR | POLLHUP));
}

/// While it lives, the thread that made it wakes when one of the events is true of the socket.
class waking final : public watcher {
public:
    waking(std::shared_ptr<any_socket> s, short events)
        : on_(std::move(s))
        , events_(events) {
        on_->watch(*this);
    }
    ~waking() { on_->unwatch(*this); }
    waking(waking const&) = delete;
    waking& operator=(waking const&) = delete;

    void changed(any_socket& s) override {
        if (answer_of(s, events_) != 0)
            thread_.owner.in.wake_from_wait(thread_);
    }

private:
    std::shared_ptr<any_socket> const on_;
    short const events_;
    thread& thread_ = *me;
};

/// Fills in what the sockets have, one for each handle or nullptr, and the others, which have been
/// asked.
int answer(pollfd* handles, std::vector<std::shared_ptr<any_socket>> const& sockets,
    std::vector<pollfd> const& real_handles) {
    int found = 0;
    auto next = real_handles.begin();
    for (std::size_t i = 0; i < sockets.size(); ++i) {
        pollfd& h = handles[i];
        h.revents = 0;
        if (sockets[i])
            h.revents = answer_of(*sockets[i], h.events);
        else if (h.fd >= 0)
            h.revents = (next++)->revents;
        found += h.revents != 0;
    }
    return found;
}

} // namespace

int poll_until(pollfd* handles, nfds_t count, instant until) {
    std::vector<std::shared_ptr<any_socket>> sockets(count);
    std::vector<pollfd> real_handles;
    for (nfds_t i = 0; i < count; ++i) {
        if (handles[i].fd < 0)
            continue;
        sockets[i] = here().net.sockets.share(handles[i].fd);
        if (!sockets[i])
            real_handles.push_back(handles[i]);
    }
    if (!real_handles.empty() && real().poll(real_handles.data(), real_handles.size(), 0) < 0)
        return -1;
    for (;;) {
        int const found = answer(handles, sockets, real_handles);
        if (found != 0) {
            here().busy();
            here().may_switch();
            return found;
        }
        if (until <= here().now()) {
            here().idle();
            return 0;
        }
        std::deque<waking> watched;
        for (nfds_t i = 0; i < count; ++i)
            if (sockets[i])
                watched.emplace_back(sockets[i], handles[i].events);
        // It asks the real ones, which may tell a thing only once.
        here().block_on("descriptors", nullptr, real_handles, until);
        ::pthread_testcancel();
        if (me->signalled)
            return failed(EINTR);
    }
}

void await_real(int fd, short events) {
    pollfd handle{fd, events, 0};
    while (real().poll(&handle, 1, 0) == 0) {
        if (real().fcntl(fd, F_GETFL) & O_NONBLOCK)
            return here().idle();
        here().block_on("a descriptor of the real system", nullptr, {&handle, 1}, never);
        ::pthread_testcancel();
    }
    here().busy();
}

namespace {

int select_until(int count, fd_set* readable, fd_set* writable, fd_set* urgent, instant until) {
    if (count < 0)
        return failed(EINVAL);
    std::vector<pollfd> handles;
    for (int fd = 0; fd < count; ++fd) {
        int events = 0;
        if (readable && FD_ISSET(fd, readable))
            events |= POLLIN;
        if (writable && FD_ISSET(fd, writable))
            events |= POLLOUT;
        if (urgent && FD_ISSET(fd, urgent))
            events |= POLLPRI;
        if (events)
            handles.push_back({fd, static_cast<short>(events), 0});
    }
    if (poll_until(handles.data(), handles.size(), until) < 0)
        return -1;
    if (std::ranges::any_of(handles, [](pollfd const& h) { return h.revents & POLLNVAL; }))
        return failed(EBADF);
    int found = 0;
    for (pollfd const& h : handles) {
        auto const answer = [&](fd_set* set, int wanted, int flags) {
            if (!set || !(h.events & wanted))
                return;
            if (h.revents & flags)
                ++found;
            else
                FD_CLR(h.fd, set);
        };
        answer(readable, POLLIN, POLLIN | POLLHUP | POLLERR);
        answer(writable, POLLOUT, POLLOUT | POLLERR);
        answer(urgent, POLLPRI, POLLPRI);
    }
    return found;
}

} // namespace
} // namespace boost_selectors::simulated

using namespace boost_selectors::simulated;

BOOST_SELECTORS_LIBC int poll(pollfd* handles, nfds_t count, int timeout) {
    if (!me)
        return real().poll(handles, count, timeout);
    return poll_until(
        handles, count, timeout < 0 ? never : here().after(std::chrono::milliseconds(timeout)));
}

BOOST_SELECTORS_LIBC int ppoll(
    pollfd* handles, nfds_t count, timespec const* timeout, sigset_t const* signals) {
    if (!me)
        return real().ppoll(handles, count, timeout, signals);
    if (timeout && !is_valid(*timeout))
        return failed(EINVAL);
    return poll_until(handles, count, instant_after(timeout));
}

BOOST_SELECTORS_LIBC int select(
    int count, fd_set* readable, fd_set* writable, fd_set* urgent, timeval* timeout) {
    if (!me)
        return real().select(count, readable, writable, urgent, timeout);
    if (!timeout)
        return select_until(count, readable, writable, urgent, never);
    if (timeout->tv_sec < 0 || timeout->tv_usec < 0)
        return failed(EINVAL);
    timespec const time{
        timeout->tv_sec + timeout->tv_usec / 1'000'000, timeout->tv_usec % 1'000'000 * 1000};
    return select_until(count, readable, writable, urgent, instant_after(&time));
}

BOOST_SELECTORS_LIBC int pselect(int count, fd_set* readable, fd_set* writable, fd_set* urgent,
    timespec const* timeout, sigset_t const* signals) {
    if (!me)
        return real().pselect(count, readable, writable, urgent, timeout, signals);
    return select_until(count, readable, writable, urgent, instant_after(timeout));
}
