// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef MY_BACKEND_HPP
#define MY_BACKEND_HPP

#include <algorithm>
#include <boost_selectors/selectors.hpp>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <utility>
#include <vector>

/// A complete backend on poll(2). The page "Writing a selector" explains it.
class my_backend : public boost_selectors::selector_backend {
public:
    my_backend()
        : selector_backend("mine", abilities()) {
        std::error_code ec;
        open_pipe(ec);
        if (ec)
            throw std::system_error(ec, "pipe2");
    }

    ~my_backend() override { close_pipe(); }

private:
    using event = boost_selectors::event;
    using event_flags = boost_selectors::event_flags;
    using interest = boost_selectors::interest;
    using native_handle_type = boost_selectors::native_handle_type;
    using token = boost_selectors::token;

    static boost_selectors::capabilities abilities() {
        boost_selectors::capabilities can; // Level triggering only; timeouts in milliseconds.
        can.priority = can.regular_files = can.closed_handles = can.flags = true;
        return can;
    }

    void add(native_handle_type h, interest i, token id, std::error_code& ec) override {
        if (::fcntl(h, F_GETFD) == -1) {
            ec = last_error();
            return;
        }
        ids_.reserve(ids_.size() + 1); // So that add() keeps nothing if memory runs out.
        fds_.push_back({h, to_poll(i.events), 0});
        ids_.push_back(id);
    }

    void modify(native_handle_type h, interest i, token id, std::error_code& ec) override {
        if (::fcntl(h, F_GETFD) == -1)
            ec = last_error();
        else
            fds_[place_of(id)] = {h, to_poll(i.events), 0};
    }

    void remove(native_handle_type, token id) noexcept override {
        auto const place = static_cast<std::ptrdiff_t>(place_of(id));
        fds_.erase(fds_.begin() + place);
        ids_.erase(ids_.begin() + place);
    }

    void wait(std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) override {
        int ms = -1;
        if (timeout != timeout.max()) // If this is shorter, the selector waits again.
            ms = static_cast<int>(std::min<std::chrono::milliseconds::rep>(
                std::chrono::ceil<std::chrono::milliseconds>(timeout).count(), 1'000'000));
        if (::poll(fds_.data(), static_cast<nfds_t>(fds_.size()), ms) == -1)
            ec = last_error();
    }

    void collect(boost_selectors::event_sink& sink) override {
        char bytes[64];
        while (::read(pipe_[0], bytes, sizeof bytes) == sizeof bytes) {
        }
        for (std::size_t place = 1; place < fds_.size(); ++place) {
            int const found = fds_[place].revents;
            if (found == 0)
                continue;
            event_flags flags = event_flags::none;
            if (found & POLLHUP)
                flags |= event_flags::hang_up;
            if (found & (POLLERR | POLLNVAL))
                flags |= event_flags::error;
            sink.report(ids_[place], from_poll(found), flags);
            if (found & POLLNVAL)
                fds_[place].fd = -1; // Closed by its owner: reported once.
        }
    }

    void wake() noexcept override {
        int const saved = errno; // This may be a signal handler.
        while (::write(pipe_[1], "", 1) == -1 && errno == EINTR) {
        }
        errno = saved;
    }

    void close() noexcept override { watch_pipe(); }

    void abandon() noexcept override { close_pipe(); }

    void after_fork(std::error_code& ec) override {
        abandon(); // The pipe is shared with the parent.
        open_pipe(ec);
    }

    static std::error_code last_error() { return {errno, std::system_category()}; }

    static short to_poll(event e) {
        return static_cast<short>((has(e, event::read) ? POLLIN : 0) |
                                  (has(e, event::write) ? POLLOUT : 0) |
                                  (has(e, event::priority) ? POLLPRI : 0));
    }

    static event from_poll(int found) {
        return ((found & POLLIN) ? event::read : event::none) |
               ((found & POLLOUT) ? event::write : event::none) |
               ((found & POLLPRI) ? event::priority : event::none);
    }

    std::size_t place_of(token id) const {
        return static_cast<std::size_t>(std::find(ids_.begin(), ids_.end(), id) - ids_.begin());
    }

    void open_pipe(std::error_code& ec) {
        if (::pipe2(pipe_, O_NONBLOCK | O_CLOEXEC) == -1) {
            ec = last_error();
            pipe_[0] = pipe_[1] = -1;
        }
        watch_pipe();
    }

    /// Watches only the pipe, which has the first place.
    void watch_pipe() {
        fds_.assign(1, {pipe_[0], POLLIN, 0});
        ids_.assign(1, token{0}); // No registration has this token.
    }

    void close_pipe() noexcept {
        for (int& fd : pipe_)
            if (fd != -1)
                ::close(std::exchange(fd, -1));
    }

    int pipe_[2];
    std::vector<pollfd> fds_;
    std::vector<token> ids_;
};

#endif
