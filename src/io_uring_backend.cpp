// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "backends.hpp"
#include "entries.hpp"
#include "poll_again.hpp"
#include "poll_events.hpp"
#include "ring.hpp"
#include "this_thread.hpp"
#include "waker.hpp"
#include <algorithm>
#include <new>
#include <utility>
#include <vector>

namespace boost_selectors {

using detail::from_poll;
using detail::ring;
using detail::this_thread;
using detail::to_poll;
using std::chrono::milliseconds;

namespace {

/// The index of the request's entry; in the bits above it, a number that no earlier request had.
using request_id = std::uint64_t;

// No poll request has these numbers.
constexpr request_id cancel_id = 0;
constexpr request_id waker_id = 1;

// Cancellations complete on the submitting thread, which takes a moment unless that thread is
// blocked.
constexpr milliseconds patience_for_one(2);
constexpr milliseconds patience_for_all(100);
constexpr __kernel_timespec await_step{0, 1'000'000};

class io_uring_backend final : public selector_backend {
public:
    io_uring_backend()
        : selector_backend("io_uring", abilities()) {
        std::error_code ec;
        ring_.start(ec);
        if (ec)
            throw std::system_error(ec, "io_uring (needs Linux 5.13, and may be forbidden)");
    }

private:
    static capabilities abilities() noexcept {
        capabilities can;
        can.edge = can.oneshot = can.priority = true;
        can.regular_files = true;
        can.flags = true;
        can.resolution = std::chrono::nanoseconds(1);
        return can;
    }

    void add(native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        detail::check_open(handle, ec);
        if (ec)
            return;
        entries_.place(index_of(id));
        queue_.reserve();
        ask_later(handle, wanted, id);
    }

    void modify(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        detail::check_open(handle, ec);
        if (ec)
            return;
        cancel(entries_[index_of(id)], ec);
        if (!ec)
            ask_later(handle, wanted, id);
    }

    void remove(native_handle_type, token id) noexcept override {
        entry& e = entries_[index_of(id)];
        e.handle = invalid_native_handle;
        std::error_code ec;
        cancel(e, ec);
        if (ec)
            queue_.push(index_of(id));
        if (e.unfinished == 0)
            return;
        // Cancel at once, because the requests keep the file open. If the kernel refuses for the
        // moment, the next wait submits the cancellation.
        try {
            if (asker_ == this_thread())
                return ring_.submit(ec);
            await([&] { return e.unfinished > 0; }, patience_for_one, ec);
            if (e.unfinished > 0) // The submitting thread may have ended: cancel all requests.
                release_all(ec);
        } catch (std::bad_alloc const&) { // The completions stay in the ring.
        }
    }

    void wait(std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) override {
        detail::test_cancellation(); // A poll by io_uring_enter(2) is no cancellation point.
        if ((ec = std::exchange(failure_, {})))
            return;
        attempt(
            [&] {
                move_to_this_thread(ec);
                if (!ec)
                    watch_queued(ec);
            },
            ec);
        if (ec)
            return;
        old_ = completions_.size();
        bool const poll = old_ > 0 || timeout == timeout.zero();
        int const result = submit_and_wait(poll ? 0 : 1, timeout);
        bool const none = result == -ETIME || (result == -EAGAIN && poll);
        if (result < 0 && !none && ring_.ready() == 0)
            ec = ring::to_error(result);
    }

    void collect(event_sink& sink) override {
        reap();
        poll_doubtful();
        for (ring::completion const& c : completions_) {
            if (c.request == waker_id)
                continue;
            entry* const e = find(c.request);
            if (!e) { // The request is from before modify() or remove().
                if (c.result > 0)
                    sink.note_stale();
                continue;
            }
            if (!c.more)
                e->request = 0;
            if (c.result == -EBADF) // The handle is closed: report nothing until modify().
                continue;
            int const wanted = to_poll(e->wanted.events) | POLLHUP | POLLERR | POLLNVAL;
            int const found = c.result > 0 ? c.result & wanted : 0;
            bool const once = e->wanted.mode != trigger::edge;
            std::error_code refused;     // If set, watch_queued() cancels it later.
            if (once && c.more && found) // The peer was half-closed; now there is a wanted event.
                cancel(*e, refused);
            e->half_closed = once && c.result > 0 && !found;
            bool const again = !found || e->wanted.mode != trigger::oneshot;
            if ((e->request == 0 || refused) && again)
                queue_.push(index_of(e->id));
            if (found)
                sink.report(e->id, from_poll(found), flags_of(found));
            else if (c.result < 0 && c.result != -ECANCELED) // ECANCELED: its thread has ended.
                failure_ = ring::to_error(c.result);
        }
        completions_.clear();
        old_ = 0;
    }

    void wake() noexcept override { waker_.signal(); }

    void close() noexcept override {
        try {
            std::error_code ec;
            release_all(ec); // Closing the ring alone would release the files only later.
        } catch (std::bad_alloc const&) {
        }
        ring_.reset();
    }

    void abandon() noexcept override {
        ring_.reset();
        waker_.close();
    }

    void after_fork(std::error_code& ec) override {
        abandon();
        queue_.clear();
        for (entry& e : entries_)
            e = {}; // The entries keep their places.
        completions_.clear();
        old_ = 0;
        unfinished_ = 0;
        failure_.clear();
        waker_watched_ = false;
        waker_.open(ec);
        if (!ec)
            ring_.start(ec);
    }

    /// A registration and its poll requests.
    struct entry {
        token id{};
        native_handle_type handle = invalid_native_handle;
        interest wanted = event::none;
        request_id request = 0;     ///< Its current poll request; 0 if there is none.
        std::size_t unfinished = 0; ///< Requests of this entry that have not completed.
        bool queued = false;        ///< It is in `queue_`.
        bool half_closed = false;   ///< See watch().
        bool reports_once = false;  ///< poll() may report an event of this file only once.
    };

    static event_flags flags_of(int found) noexcept {
        event_flags flags = event_flags::none;
        if (found & POLLHUP)
            flags |= event_flags::hang_up;
        if (found & (POLLERR | POLLNVAL))
            flags |= event_flags::error;
        return flags;
    }

    // Requests

    /// Queues the handle, so that it is watched from the next wait on.
    void ask_later(native_handle_type handle, interest wanted, token id) noexcept {
        entry& e = entries_[index_of(id)];
        e.id = id;
        e.handle = handle;
        e.wanted = wanted;
        e.half_closed = false;
        e.reports_once = has(wanted.events, event::priority) && !detail::is_socket(handle);
        queue_.push(index_of(id));
    }

    int submit_and_wait(unsigned count, std::chrono::nanoseconds timeout) {
#if defined(BOOST_SELECTORS_TSAN)
        // A signal is handled only between two steps.
        for (constexpr milliseconds step(10); count > 0 && timeout > step;) {
            if (int const result = submit_and_wait_once(count, step); result != -ETIME)
                return result;
            if (timeout != timeout.max())
                timeout -= step;
        }
#endif
        return submit_and_wait_once(count, timeout);
    }

    int submit_and_wait_once(unsigned count, std::chrono::nanoseconds timeout) {
        timespec const time = detail::to_timespec(timeout);
        __kernel_timespec limit{time.tv_sec, time.tv_nsec};
        __kernel_timespec* const end = timeout == timeout.max() ? nullptr : &limit;
        return count == 0 ? ring_.submit_and_wait(0, end)
                          : ring_.submit_and_wait_cancellably(count, end);
    }

    void watch_queued(std::error_code& ec) noexcept {
        if (!waker_watched_)
            watch_waker(ec);
        if (ec)
            return;
        queue_.drain([&](entry& e) {
            cancel(e, ec);                 // If the kernel refused that before.
            if (!ec && is_valid(e.handle)) // Not unregistered meanwhile.
                watch(e, ec);
            return !ec;
        });
    }

    /// The waker is never drained: each signal() causes one more completion of the multishot
    /// request.
    void watch_waker(std::error_code& ec) noexcept {
        io_uring_sqe* const request = ring_.prepare(ec);
        if (!request)
            return;
        ::io_uring_prep_poll_multishot(request, waker_.handle(), POLLIN);
        ::io_uring_sqe_set_data64(request, waker_id);
        waker_watched_ = true;
    }

    /// If the peer is half-closed, an ordinary request completes even if that is not wanted, and so
    /// would the next one, at once. A multishot request is silent until something new happens.
    void watch(entry& e, std::error_code& ec) noexcept {
        io_uring_sqe* const request = ring_.prepare(ec);
        if (!request)
            return;
        auto flags = static_cast<unsigned>(to_poll(e.wanted.events));
        if (flags & POLLPRI) // For POLLPRI alone, no socket wakes io_uring.
            flags |= POLLRDBAND;
        if (e.wanted.mode == trigger::edge || e.half_closed)
            ::io_uring_prep_poll_multishot(request, e.handle, flags);
        else
            ::io_uring_prep_poll_add(request, e.handle, flags);
        constexpr unsigned index_bits = detail::token_index_bits;
        last_request_ = last_request_ % (~request_id{0} >> index_bits) + 1;
        e.request = last_request_ << index_bits | index_of(e.id);
        ::io_uring_sqe_set_data64(request, e.request);
        ++e.unfinished;
        ++unfinished_;
    }

    void cancel(entry& e, std::error_code& ec) noexcept {
        if (e.request == 0)
            return;
        cancel(e.request, ec);
        if (!ec)
            e.request = 0;
    }

    void cancel(request_id id, std::error_code& ec) noexcept {
        io_uring_sqe* const request = ring_.prepare(ec);
        if (!request)
            return;
        ::io_uring_prep_cancel64(request, id, 0);
        ::io_uring_sqe_set_data64(request, cancel_id);
    }

    /// Cancels all requests, and queues their entries to be requested again.
    void release_all(std::error_code& ec) {
        ec.clear();
        for (entry& e : entries_) {
            if (e.request == 0)
                continue;
            cancel(e, ec);
            if (ec)
                return;
            queue_.push(index_of(e.id));
        }
        if (waker_watched_) {
            cancel(waker_id, ec);
            if (ec)
                return;
            waker_watched_ = false;
        }
        await([this] { return unfinished_ > 0; }, patience_for_all, ec);
    }

    /// Requests complete on the thread that submitted them, which may be busy elsewhere or have
    /// ended. So the thread that waits submits all of them.
    void move_to_this_thread(std::error_code& ec) {
        if (asker_ == this_thread())
            return;
        release_all(ec);
        if (!ec)
            asker_ = this_thread();
    }

    /// Submits the requests, and waits for completions while @p any returns true, but no longer
    /// than @p patience.
    template <class Unfinished>
    void await(Unfinished const& any, milliseconds patience, std::error_code& ec) {
        using clock = std::chrono::steady_clock;
        auto const end = clock::now() + patience;
        attempt([&] { ring_.submit(ec); }, ec);
        while (!ec && any() && clock::now() < end) {
            attempt(
                [&] {
                    __kernel_timespec step = await_step;
                    int const result = ring_.submit_and_wait(1, &step);
                    if (result != 0 && result != -EINTR && result != -ETIME)
                        ec = ring::to_error(result);
                },
                ec);
        }
    }

    /// Calls @p ask. Takes the completions and repeats the call if the kernel accepted nothing
    /// because the completions found no room.
    template <class Ask>
    void attempt(Ask ask, std::error_code& ec) {
        do {
            ec.clear();
            ask();
        } while (reap() && ec == std::errc::device_or_resource_busy);
    }

    // Completions

    bool reap() {
        return ring_.reap([this](std::size_t n) { completions_.reserve(completions_.size() + n); },
            [this](ring::completion const& c) { take(c); });
    }

    void take(ring::completion const& c) noexcept {
        if (c.request == cancel_id)
            return;
        if (c.request == waker_id) {
            waker_watched_ = waker_watched_ && c.more;
        } else if (!c.more) {
            --entries_[index_of_request(c.request)].unfinished;
            --unfinished_;
        }
        completions_.push_back(c); // reap() has reserved memory for it.
    }

    static std::size_t index_of_request(request_id request) noexcept {
        return static_cast<std::size_t>(request & detail::token_index_mask);
    }

    /// Returns the entry whose current request this is; null if there is none.
    entry* find(request_id request) noexcept {
        std::size_t const index = index_of_request(request);
        return index < entries_.size() && entries_[index].request == request ? &entries_[index]
                                                                             : nullptr;
    }

    /// Returns whether the result may be wrong. If the request completed before the wait began, the
    /// handle may not be ready any more. And when a socket wakes its waiters, it reports all data
    /// as urgent.
    bool is_doubtful(ring::completion const& c) noexcept {
        bool const is_old = &c - completions_.data() < static_cast<std::ptrdiff_t>(old_);
        if (c.result <= 0 || (!is_old && (c.result & POLLPRI) == 0))
            return false;
        entry const* const e = find(c.request);
        return e && !e->reports_once;
    }

    /// Replaces the results that may be wrong.
    void poll_doubtful() {
        again_.clear();
        for (ring::completion const& c : completions_)
            if (is_doubtful(c)) {
                entry const& e = *find(c.request);
                again_.add(e.handle, e.wanted.events);
            }
        if (!again_.ask())
            return;
        std::size_t i = 0;
        for (ring::completion& c : completions_)
            if (is_doubtful(c))
                c.result = again_.found(i++);
    }

    detail::waker waker_;
    bool waker_watched_ = false;
    ring ring_;
    detail::entry_table<entry> entries_;
    detail::entry_queue<entry> queue_{entries_}; ///< Entries to be watched from the next wait on.
    request_id last_request_ = 0;
    std::size_t unfinished_ = 0;      ///< Poll requests that have not completed.
    detail::thread_number asker_ = 0; ///< The thread that submits the requests.

    std::vector<ring::completion> completions_; ///< Not yet reported.
    std::size_t old_ = 0;                       ///< How many of them arrived before the wait.
    detail::poll_again again_;
    std::error_code failure_; ///< The error of a request; the next wait() returns it.
};

} // namespace

std::unique_ptr<selector_backend> detail::make_io_uring_backend() {
    return std::make_unique<io_uring_backend>();
}

} // namespace boost_selectors
