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

/// io_uring's pair of queues: set up, given requests, waited at, and emptied.
class ring {
public:
    struct completion {
        std::uint64_t request; ///< The user data of the request.
        int result;
        bool more; ///< The request goes on.
    };

    ring() = default;
    ring(ring const&) = delete;
    ring& operator=(ring const&) = delete;
    ~ring() { reset(); }

    /// Closes this process's copy of the queues.
    void reset() noexcept {
        if (std::exchange(open_, false)) // In this order: a child may go on from here.
            ::io_uring_queue_exit(&rings_);
    }

    /// Precondition: not open.
    void start(std::error_code& ec) noexcept {
        // From Linux 5.19, 5.18, and before. Completions that interrupt the thread that asked cost
        // much: they can wait for its next system call.
        int result = -EINVAL;
        for (unsigned const flags : {co_operative | all, all, 0u}) {
            io_uring_params p{};
            p.flags = IORING_SETUP_CLAMP | IORING_SETUP_CQSIZE | flags;
            p.cq_entries = 16 * submissions;
            result = ::io_uring_queue_init_params(submissions, &rings_, &p);
            open_ = result >= 0;
            // Those of 5.13 are the last that are needed: poll requests that go on.
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

    /// Returns a place for a request, for the caller to fill in; null if the kernel takes none.
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

    /// Submits, and waits until @p count requests have completed, or for the timeout.
    /// @param timeout null has no end.
    /// @return 0 or less: as io_uring_enter(2).
    int submit_and_wait(unsigned count, __kernel_timespec* timeout) noexcept {
        io_uring_cqe* first;
        return std::min(
            ::io_uring_submit_and_wait_timeout(&rings_, &first, count, timeout, nullptr), 0);
    }

    /// As submit_and_wait(), but pthread_cancel(3) ends it: the system call itself is no
    /// cancellation point.
    int submit_and_wait_cancellably(unsigned count, __kernel_timespec* timeout) {
        return std::min(enter(rings_, count, timeout), 0);
    }

    /// How many completions can be taken without a further system call.
    unsigned ready() const noexcept { return ::io_uring_cq_ready(&rings_); }

    /// Calls `reserve(n)`, which may throw, then `take(completion)` for n completions, and so on
    /// for all that there are, also for those that found no room in the ring.
    /// @return whether there was one.
    template <class Reserve, class Take>
    bool reap(Reserve reserve, Take take) {
        bool any = false;
        do {
            unsigned const expected = ready(); // More may come meanwhile.
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
    /// May be left at any instruction, so nothing in here may need to be destroyed.
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
