// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_USER_SELECTOR_HPP
#define BOOST_SELECTORS_TEST_USER_SELECTOR_HPP

#include <algorithm>
#include <boost_selectors/base_selector.hpp>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <vector>

namespace boost_selectors::test {

/// What a user might write over poll(2): no more than the contract of base_selector asks for.
class user_selector final : public base_selector {
public:
    user_selector() { start(); }

    ~user_selector() override {
        close();
        close_pipe();
    }

private:
    void do_register(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        if (::fcntl(handle, F_GETFD) == -1) {
            ec = last_error();
            return;
        }
        ids_.reserve(ids_.size() + 1);
        fds_.push_back({handle, to_poll(wanted.events), 0});
        ids_.push_back(id);
    }

    void do_modify(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        if (::fcntl(handle, F_GETFD) == -1)
            ec = last_error();
        else
            fds_[place_of(id)].events = to_poll(wanted.events);
    }

    void do_unregister(native_handle_type, token id) noexcept override {
        std::size_t const place = place_of(id);
        fds_[place] = fds_.back();
        ids_[place] = ids_.back();
        fds_.pop_back();
        ids_.pop_back();
    }

    void do_wait(std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) override {
        // The base goes on with what is cut off of a long timeout.
        auto const ms = std::min(std::chrono::ceil<std::chrono::milliseconds>(timeout),
            std::chrono::milliseconds(1'000'000));
        bool const forever = timeout == std::chrono::nanoseconds::max();
        if (::poll(fds_.data(), fds_.size(), forever ? -1 : static_cast<int>(ms.count())) == -1)
            ec = last_error();
    }

    void do_collect() override {
        char bytes[64];
        while (::read(pipe_[0], bytes, sizeof bytes) == sizeof bytes) {
        }
        for (std::size_t i = 1; i < fds_.size(); ++i) {
            pollfd& fd = fds_[i];
            if (fd.revents == 0)
                continue;
            bool const closed = (fd.revents & POLLNVAL) != 0;
            report(ids_[i], from_poll(fd.revents), (fd.revents & POLLHUP) != 0,
                closed || (fd.revents & POLLERR) != 0);
            if (closed)
                fd.fd = -1; // It has been said.
        }
    }

    void do_wakeup() noexcept override {
        int const saved = errno;
        while (::write(pipe_[1], "", 1) == -1 && errno == EINTR) {
        }
        errno = saved;
    }

    void do_close() noexcept override { clear(); }

    capabilities do_capabilities() const noexcept override {
        capabilities can;
        can.priority = can.regular_files = can.closed_handles = can.flags = true;
        return can;
    }

    std::string_view do_name() const noexcept override { return "user"; }

    void do_fork_child(std::error_code&) override {
        close_pipe();
        start();
    }

    static std::error_code last_error() { return {errno, std::system_category()}; }

    static short to_poll(event events) {
        int const bits = (has(events, event::read) ? POLLIN : 0) |
                         (has(events, event::write) ? POLLOUT : 0) |
                         (has(events, event::priority) ? POLLPRI : 0);
        return static_cast<short>(bits);
    }

    static event from_poll(int bits) {
        return (bits & POLLIN ? event::read : event::none) |
               (bits & POLLOUT ? event::write : event::none) |
               (bits & POLLPRI ? event::priority : event::none);
    }

    std::size_t place_of(token id) const {
        return static_cast<std::size_t>(std::find(ids_.begin(), ids_.end(), id) - ids_.begin());
    }

    /// Nothing but the pipe that wakes, at the first place.
    void start() {
        if (::pipe2(pipe_, O_NONBLOCK | O_CLOEXEC) == -1)
            throw std::system_error(last_error(), "pipe2");
        fds_.push_back({});
        ids_.push_back(token{0});
        clear();
    }

    void clear() {
        fds_.resize(1);
        ids_.resize(1);
        fds_[0] = {pipe_[0], POLLIN, 0};
    }

    void close_pipe() {
        for (int const fd : pipe_)
            ::close(fd);
    }

    int pipe_[2];
    std::vector<pollfd> fds_;
    std::vector<token> ids_;
};

} // namespace boost_selectors::test

#endif
