// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "entries.hpp"
#include "fork_generation.hpp"
#include "poll_events.hpp"
#include "posix.hpp"
#include "waker.hpp"
#include <algorithm>
#include <atomic>
#include <boost_selectors/io_uring_selector.hpp>
#include <liburing.h>
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

/// A number of this thread that no other thread of the process has or had.
std::uint64_t this_thread() noexcept {
    static std::atomic<std::uint64_t> last = 0;
    thread_local std::uint64_t const number = ++last;
    return number;
}

} // namespace

struct io_uring_selector::backend {
    /// Where a registration's readiness is asked for.
    struct entry {
        token id{};
        native_handle_type handle = invalid_native_handle;
        interest wanted = event::none;
        request_id request = 0;     ///< Its poll request that counts; 0 is none.
        std::size_t unfinished = 0; ///< Requests of this place that the kernel has not ended.
        bool queued = false;        ///< It is in `queue`.
        bool half_closed = false;   ///< See watch().
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
            // From Linux 5.19, 5.18, and before. Completions that interrupt the thread that asked
            // are dear: they can wait for its next system call.
            int result = -EINVAL;
            for (unsigned const flags : {co_operative | all, all, 0u}) {
                io_uring_params p{};
                p.flags = IORING_SETUP_CLAMP | IORING_SETUP_CQSIZE | flags;
                p.cq_entries = 16 * submissions;
                result = ::io_uring_queue_init_params(submissions, &rings, &p);
                open = result >= 0;
                // Those of 5.13 are the last that are needed: poll requests that go on.
                constexpr unsigned needed =
                    IORING_FEAT_NODROP | IORING_FEAT_EXT_ARG | IORING_FEAT_RSRC_TAGS;
                if (open && (p.features & needed) != needed) {
                    reset();
                    result = -ENOSYS;
                }
                if (result != -EINVAL)
                    break;
            }
            ec = result < 0 ? to_error(result) : std::error_code();
        }

#if defined(IORING_SETUP_SUBMIT_ALL) && defined(IORING_SETUP_TASKRUN_FLAG)
        static constexpr unsigned all = IORING_SETUP_SUBMIT_ALL;
        static constexpr unsigned co_operative =
            IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG;
#else
        static constexpr unsigned all = 0, co_operative = 0;
#endif
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

    /// Nothing watched but the waker. The entries keep their places.
    void start(std::error_code& ec) {
        queue.clear();
        for (entry& e : entries)
            e = {};
        completions.clear();
        unfinished = 0;
        failure.clear();
        waker_watched = false;
        uring.reset();
        uring.start(ec);
        if (!ec)
            made_in = detail::fork_generation();
    }

    /// Whether there are rings. In a child process that has not called notify_fork_child() they
    /// are its parent's, and must not be touched.
    bool usable() const noexcept {
        return uring.open && made_in == detail::fork_generation();
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

    /// A request always ends for a half-closed peer, wanted or not, and would end again at once.
    /// One that goes on is silent until something new happens.
    void watch(entry& e, std::error_code& ec) noexcept {
        io_uring_sqe* const request = prepare(ec);
        if (!request)
            return;
        auto flags = static_cast<unsigned>(to_poll(e.wanted.events));
        if (flags & POLLPRI) // Which alone no socket wakes io_uring for.
            flags |= POLLRDBAND;
        if (e.wanted.mode == trigger::edge || e.half_closed)
            ::io_uring_prep_poll_multishot(request, e.handle, flags);
        else
            ::io_uring_prep_poll_add(request, e.handle, flags);
        last_request = last_request % (~request_id{0} / (index_mask + 1)) + 1;
        e.request = last_request * (index_mask + 1) | index_of(e.id);
        ::io_uring_sqe_set_data64(request, e.request);
        ++e.unfinished;
        ++unfinished;
    }

    void cancel(entry& e, std::error_code& ec) noexcept {
        if (!usable())
            e.request = 0;
        if (e.request == 0)
            return;
        io_uring_sqe* const request = prepare(ec);
        if (!request)
            return;
        ::io_uring_prep_cancel64(request, std::exchange(e.request, 0), 0);
        ::io_uring_sqe_set_data64(request, cancel_id);
    }

    /// Asks the kernel by @p ask, which may take nothing while completions find no room.
    template <class Ask>
    void attempt(Ask ask, std::error_code& ec) {
        do {
            ec.clear();
            ask();
        } while (reap() && ec == std::errc::device_or_resource_busy);
    }

    /// The kernel lets go of what is cancelled in the thread that asked, for which a moment
    /// suffices, unless it is stopped or stuck.
    template <class Unfinished>
    void await(Unfinished const& any, std::chrono::milliseconds patience, std::error_code& ec) {
        using clock = std::chrono::steady_clock;
        auto const end = clock::now() + patience;
        attempt([&] { submit(ec); }, ec);
        while (!ec && any() && clock::now() < end) {
            attempt(
                [&] {
                    io_uring_cqe* c;
                    __kernel_timespec moment{0, 1'000'000};
                    int const result =
                        ::io_uring_submit_and_wait_timeout(&uring.rings, &c, 1, &moment, nullptr);
                    if (result < 0 && result != -EINTR && result != -ETIME)
                        ec = to_error(result);
                },
                ec);
        }
    }

    /// Gives all back that the kernel watches, to be asked for anew.
    void release_all(std::error_code& ec) {
        ec.clear();
        for (entry& e : entries) {
            if (e.request == 0)
                continue;
            cancel(e, ec);
            if (ec)
                return;
            queue.push(index_of(e.id));
        }
        if (waker_watched) {
            io_uring_sqe* const request = prepare(ec);
            if (!request)
                return;
            ::io_uring_prep_cancel64(request, waker_id, 0);
            ::io_uring_sqe_set_data64(request, cancel_id);
            waker_watched = false;
        }
        await([this] { return unfinished > 0; }, std::chrono::milliseconds(100), ec);
    }

    /// Requests complete by way of the thread that made them, which may be busy elsewhere, or gone.
    /// So all of them are made by the one that waits.
    void move_to_this_thread(std::error_code& ec) {
        if (asker == this_thread())
            return;
        release_all(ec);
        if (!ec)
            asker = this_thread();
    }

    void watch_queued(std::error_code& ec) noexcept {
        if (!waker_watched)
            watch_waker(ec);
        if (ec)
            return;
        queue.drain([&](entry& e) {
            cancel(e, ec);                 // Where the kernel refused that before.
            if (!ec && is_valid(e.handle)) // Not unregistered meanwhile.
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

    /// Takes all that has completed; also what found no room in the ring. @return whether any has.
    bool reap() {
        bool any = false;
        do {
            completions.reserve(completions.size() + ::io_uring_cq_ready(&uring.rings));
            unsigned n = 0;
            unsigned head;
            io_uring_cqe* c;
            io_uring_for_each_cqe(&uring.rings, head, c) {
                ++n;
                take({c->user_data, c->res, (c->flags & IORING_CQE_F_MORE) != 0});
            }
            ::io_uring_cq_advance(&uring.rings, n);
            any |= n > 0;
        } while (
            ::io_uring_cq_has_overflow(&uring.rings) && ::io_uring_get_events(&uring.rings) >= 0);
        return any;
    }

    void take(completion const& c) noexcept {
        if (c.request == cancel_id)
            return;
        if (c.request == waker_id) {
            waker_watched = waker_watched && c.more;
        } else if (!c.more) {
            --entries[c.request & index_mask].unfinished;
            --unfinished;
        }
        completions.push_back(c); // There is room.
    }

    /// The entry whose request this is, if it is still the one that counts.
    entry* find(request_id request) noexcept {
        auto const index = static_cast<std::size_t>(request & index_mask);
        return index < entries.size() && entries[index].request == request ? &entries[index]
                                                                           : nullptr;
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
    std::size_t unfinished = 0; ///< Poll requests that the kernel has not ended.
    std::uint64_t asker = 0;    ///< The thread that makes the requests.

    std::vector<completion> completions; ///< Not yet reported.
    std::size_t old = 0;                 ///< So many of them were there before the wait.
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
    b.queue.reserve();
    e.id = id;
    e.handle = handle;
    e.wanted = wanted;
    e.half_closed = false;
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
    e.id = id;
    e.handle = handle;
    e.wanted = wanted;
    e.half_closed = false;
    b.queue.push(index_of(id));
}

void io_uring_selector::do_unregister(native_handle_type, token id) noexcept {
    backend& b = *backend_;
    backend::entry& e = b.entries[index_of(id)];
    e.handle = invalid_native_handle;
    std::error_code ec;
    b.cancel(e, ec);
    if (ec)
        b.queue.push(index_of(id));
    if (e.unfinished == 0 || !b.usable())
        return;
    // At once, since the requests keep the file open. If the kernel refuses for the moment, the
    // cancellation comes with the next wait.
    try {
        if (b.asker == this_thread())
            return b.submit(ec);
        b.await([&] { return e.unfinished > 0; }, std::chrono::milliseconds(2), ec);
        if (e.unfinished > 0) // The thread that asked has ended, perhaps: all at once, then.
            b.release_all(ec);
    } catch (std::bad_alloc const&) { // What completed stays in the ring.
    }
}

void io_uring_selector::do_wait(
    std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) {
    backend& b = *backend_;
    if ((ec = std::exchange(b.failure, {})) || !b.usable())
        return; // do_collect() starts afresh.
    b.attempt(
        [&] {
            b.move_to_this_thread(ec);
            if (!ec)
                b.watch_queued(ec);
        },
        ec);
    if (ec)
        return;
    b.old = b.completions.size();
    b.wait(timeout, ec);
}

void io_uring_selector::do_collect() {
    backend& b = *backend_;
    if (!b.usable()) {
        do_fork_child(b.failure);
        if (!b.failure)
            register_all(b.failure);
        return;
    }
    b.reap();
    b.ask_again();
    for (backend::completion const& c : b.completions) {
        if (c.request == waker_id)
            continue;
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
        int const wanted = to_poll(e->wanted.events) | POLLHUP | POLLERR | POLLNVAL;
        int const found = c.result > 0 ? c.result & wanted : 0;
        bool const once = e->wanted.mode != trigger::edge;
        std::error_code refused;     // Then watch_queued() cancels it.
        if (once && c.more && found) // It was half-closed, and there is more to tell now.
            b.cancel(*e, refused);
        e->half_closed = once && c.result > 0 && !found;
        bool const again = !found || e->wanted.mode != trigger::oneshot;
        if ((e->request == 0 || refused) && again)
            b.queue.push(index_of(e->id));
        if (found)
            report(e->id, from_poll(found), (found & POLLHUP) != 0,
                (found & (POLLERR | POLLNVAL)) != 0);
        else if (c.result < 0 && c.result != -ECANCELED) // The thread that asked has ended.
            b.failure = to_error(c.result);
    }
    b.completions.clear();
    b.old = 0;
}

void io_uring_selector::do_wakeup() noexcept {
    backend_->wake.signal();
}

void io_uring_selector::do_close() noexcept {
    backend& b = *backend_;
    if (b.usable()) {
        try {
            std::error_code ec;
            b.release_all(ec); // The rings would let go of the files only later.
        } catch (std::bad_alloc const&) {
        }
        b.uring.reset();
    }
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
