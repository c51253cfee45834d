// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "entries.hpp"
#include "fork_generation.hpp"
#include "poll_events.hpp"
#include "posix.hpp"
#include "waker.hpp"
#include <algorithm>
#include <boost_selectors/io_uring_selector.hpp>
#include <liburing.h>
#include <thread>
#include <vector>

namespace boost_selectors {

using detail::from_poll;
using detail::to_poll;

namespace {

std::error_code to_error(int result) noexcept {
    return {-result, std::system_category()};
}

/// A request's own number, which no earlier request had, above the index of its entry.
using request_id = std::uint64_t;

// No numbers of poll requests.
constexpr request_id cancel_id = 0;
constexpr request_id waker_id = 1;

} // namespace

struct io_uring_selector::backend {
    /// Where a registration's readiness is asked for.
    struct entry {
        token id{};
        native_handle_type handle = invalid_native_handle;
        interest wanted = event::none;
        request_id request = 0; ///< Its poll request that the kernel has; 0 is none.
        bool queued = false;    ///< It is in `queue`.
    };

    struct completion {
        request_id request;
        int result;
        bool more; ///< The request goes on.
    };

    /// The kernel's rings.
    struct ring {
        ring() = default;
        ring(ring const&) = delete;
        ring& operator=(ring const&) = delete;
        ~ring() { reset(); }

        void reset() noexcept {
            if (open)
                ::io_uring_queue_exit(&rings);
            open = false;
        }

        void start(std::error_code& ec) noexcept {
            io_uring_params p = parameters();
#if defined(IORING_SETUP_SUBMIT_ALL)
            p.flags |= IORING_SETUP_SUBMIT_ALL;
#endif
            int result = ::io_uring_queue_init_params(submissions, &rings, &p);
            if (result == -EINVAL) { // A kernel before 5.18.
                p = parameters();
                result = ::io_uring_queue_init_params(submissions, &rings, &p);
            }
            open = result >= 0;
            // Those of 5.13 are the last that are needed: poll requests that go on.
            constexpr unsigned needed =
                IORING_FEAT_NODROP | IORING_FEAT_EXT_ARG | IORING_FEAT_RSRC_TAGS;
            if (open && (p.features & needed) != needed) {
                reset();
                result = -ENOSYS;
            }
            ec = result < 0 ? to_error(result) : std::error_code();
        }

        static io_uring_params parameters() noexcept {
            io_uring_params p{};
            p.flags = IORING_SETUP_CLAMP | IORING_SETUP_CQSIZE;
            p.cq_entries = 16 * submissions;
            return p;
        }

        static constexpr unsigned submissions = 256;
        io_uring rings{};
        bool open = false;
    };

    backend() {
        std::error_code ec;
        start(ec);
        if (ec)
            throw std::system_error(ec, "io_uring (needs Linux 5.13, and may be forbidden)");
    }

    /// Nothing watched but the waker.
    void start(std::error_code& ec) {
        entries.clear();
        queue.clear();
        completions.clear();
        uring.reset();
        uring.start(ec);
        made_in = detail::fork_generation();
        waker_watched = false;
    }

    /// Whether this is a child process that has not called notify_fork_child(). The rings are its
    /// parent's then, and must not be touched.
    bool is_parents() const noexcept {
        return made_in != detail::fork_generation();
    }

    /// A place for a request; null if the kernel takes none.
    io_uring_sqe* prepare(std::error_code& ec) noexcept {
        while (true) {
            if (io_uring_sqe* const request = ::io_uring_get_sqe(&uring.rings)) {
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
            result = ::io_uring_submit(&uring.rings);
        while (result == -EINTR);
        ec = result < 0 ? to_error(result) : std::error_code();
    }

    /// The waker is never drained: each signal() completes the request anew, and it goes on.
    void watch_waker(std::error_code& ec) noexcept {
        io_uring_sqe* const request = prepare(ec);
        if (!request)
            return;
        ::io_uring_prep_poll_multishot(request, wake.handle(), POLLIN);
        ::io_uring_sqe_set_data64(request, waker_id);
        waker_watched = true;
    }

    void watch(entry& e, std::error_code& ec) noexcept {
        io_uring_sqe* const request = prepare(ec);
        if (!request)
            return;
        auto flags = static_cast<unsigned>(to_poll(e.wanted.events));
        if (flags & POLLPRI) // Which alone no socket wakes io_uring for.
            flags |= POLLRDBAND;
        if (e.wanted.mode == trigger::edge)
            ::io_uring_prep_poll_multishot(request, e.handle, flags);
        else
            ::io_uring_prep_poll_add(request, e.handle, flags);
        e.request = ++last_request * (index_mask + 1) | index_of(e.id);
        ::io_uring_sqe_set_data64(request, e.request);
    }

    void cancel(entry& e, std::error_code& ec) noexcept {
        if (is_parents())
            e.request = 0;
        if (e.request == 0)
            return;
        io_uring_sqe* const request = prepare(ec);
        if (!request)
            return;
        ::io_uring_prep_cancel64(request, std::exchange(e.request, 0), 0);
        ::io_uring_sqe_set_data64(request, cancel_id);
    }

    void watch_queued(std::error_code& ec) noexcept {
        queue.drain([&](entry& e) {
            if (is_valid(e.handle)) // Not unregistered meanwhile.
                watch(e, ec);
            return !ec;
        });
    }

    void wait(std::chrono::nanoseconds timeout, std::error_code& ec) noexcept {
#if defined(BOOST_SELECTORS_TSAN)
        timeout = std::min<std::chrono::nanoseconds>(timeout, std::chrono::milliseconds(10));
#endif
        bool const poll = old > 0 || timeout == timeout.zero();
        timespec const time = detail::to_timespec(timeout);
        __kernel_timespec limit{time.tv_sec, time.tv_nsec};
        io_uring_cqe* first;
        int const result = ::io_uring_submit_and_wait_timeout(&uring.rings, &first, poll ? 0 : 1,
            timeout == timeout.max() ? nullptr : &limit, nullptr);
        bool const none = result == -ETIME || (result == -EAGAIN && poll);
        bool const refused = result < 0 && !none && ::io_uring_cq_ready(&uring.rings) == 0;
        ec = refused ? to_error(result) : std::error_code();
    }

    /// The entry whose request this is, if it is still the one that counts.
    entry* find(request_id request) noexcept {
        auto const index = static_cast<std::size_t>(request & index_mask);
        return index < entries.size() && entries[index].request == request ? &entries[index]
                                                                           : nullptr;
    }

    /// Waits for the end of a cancelled request. The kernel ends it in the thread that asked, for
    /// which a moment suffices, unless that one is stopped or stuck.
    void await(request_id request) noexcept {
        while (true) {
            unsigned seen = 0;
            unsigned head;
            io_uring_cqe* c;
            io_uring_for_each_cqe(&uring.rings, head, c) {
                if (c->user_data == request && !(c->flags & IORING_CQE_F_MORE))
                    return;
                ++seen;
            }
            __kernel_timespec moment{0, 100'000'000};
            int const result =
                ::io_uring_submit_and_wait_timeout(&uring.rings, &c, seen + 1, &moment, nullptr);
            if (result < 0 && result != -EINTR)
                return;
        }
    }

    void fetch() {
        completions.clear();
        unsigned head;
        io_uring_cqe* c;
        io_uring_for_each_cqe(&uring.rings, head, c) {
            completions.push_back({c->user_data, c->res < 0 ? c->res : c->res & ~POLLRDBAND,
                (c->flags & IORING_CQE_F_MORE) != 0});
        }
        ::io_uring_cq_advance(&uring.rings, static_cast<unsigned>(completions.size()));
    }

    /// Whether the answer may be wrong: what completed before the wait began may be over by now,
    /// and a socket calls all data urgent when it wakes those who wait.
    bool is_doubtful(completion const& c) noexcept {
        bool const is_old = &c - completions.data() < static_cast<std::ptrdiff_t>(old);
        return c.result > 0 && (is_old || (c.result & POLLPRI) != 0) && find(c.request);
    }

    void ask_again() {
        fds.clear();
        for (completion const& c : completions)
            if (is_doubtful(c)) {
                entry const& e = *find(c.request);
                fds.push_back({e.handle, to_poll(e.wanted.events), 0});
            }
        if (fds.empty() || ::poll(fds.data(), static_cast<nfds_t>(fds.size()), 0) == -1)
            return;
        auto fd = fds.begin();
        for (completion& c : completions)
            if (is_doubtful(c))
                c.result = (fd++)->revents;
    }

    static constexpr request_id index_mask = (request_id{1} << 24) - 1;

    detail::waker wake;
    bool waker_watched = false;
    ring uring;
    int made_in = 0; ///< The fork_generation() of the process that made `uring`.
    detail::entry_table<entry> entries;
    detail::entry_queue<entry> queue{entries}; ///< Those to be watched from the next wait on.
    request_id last_request = 0;
    std::thread::id asker; ///< The thread that made the last requests.

    std::vector<completion> completions;
    std::size_t old = 0; ///< So many of them were there before the wait.
    std::vector<pollfd> fds;
    std::error_code failure; ///< Of a request, for the next wait to tell.
};

io_uring_selector::io_uring_selector()
    : backend_(std::make_unique<backend>()) {}

io_uring_selector::~io_uring_selector() {
    close();
}

void io_uring_selector::do_register(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    detail::check_open(handle, ec);
    if (ec)
        return;
    backend& b = *backend_;
    backend::entry& e = b.entries.place(index_of(id));
    e.id = id;
    e.handle = handle;
    e.wanted = wanted;
    b.queue.push(index_of(id));
}

void io_uring_selector::do_modify(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    detail::check_open(handle, ec);
    if (ec)
        return;
    backend& b = *backend_;
    backend::entry& e = b.entries[index_of(id)];
    b.cancel(e, ec);
    if (ec)
        return;
    e.wanted = wanted;
    b.queue.push(index_of(id));
}

void io_uring_selector::do_unregister(native_handle_type, token id) noexcept {
    backend& b = *backend_;
    backend::entry& e = b.entries[index_of(id)];
    e.handle = invalid_native_handle;
    request_id const request = e.request;
    std::error_code ec;
    b.cancel(e, ec);
    e.request = 0;
    if (request == 0 || b.is_parents())
        return;
    // At once, since the request keeps the file open. If the kernel refuses for the moment, it
    // comes with the next wait.
    b.submit(ec);
    if (!ec && b.asker != std::this_thread::get_id())
        b.await(request);
}

void io_uring_selector::do_wait(
    std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) {
    backend& b = *backend_;
    b.old = 0;
    if (b.is_parents())
        return; // do_collect() starts afresh.
    if ((ec = std::exchange(b.failure, {})))
        return;
    b.asker = std::this_thread::get_id();
    if (!b.waker_watched)
        b.watch_waker(ec);
    if (!ec)
        b.watch_queued(ec);
    if (ec)
        return;
    b.old = ::io_uring_cq_ready(&b.uring.rings);
    b.wait(timeout, ec);
}

void io_uring_selector::do_collect() {
    backend& b = *backend_;
    if (b.is_parents()) {
        do_fork_child(b.failure);
        if (!b.failure)
            register_all(b.failure);
        return;
    }
    b.fetch();
    b.ask_again();
    for (backend::completion const& c : b.completions) {
        if (c.request == cancel_id)
            continue;
        if (c.request == waker_id) {
            b.waker_watched = c.more;
            continue;
        }
        backend::entry* const e = b.find(c.request);
        if (!e) { // Of a time before do_modify() or do_unregister().
            if (c.result > 0)
                report(token{0}, event::none);
            continue;
        }
        if (!c.more)
            e->request = 0;
        if (c.result == -EBADF) // Closed: nothing more until do_modify().
            continue;
        if (!c.more && (c.result <= 0 || e->wanted.mode != trigger::oneshot))
            b.queue.push(index_of(e->id));
        if (c.result > 0)
            report(e->id, from_poll(c.result), (c.result & POLLHUP) != 0,
                (c.result & (POLLERR | POLLNVAL)) != 0);
        else if (c.result < 0 && c.result != -ECANCELED) // The thread that asked has ended.
            b.failure = to_error(c.result);
    }
}

void io_uring_selector::do_wakeup() noexcept {
    backend_->wake.signal();
}

void io_uring_selector::do_close() noexcept {
    backend_->uring.reset();
}

capabilities io_uring_selector::do_capabilities() const noexcept {
    capabilities can;
    can.edge = can.oneshot = can.priority = true;
    can.regular_files = true;
    can.flags = true;
    can.resolution = std::chrono::nanoseconds(1);
    return can;
}

std::string_view io_uring_selector::do_name() const noexcept {
    return "io_uring";
}

void io_uring_selector::do_fork_child(std::error_code& ec) {
    backend_->wake.recreate(ec);
    if (!ec)
        backend_->start(ec);
}

} // namespace boost_selectors
