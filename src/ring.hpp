// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_RING_HPP
#define BOOST_SELECTORS_SRC_RING_HPP

#include "posix.hpp"
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <liburing.h>
#include <utility>

namespace boost_selectors::detail {

/// Owns io_uring's pair of queues. Submits requests, waits for completions, and takes them.
class ring {
public:
    struct completion {
        std::uint64_t request; ///< The user data of the request.
        int result;
        bool more; ///< The request stays active.
    };

    ring() = default;
    ring(ring const&) = delete;
    ring& operator=(ring const&) = delete;
    ~ring() { reset(); }

    /// Closes this process's copy of the queues.
    void reset() noexcept {
        // Clear open_ first: a child that is forked during the exit must not close them again.
        if (std::exchange(open_, false))
            ::io_uring_queue_exit(&rings_);
    }

    /// Sets up the queues. Precondition: the ring is not open.
    void start(std::error_code& ec) noexcept {
        // The flags of Linux 5.19, of 5.18, and of older versions. With those of 5.19, completions
        // wait for the next system call of the submitting thread, because interrupting that thread
        // is expensive.
        int result = -EINVAL;
        for (unsigned const flags : {co_operative | all, all, 0u}) {
            io_uring_params p{};
            p.flags = IORING_SETUP_CLAMP | IORING_SETUP_CQSIZE | flags;
            p.cq_entries = 16 * submissions;
            result = ::io_uring_queue_init_params(submissions, &rings_, &p);
            open_ = result >= 0;
            // The newest of them are from Linux 5.13, which is needed for multishot poll requests.
            constexpr unsigned needed =
                IORING_FEAT_NODROP | IORING_FEAT_EXT_ARG | IORING_FEAT_RSRC_TAGS;
            if (open_ && (p.features & needed) != needed) {
                reset();
                result = -ENOSYS;
            }
            if (result != -EINVAL)
                break;
        }
        ec = to_error(std::min(result, 0));
    }

    /// Returns a free queue entry for the caller to fill in; null if the kernel accepts none.
    io_uring_sqe* prepare(std::error_code& ec) noexcept {
        while (true) {
            if (io_uring_sqe* const request = ::io_uring_get_sqe(&rings_)) {
                ec.clear();
                return request;
            }
            submit(ec);
            if (ec)
                return nullptr;
        }
    }

    void submit(std::error_code& ec) noexcept {
        int result;
        do
            result = ::io_uring_submit(&rings_);
        while (result == -EINTR);
        ec = to_error(std::min(result, 0));
    }

    /// Submits the requests, and waits until @p count requests have completed or the timeout
    /// expires.
    /// @param timeout null means no time limit.
    /// @return 0, or a negative errno of io_uring_enter(2).
    int submit_and_wait(unsigned count, __kernel_timespec* timeout) noexcept {
        io_uring_cqe* first;
        return std::min(
            ::io_uring_submit_and_wait_timeout(&rings_, &first, count, timeout, nullptr), 0);
    }

    /// Does the same as submit_and_wait(), but pthread_cancel(3) ends it. The system call itself is
    /// not a cancellation point.
    int submit_and_wait_cancellably(unsigned count, __kernel_timespec* timeout) {
        return std::min(enter(rings_, count, timeout), 0);
    }

    /// Returns how many completions can be taken without another system call.
    unsigned ready() const noexcept { return ::io_uring_cq_ready(&rings_); }

    /// Calls `reserve(n)`, which may throw, and then `take(completion)` for n completions. Repeats
    /// this until no completion is left, also for completions that found no room in the ring.
    /// @return whether there was a completion.
    template <class Reserve, class Take>
    bool reap(Reserve reserve, Take take) {
        bool any = false;
        do {
            unsigned const expected = ready(); // More may arrive meanwhile.
            reserve(expected);
            unsigned n = 0;
            unsigned head;
            io_uring_cqe* c;
            io_uring_for_each_cqe(&rings_, head, c) {
                if (n == expected)
                    break;
                ++n;
                take(completion{c->user_data, c->res, (c->flags & IORING_CQE_F_MORE) != 0});
            }
            ::io_uring_cq_advance(&rings_, n);
            any |= n > 0;
        } while (::io_uring_cq_has_overflow(&rings_) && ::io_uring_get_events(&rings_) >= 0);
        return any;
    }

    /// @param result 0, or a negative errno.
    static std::error_code to_error(int result) noexcept {
        return {-result, std::system_category()};
    }

private:
    /// A cancellation may end it at any instruction, so it must not have objects that need to be
    /// destroyed.
    [[gnu::noinline]] static int enter(
        io_uring& rings, unsigned count, __kernel_timespec* timeout) {
        io_uring_cqe* first;
#if defined(PTHREAD_CANCEL_ASYNCHRONOUS)
        int old;
        ::pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
#endif
        int const result =
            ::io_uring_submit_and_wait_timeout(&rings, &first, count, timeout, nullptr);
#if defined(PTHREAD_CANCEL_ASYNCHRONOUS)
        ::pthread_setcanceltype(old, &old);
#endif
        return result;
    }

#if defined(IORING_SETUP_SUBMIT_ALL) && defined(IORING_SETUP_TASKRUN_FLAG)
    static constexpr unsigned all = IORING_SETUP_SUBMIT_ALL;
    static constexpr unsigned co_operative = IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG;
#else
    static constexpr unsigned all = 0, co_operative = 0;
#endif
    static constexpr unsigned submissions = 256;

    io_uring rings_{};
    bool open_ = false;
};

} // namespace boost_selectors::detail

#endif
