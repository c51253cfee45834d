// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef MY_SELECTOR_HPP
#define MY_SELECTOR_HPP

#include <algorithm>
#include <boost_selectors/selectors.hpp>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <vector>

/// A complete selector on poll(2). The page "Writing a selector" explains it.
class my_selector : public boost_selectors::base_selector {
public:
    my_selector() { start(); }
    ~my_selector() override {
        close();
        close_pipe();
    }

private:
    using event = boost_selectors::event;
    using interest = boost_selectors::interest;
    using native_handle_type = boost_selectors::native_handle_type;
    using token = boost_selectors::token;

    static std::error_code last_error() { return {errno, std::system_category()}; }

    static short to_poll(event e) {
        return static_cast<short>(
            (has(e, event::read) ? POLLIN : 0) | (has(e, event::write) ? POLLOUT : 0));
    }

    std::size_t place_of(token id) const {
        return static_cast<std::size_t>(std::ranges::find(ids_, id) - ids_.begin());
    }

    void do_register(native_handle_type h, interest i, token id, std::error_code& ec) override {
        if (::fcntl(h, F_GETFD) == -1) {
            ec = last_error();
            return;
        }
        ids_.resize(fds_.size()); // One too many if the last call ran out of memory here.
        ids_.push_back(id);
        fds_.push_back({h, to_poll(i.events), 0});
    }

    void do_modify(native_handle_type h, interest i, token id, std::error_code& ec) override {
        if (::fcntl(h, F_GETFD) == -1)
            ec = last_error();
        else
            fds_[place_of(id)].events = to_poll(i.events);
    }

    void do_unregister(native_handle_type, token id) noexcept override {
        auto const place = static_cast<std::ptrdiff_t>(place_of(id));
        fds_.erase(fds_.begin() + place);
        ids_.erase(ids_.begin() + place);
    }

    void do_wait(std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) override {
        int ms = -1;
        if (timeout != std::chrono::nanoseconds::max()) // The base waits again if this is less.
            ms = static_cast<int>(std::min<std::chrono::milliseconds::rep>(
                std::chrono::ceil<std::chrono::milliseconds>(timeout).count(), 1'000'000));
        if (::poll(fds_.data(), fds_.size(), ms) == -1)
            ec = last_error();
    }

    void do_collect() override {
        char bytes[64];
        while (::read(pipe_[0], bytes, sizeof bytes) == sizeof bytes) {
        }
        for (std::size_t place = 1; place < fds_.size(); ++place) {
            int const found = fds_[place].revents;
            if (found == 0)
                continue;
            event const ready = ((found & POLLIN) ? event::read : event::none) |
                                ((found & POLLOUT) ? event::write : event::none);
            report(ids_[place], ready, (found & POLLHUP) != 0, (found & (POLLERR | POLLNVAL)) != 0);
            if (found & POLLNVAL)
                fds_[place].fd = -1; // Closed by its owner: to be told once.
        }
    }

    void do_wakeup() noexcept override {
        int const saved = errno; // This may be a signal handler.
        while (::write(pipe_[1], "", 1) == -1 && errno == EINTR) {
        }
        errno = saved;
    }

    void do_close() noexcept override {
        fds_.assign(1, {pipe_[0], POLLIN, 0});
        ids_.assign(1, token{0}); // Nobody's.
    }

    std::string_view do_name() const noexcept override { return "mine"; }

    boost_selectors::capabilities do_capabilities() const noexcept override {
        boost_selectors::capabilities can;
        can.regular_files = can.closed_handles = can.flags = true;
        return can; // Level triggering only; timeouts to the millisecond.
    }

    void do_fork_child(std::error_code&) override {
        close_pipe(); // The parent has it too.
        start();
    }

    void start() {
        if (::pipe2(pipe_, O_NONBLOCK | O_CLOEXEC) == -1)
            throw std::system_error(last_error(), "pipe2");
        do_close(); // Nothing watched but the pipe.
    }

    void close_pipe() noexcept {
        ::close(pipe_[0]);
        ::close(pipe_[1]);
    }

    int pipe_[2];
    std::vector<pollfd> fds_;
    std::vector<token> ids_;
};

#endif
