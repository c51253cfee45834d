// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "backends.hpp"
#include "poll_events.hpp"
#include "system.hpp"
#include "timeouts.hpp"
#include "waker.hpp"
#include <vector>

namespace boost_selectors {

using detail::from_poll;
using detail::last_error;
using detail::to_poll;

namespace {

#if defined(_WIN32)

using poll_fd = WSAPOLLFD;
/// Under Wine WSAPoll() does not return for a closed socket.
constexpr bool tells_closed = false;
constexpr std::chrono::milliseconds resolution{1};

int system_poll(std::vector<poll_fd>& fds, std::chrono::nanoseconds timeout) {
    return ::WSAPoll(fds.data(), static_cast<ULONG>(fds.size()), detail::to_milliseconds(timeout));
}

#else

using poll_fd = pollfd;
constexpr bool tells_closed = true;

#    if defined(__linux__) || defined(__FreeBSD__)
constexpr std::chrono::nanoseconds resolution{1};

int system_poll(std::vector<poll_fd>& fds, std::chrono::nanoseconds timeout) {
    detail::timespec_timeout const time(timeout);
    return ::ppoll(fds.data(), static_cast<nfds_t>(fds.size()), time.get(), nullptr);
}
#    else
constexpr std::chrono::milliseconds resolution{1};

int system_poll(std::vector<poll_fd>& fds, std::chrono::nanoseconds timeout) {
    return ::poll(fds.data(), static_cast<nfds_t>(fds.size()), detail::to_milliseconds(timeout));
}
#    endif

#endif

class poll_backend final : public selector_backend {
public:
    poll_backend()
        : selector_backend("poll", abilities()) {
        start();
    }

private:
    static capabilities abilities() noexcept {
        capabilities can;
        can.oneshot = can.priority = true;
        can.closed_handles = tells_closed;
#if !defined(_WIN32)
        can.regular_files = can.flags = true;
#endif
        can.resolution = resolution;
        return can;
    }

    void add(native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        detail::check_open(handle, ec);
        if (ec)
            return;
        std::size_t const index = index_of(id);
        std::size_t const position = fds_.size();
        if (index >= positions_.size())
            positions_.resize(index + 1);
        entries_.resize(position + 1);
        fds_.push_back({handle, to_poll(wanted.events), 0});
        entries_[position] = {id, wanted};
        positions_[index] = position;
    }

    void modify(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        detail::check_open(handle, ec);
        if (ec)
            return;
        std::size_t const position = positions_[index_of(id)];
        fds_[position] = {handle, to_poll(wanted.events), 0};
        entries_[position].wanted = wanted;
    }

    void remove(native_handle_type, token id) noexcept override {
        std::size_t const position = positions_[index_of(id)];
        std::size_t const last = fds_.size() - 1;
        fds_[position] = fds_[last];
        entries_[position] = entries_[last];
        positions_[index_of(entries_[position].id)] = position;
        fds_.resize(last);
        entries_.resize(last); // It has one entry too many if add() ran out of memory.
    }

    void wait(std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) override {
        count_ = system_poll(fds_, timeout);
        if (count_ < 0)
            ec = last_error();
    }

    void collect(event_sink& sink) override {
        if (count_ <= 0)
            return;
        if (fds_[0].revents != 0)
            waker_.drain();
        // Check all handles, because WSAPoll() does not count the closed ones.
        for (std::size_t i = 1; i < fds_.size(); ++i) {
            int const found = fds_[i].revents;
            if (found == 0)
                continue;
            bool const closed = (found & POLLNVAL) != 0;
            event_flags flags = event_flags::none;
            if (found & POLLHUP)
                flags |= event_flags::hang_up;
            if (found & (POLLERR | POLLNVAL))
                flags |= event_flags::error;
            if (!closed || tells_closed)
                sink.report(entries_[i].id, from_poll(found), flags);
            if (closed || entries_[i].wanted.mode == trigger::oneshot)
                fds_[i].fd = invalid_native_handle; // poll() ignores it until modify().
        }
    }

    void wake() noexcept override {
        waker_.signal();
    }

    void close() noexcept override {
        start();
    }

    void abandon() noexcept override {
        waker_.close();
    }

    void after_fork(std::error_code& ec) override {
        abandon();
        waker_.open(ec);
        start();
    }

    /// Watches only the waker, which has the first place.
    void start() {
        fds_.assign(1, {waker_.handle(), to_poll(event::read), 0});
        entries_.assign(1, {});
    }

    struct entry {
        token id{};
        interest wanted = event::none;
    };

    detail::waker waker_;
    std::vector<poll_fd> fds_;
    std::vector<entry> entries_;         ///< One entry for each of `fds_`.
    std::vector<std::size_t> positions_; ///< The place in `fds_`, by registration index.
    int count_ = 0;                      ///< What poll() returned.
};

} // namespace

std::unique_ptr<selector_backend> detail::make_poll_backend() {
    return std::make_unique<poll_backend>();
}

} // namespace boost_selectors
