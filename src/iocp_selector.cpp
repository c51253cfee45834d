// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "afd.hpp"
#include "entries.hpp"
#include "poll_events.hpp"
#include "windows.hpp"
#include <algorithm>
#include <boost_selectors/iocp_selector.hpp>
#include <vector>

namespace boost_selectors {

using detail::from_poll;
using detail::to_poll;

namespace {

constexpr ULONG_PTR waker_key = 1; // The driver's have 0.

/// To be asked for: no more than is wanted, since what is not taken would come again and again.
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

} // namespace

struct iocp_selector::backend {
    /// A poll request. The kernel writes to it until it has come back from the port.
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
        bool queued = false; ///< It is in `queue`.
    };

    backend() {
        port = detail::kernel_handle(::CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 0));
        if (!port.get())
            throw std::system_error(static_cast<int>(::GetLastError()), std::system_category(),
                "CreateIoCompletionPort");
        std::error_code ec;
        afd(0, ec);
        if (ec)
            throw std::system_error(ec, "AFD");
    }

    /// The way to the driver for the socket of that index. Each has few, since the driver looks
    /// through all requests of one to cancel one.
    HANDLE afd(std::size_t index, std::error_code& ec) {
        std::size_t const group = index / 32;
        while (group >= ways.size()) {
            detail::kernel_handle way = detail::open_afd(port.get(), ec);
            if (ec)
                return nullptr;
            ways.push_back(std::move(way));
        }
        return ways[group].get();
    }

    request& allocate() {
        if (unused.empty()) {
            unused.reserve(requests.size() + 1); // So that giving it back can't fail.
            requests.push_back(std::make_unique<request>());
            return *requests.back();
        }
        request* const r = unused.back();
        unused.pop_back();
        return *r;
    }

    /// Asks the driver for what is wanted of the entry from now on.
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
            unused.push_back(&r);
            ec = detail::to_error(result);
            return;
        }
        e.pending = &r;
        ++pending;
    }

    void cancel(entry& e) noexcept {
        if (!e.pending)
            return;
        IO_STATUS_BLOCK status;
        e.pending->current = false;
        // It may have been completed already.
        ::NtCancelIoFileEx(e.pending->afd, &e.pending->status, &status);
        e.pending = nullptr;
    }

    void ask_queued(std::error_code& ec) {
        queue.drain([&](entry& e) {
            if (!is_valid(e.handle) || e.pending) // Unregistered or modified meanwhile.
                return true;
            ask(e, e.wanted, ec);
            if (ec.value() == ERROR_INVALID_HANDLE) {
                closed.push_back(e.id);
                ec.clear();
            }
            return !ec;
        });
    }

    void wait(DWORD milliseconds, std::error_code& ec) {
        if (found.size() < pending + 1)
            found.resize(pending + 1);
        ready.reserve(found.size()); // So that nothing that is found gets lost.
        fds.reserve(found.size());
        ULONG n = 0;
        if (!::GetQueuedCompletionStatusEx(port.get(), found.data(),
                static_cast<ULONG>(found.size()), &n, milliseconds, FALSE)) {
            n = 0;
            if (::GetLastError() != WAIT_TIMEOUT)
                ec = {static_cast<int>(::GetLastError()), std::system_category()};
        }
        count = n;
    }

    /// Takes back what has completed. @return the entry that waited for it, if one still does.
    entry* take_back(OVERLAPPED_ENTRY const& completed) noexcept {
        if (completed.lpCompletionKey == waker_key)
            return nullptr;
        request& r = *reinterpret_cast<request*>(completed.lpOverlapped);
        --pending;
        unused.push_back(&r);
        if (!r.current)
            return nullptr;
        entry& e = entries[index_of(r.id)];
        e.pending = nullptr;
        return &e;
    }

    /// What completed before the wait began may be over by now. WSAPoll() fails if no socket is
    /// open any more.
    void ask_again() noexcept {
        if (fds.empty() || ::WSAPoll(fds.data(), static_cast<ULONG>(fds.size()), 0) >= 0)
            return;
        for (WSAPOLLFD& fd : fds) {
            std::error_code not_open;
            detail::check_open(fd.fd, not_open);
            fd.revents = not_open ? short{POLLNVAL} : fd.events;
        }
    }

    // In this order: the requests outlive the port.
    std::vector<std::unique_ptr<request>> requests;
    std::vector<request*> unused;
    std::size_t pending = 0;
    detail::kernel_handle port;
    std::vector<detail::kernel_handle> ways;

    detail::entry_table<entry> entries;
    detail::entry_queue<entry> queue{entries}; ///< Those to be asked for from the next wait on.
    std::vector<token> closed;                 ///< Found closed, not yet reported.

    std::vector<OVERLAPPED_ENTRY> found;
    std::size_t count = 0;
    std::vector<std::pair<entry*, bool>> ready; ///< And whether there is an error.
    std::vector<WSAPOLLFD> fds;
};

iocp_selector::iocp_selector() {
    detail::start_winsock();
    backend_ = std::make_unique<backend>();
}

iocp_selector::~iocp_selector() {
    close();
}

void iocp_selector::do_register(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    detail::check_open(handle, ec);
    if (ec)
        return;
    SOCKET const base = detail::base_socket(handle, ec);
    if (ec)
        return;
    backend& b = *backend_;
    backend::entry& e = b.entries.place(index_of(id));
    e.id = id;
    e.handle = handle;
    e.base = base;
    b.queue.reserve();
    b.ask(e, wanted, ec);
    if (ec)
        e.handle = invalid_native_handle;
}

void iocp_selector::do_modify(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    detail::check_open(handle, ec);
    if (ec)
        return;
    backend& b = *backend_;
    b.ask(b.entries[index_of(id)], wanted, ec);
}

void iocp_selector::do_unregister(native_handle_type, token id) noexcept {
    backend& b = *backend_;
    backend::entry& e = b.entries[index_of(id)];
    std::erase(b.closed, id);
    b.cancel(e);
    e.handle = invalid_native_handle;
}

void iocp_selector::do_wait(std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) {
    backend& b = *backend_;
    b.count = 0;
    b.ask_queued(ec);
    if (ec)
        return;
    if (!b.closed.empty())
        timeout = timeout.zero();
    b.wait(static_cast<DWORD>(detail::to_milliseconds(timeout)), ec);
}

void iocp_selector::do_collect() {
    backend& b = *backend_;
    for (token const id : b.closed)
        report(id, event::none, false, true);
    b.closed.clear();

    b.ready.clear();
    b.fds.clear();
    for (std::size_t i = 0; i < b.count; ++i) {
        if (b.found[i].lpCompletionKey == waker_key)
            continue;
        auto& r = *reinterpret_cast<backend::request*>(b.found[i].lpOverlapped);
        bool const done = r.status.Status == detail::status_success && r.info.number_of_handles > 0;
        ULONG const flags = done ? r.info.events : 0;
        backend::entry* const e = b.take_back(b.found[i]);
        if (!e) { // Of a time before do_modify() or do_unregister().
            if (done)
                report(r.id, event::none);
            continue;
        }
        if (flags & detail::afd_local_close) { // Nothing more until do_modify().
            report(e->id, event::none, false, true);
            continue;
        }
        bool const refused = r.status.Status != detail::status_success &&
                             r.status.Status != detail::status_cancelled;
        bool const failed = (flags & (detail::afd_abort | detail::afd_connect_fail)) != 0;
        b.ready.emplace_back(e, refused || failed);
        b.fds.push_back({e->handle, to_poll(e->wanted.events), 0});
    }
    b.count = 0;
    b.ask_again();
    for (std::size_t i = 0; i < b.ready.size(); ++i) {
        auto const [e, failed] = b.ready[i];
        int const flags = b.fds[i].revents;
        bool const error = failed || (flags & (POLLERR | POLLNVAL)) != 0;
        event events = from_poll(flags);
        if (flags & POLLHUP) // The peer has ended its stream, and no more.
            events |= event::read;
        bool const any = (events & e->wanted.events) != event::none || error;
        bool const closed = (flags & POLLNVAL) != 0; // Nothing more until do_modify().
        if (!any || (!closed && e->wanted.mode != trigger::oneshot))
            b.queue.push(index_of(e->id));
        if (any)
            report(e->id, events, false, error);
    }
}

void iocp_selector::do_wakeup() noexcept {
    // It can fail for want of memory in the kernel: until others give some back.
    while (!::PostQueuedCompletionStatus(backend_->port.get(), 0, waker_key, nullptr))
        ::Sleep(1);
}

void iocp_selector::do_close() noexcept {
    backend& b = *backend_;
    for (backend::entry& e : b.entries)
        b.cancel(e);
    // The kernel owns the requests until they have come back. The port itself stays, for a late
    // do_wakeup().
    for (std::size_t i = 0; i < b.count; ++i)
        b.take_back(b.found[i]);
    b.count = 0;
    OVERLAPPED_ENTRY found[64];
    ULONG n = 0;
    while (b.pending > 0 &&
           ::GetQueuedCompletionStatusEx(b.port.get(), found, 64, &n, INFINITE, FALSE))
        for (ULONG i = 0; i < n; ++i)
            b.take_back(found[i]);
    if (b.pending > 0) // Better lost than written to after they were freed.
        for (auto& r : b.requests)
            (void)r.release();
    b.ways.clear();
    b.entries.clear();
    b.queue.clear();
    b.closed.clear();
}

capabilities iocp_selector::do_capabilities() const noexcept {
    capabilities can;
    can.oneshot = can.priority = true;
    can.closed_handles = true;
    return can;
}

std::string_view iocp_selector::do_name() const noexcept {
    return "iocp";
}

} // namespace boost_selectors
