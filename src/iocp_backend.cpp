// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "afd.hpp"
#include "backends.hpp"
#include "entries.hpp"
#include "poll_again.hpp"
#include "poll_events.hpp"
#include "timeouts.hpp"
#include "windows.hpp"
#include <algorithm>
#include <vector>

namespace boost_selectors {

using detail::from_poll;

namespace {

constexpr ULONG_PTR waker_key = 1; // The driver's completions have 0.

/// Returns the flags to request. Of the events, only the wanted ones: an event that the program
/// does not consume would be reported again and again.
ULONG to_afd(event events) noexcept {
    ULONG flags = detail::afd_abort | detail::afd_connect_fail | detail::afd_local_close;
    if (has(events, event::read))
        flags |= detail::afd_receive | detail::afd_accept | detail::afd_disconnect;
    if (has(events, event::write))
        flags |= detail::afd_send;
    if (has(events, event::priority))
        flags |= detail::afd_receive_expedited;
    return flags;
}

class iocp_backend final : public selector_backend {
public:
    iocp_backend()
        : selector_backend("iocp", abilities()) {
        std::error_code ec;
        detail::start_winsock(ec);
        if (ec)
            throw std::system_error(ec, "WSAStartup");
        port_ =
            detail::kernel_handle(::CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 0));
        if (!port_.get())
            throw std::system_error(static_cast<int>(::GetLastError()), std::system_category(),
                "CreateIoCompletionPort");
        afd(0, ec);
        if (ec)
            throw std::system_error(ec, "AFD");
    }

    ~iocp_backend() override { close(); } // The kernel must not write to freed requests.

private:
    static capabilities abilities() noexcept {
        capabilities can;
        can.oneshot = can.priority = true;
        can.closed_handles = true;
        return can;
    }

    void add(native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        detail::check_open(handle, ec);
        if (ec)
            return;
        SOCKET const base = detail::base_socket(handle, ec);
        if (ec)
            return;
        entry& e = entries_.place(index_of(id));
        e.id = id;
        e.handle = handle;
        e.base = base;
        queue_.reserve();
        ask(e, wanted, ec);
        if (ec)
            e.handle = invalid_native_handle;
    }

    void modify(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        detail::check_open(handle, ec);
        if (!ec)
            ask(entries_[index_of(id)], wanted, ec);
    }

    void remove(native_handle_type, token id) noexcept override {
        entry& e = entries_[index_of(id)];
        closed_.erase(std::remove(closed_.begin(), closed_.end(), id), closed_.end());
        cancel(e);
        e.handle = invalid_native_handle;
    }

    void wait(std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) override {
        if (count_ > 0) // An exception prevented the call of collect().
            return;
        ask_queued(ec);
        if (ec)
            return;
        if (!closed_.empty())
            timeout = timeout.zero();
        if (found_.size() < pending_ + 1)
            found_.resize(pending_ + 1);
        ready_.reserve(found_.size()); // So that no event gets lost if memory runs out.
        again_.reserve(found_.size());
        ULONG n = 0;
        if (!::GetQueuedCompletionStatusEx(port_.get(), found_.data(),
                static_cast<ULONG>(found_.size()), &n,
                static_cast<DWORD>(detail::to_milliseconds(timeout)), FALSE)) {
            n = 0;
            if (::GetLastError() != WAIT_TIMEOUT)
                ec = {static_cast<int>(::GetLastError()), std::system_category()};
        }
        count_ = n;
    }

    void collect(event_sink& sink) override {
        for (token const id : closed_)
            sink.report(id, event::none, event_flags::error);
        closed_.clear();

        ready_.clear();
        again_.clear();
        for (std::size_t i = 0; i < count_; ++i) {
            if (found_[i].lpCompletionKey == waker_key)
                continue;
            auto& r = *reinterpret_cast<request*>(found_[i].lpOverlapped);
            bool const done =
                r.status.Status == detail::status_success && r.info.number_of_handles > 0;
            ULONG const flags = done ? r.info.events : 0;
            entry* const e = take_back(found_[i]);
            if (!e) { // The request is from before modify() or remove().
                if (done)
                    sink.note_stale();
                continue;
            }
            if (flags & detail::afd_local_close) { // Report nothing more until modify().
                sink.report(e->id, event::none, event_flags::error);
                continue;
            }
            bool const refused = r.status.Status != detail::status_success &&
                                 r.status.Status != detail::status_cancelled;
            bool const failed = (flags & (detail::afd_abort | detail::afd_connect_fail)) != 0;
            ready_.emplace_back(e, refused || failed);
            again_.add(e->handle, e->wanted.events);
        }
        count_ = 0;
        again_.ask(); // A handle that was ready before the wait may not be ready any more.
        for (std::size_t i = 0; i < ready_.size(); ++i) {
            auto const [e, failed] = ready_[i];
            int const found = again_.found(i);
            bool const error = failed || (found & (POLLERR | POLLNVAL)) != 0;
            event events = from_poll(found);
            if (found & POLLHUP) // This means only that the peer has ended its stream.
                events |= event::read;
            bool const any = (events & e->wanted.events) != event::none || error;
            bool const closed = (found & POLLNVAL) != 0; // Report nothing more until modify().
            if (!any || (!closed && e->wanted.mode != trigger::oneshot))
                queue_.push(index_of(e->id));
            if (any)
                sink.report(e->id, events, error ? event_flags::error : event_flags::none);
        }
    }

    void wake() noexcept override {
        // The call fails if the kernel is out of memory. Repeat it until memory is free again.
        while (!::PostQueuedCompletionStatus(port_.get(), 0, waker_key, nullptr))
            ::Sleep(1);
    }

    void close() noexcept override {
        for (entry& e : entries_)
            cancel(e);
        // The kernel owns the requests until their completions were taken from the port. The port
        // itself stays open for a late wake().
        for (std::size_t i = 0; i < count_; ++i)
            take_back(found_[i]);
        count_ = 0;
        OVERLAPPED_ENTRY found[64];
        ULONG n = 0;
        while (pending_ > 0 &&
               ::GetQueuedCompletionStatusEx(port_.get(), found, 64, &n, INFINITE, FALSE))
            for (ULONG i = 0; i < n; ++i)
                take_back(found[i]);
        if (pending_ > 0) // Leak them, so that the kernel does not write to freed memory.
            for (auto& r : requests_)
                (void)r.release();
        ways_.clear();
        entries_.clear();
        queue_.clear();
        closed_.clear();
    }

    /// A poll request. The kernel may write to it until its completion was taken from the port.
    struct request {
        IO_STATUS_BLOCK status;
        detail::afd_poll_info info;
        HANDLE afd;
        token id;
        bool current; ///< Its registration still waits for it.
    };

    struct entry {
        token id{};
        native_handle_type handle = invalid_native_handle;
        SOCKET base = INVALID_SOCKET;
        interest wanted = event::none;
        request* pending = nullptr;
        bool queued = false; ///< It is in `queue_`.
    };

    /// Returns the driver's handle for the socket with that index. Few sockets share a handle,
    /// because the driver searches all requests of a handle to cancel one.
    HANDLE afd(std::size_t index, std::error_code& ec) {
        std::size_t const group = index / 32;
        while (group >= ways_.size()) {
            detail::kernel_handle way = detail::open_afd(port_.get(), ec);
            if (ec)
                return nullptr;
            ways_.push_back(std::move(way));
        }
        return ways_[group].get();
    }

    request& allocate() {
        if (unused_.empty()) {
            unused_.reserve(requests_.size() + 1); // So that putting it back can't fail.
            requests_.push_back(std::make_unique<request>());
            return *requests_.back();
        }
        request* const r = unused_.back();
        unused_.pop_back();
        return *r;
    }

    /// Submits a poll request for the events that are wanted of the entry from now on.
    void ask(entry& e, interest wanted, std::error_code& ec) {
        HANDLE const way = afd(index_of(e.id), ec);
        if (ec)
            return;
        request& r = allocate();
        cancel(e);
        e.wanted = wanted;
        r.info = {};
        r.info.timeout.QuadPart = std::numeric_limits<LONGLONG>::max();
        r.info.number_of_handles = 1;
        r.info.handle = reinterpret_cast<HANDLE>(e.base);
        r.info.events = to_afd(e.wanted.events);
        r.status.Status = detail::status_pending;
        r.afd = way;
        r.id = e.id;
        r.current = true;
        NTSTATUS const result = ::NtDeviceIoControlFile(way, nullptr, nullptr, &r, &r.status,
            detail::ioctl_afd_poll, &r.info, sizeof r.info, &r.info, sizeof r.info);
        if (result != detail::status_success && result != detail::status_pending) {
            unused_.push_back(&r);
            ec = detail::to_error(result);
            return;
        }
        e.pending = &r;
        ++pending_;
    }

    void cancel(entry& e) noexcept {
        if (!e.pending)
            return;
        IO_STATUS_BLOCK status;
        e.pending->current = false;
        // The request may have completed already.
        ::NtCancelIoFileEx(e.pending->afd, &e.pending->status, &status);
        e.pending = nullptr;
    }

    void ask_queued(std::error_code& ec) {
        queue_.drain([&](entry& e) {
            if (!is_valid(e.handle) || e.pending) // Unregistered or modified meanwhile.
                return true;
            ask(e, e.wanted, ec);
            if (ec.value() == ERROR_INVALID_HANDLE) {
                closed_.push_back(e.id);
                ec.clear();
            }
            return !ec;
        });
    }

    /// Takes back a completed request. @return the entry that still waits for it, or null.
    entry* take_back(OVERLAPPED_ENTRY const& completed) noexcept {
        if (completed.lpCompletionKey == waker_key)
            return nullptr;
        request& r = *reinterpret_cast<request*>(completed.lpOverlapped);
        --pending_;
        unused_.push_back(&r);
        if (!r.current)
            return nullptr;
        entry& e = entries_[index_of(r.id)];
        e.pending = nullptr;
        return &e;
    }

    // In this order, so that the requests outlive the port.
    std::vector<std::unique_ptr<request>> requests_;
    std::vector<request*> unused_;
    std::size_t pending_ = 0;
    detail::kernel_handle port_;
    std::vector<detail::kernel_handle> ways_;

    detail::entry_table<entry> entries_;
    detail::entry_queue<entry> queue_{entries_}; ///< Entries to be requested from the next wait on.
    std::vector<token> closed_;                  ///< Found closed, not yet reported.

    std::vector<OVERLAPPED_ENTRY> found_;
    std::size_t count_ = 0;
    std::vector<std::pair<entry*, bool>> ready_; ///< Entries, and whether they have an error.
    detail::poll_again again_;                   ///< One handle for each of `ready_`.
};

} // namespace

std::unique_ptr<selector_backend> detail::make_iocp_backend() {
    return std::make_unique<iocp_backend>();
}

} // namespace boost_selectors
