// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_POLL_LIST_HPP
#define BOOST_SELECTORS_SRC_POLL_LIST_HPP

#include "poll_events.hpp"
#include "waker.hpp"
#include <boost_selectors/base_selector.hpp>
#include <vector>

namespace boost_selectors::detail {

#if defined(_WIN32)
using poll_fd = WSAPOLLFD;
#else
using poll_fd = pollfd;
#endif

/// What poll(2) and WSAPoll() are given: a place for each registration, and the waker's, which is
/// the first. Registrations go by their index.
class poll_list {
public:
    poll_list() { clear(); }

    void clear() {
        fds_.assign(1, {wake_.handle(), static_cast<short>(poll_read), 0});
        entries_.assign(1, {});
    }

    void add(std::size_t index, token id, native_handle_type handle, interest wanted) {
        std::size_t const position = fds_.size();
        if (index >= positions_.size())
            positions_.resize(index + 1);
        entries_.resize(position + 1);
        fds_.push_back({handle, to_poll(wanted.events), 0});
        entries_[position] = {id, index, wanted};
        positions_[index] = position;
    }

    void change(std::size_t index, native_handle_type handle, interest wanted) noexcept {
        std::size_t const position = positions_[index];
        fds_[position] = {handle, to_poll(wanted.events), 0};
        entries_[position].wanted = wanted;
    }

    void remove(std::size_t index) noexcept {
        std::size_t const position = positions_[index];
        std::size_t const last = fds_.size() - 1;
        fds_[position] = fds_[last];
        entries_[position] = entries_[last];
        positions_[entries_[position].index] = position;
        fds_.resize(last);
        entries_.resize(last); // One too many was left if memory ran out.
    }

    poll_fd* data() noexcept { return fds_.data(); }
    std::size_t size() const noexcept { return fds_.size(); }
    waker& wake() noexcept { return wake_; }

    /// Calls report(id, events, hang_up, error) for each of the places that the system has found
    /// ready.
    template <class Report>
    void collect(Report report) {
        if (fds_[0].revents != 0)
            wake_.drain();
        // All of them: WSAPoll() does not count the closed ones.
        for (std::size_t i = 1; i < fds_.size(); ++i) {
            int const found = fds_[i].revents;
            if (found == 0)
                continue;
            bool const closed = (found & POLLNVAL) != 0;
            bool const error = (found & POLLERR) != 0;
            if (!closed || tells_closed)
                report(entries_[i].id, from_poll(found), (found & POLLHUP) != 0, closed || error);
            if (closed || entries_[i].wanted.mode == trigger::oneshot)
                fds_[i].fd = invalid_native_handle; // Until change().
        }
    }

    /// Whether a wait ends for handles that are closed. Under Wine WSAPoll()'s does not.
#if defined(_WIN32)
    static constexpr bool tells_closed = false;
#else
    static constexpr bool tells_closed = true;
#endif

private:
    struct entry {
        token id{};
        std::size_t index = 0;
        interest wanted = event::none;
    };

    waker wake_;
    std::vector<poll_fd> fds_;
    std::vector<entry> entries_;         ///< One for each of `fds_`.
    std::vector<std::size_t> positions_; ///< By index: the place in `fds_`.
};

} // namespace boost_selectors::detail

#endif
