// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Sockets, as programs of the world use them.

#include "datagram.hpp"
#include "handle_calls.hpp"
#include "options.hpp"
#include "stream.hpp"
#include <algorithm>
#include <cstdarg>
#include <cstring>
#include <limits.h>
#include <limits>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

using namespace boost_selectors::simulated;

namespace {

/// The simulated socket of a descriptor, and a name for the trace and the report.
struct call {
    std::shared_ptr<any_socket> on;
    event_name what;
    char const* why;

    call(int fd, event_name name, char const* waits_for = "")
        : on(me ? here().net.sockets.share(fd) : nullptr)
        , what(name)
        , why(waits_for) {}

    explicit operator bool() const noexcept { return on != nullptr; }

    /// Of a call that never waits.
    /// @return what the system call returns; errno is set.
    template <class T = int>
    T finish(outcome r) const {
        here().note(what, on->id, r);
        if (r == -EAGAIN)
            here().idle();
        else
            here().busy();
        here().may_switch();
        return static_cast<T>(r < 0 ? failed(static_cast<int>(-r)) : r);
    }

    /// Waits for the socket as long as `attempt()` returns -EAGAIN, unless it must not.
    template <class T = int, class F>
    T perform(int flags, instant timeout, F attempt) const {
        struct in_progress {
            any_socket& s;
            explicit in_progress(any_socket& o)
                : s(o) {
                s.begin_call();
            }
            ~in_progress() { s.end_call(); }
        } const guard(*on);
        bool const wait = !on->non_blocking && !(flags & MSG_DONTWAIT);
        instant const until = timeout == instant::zero() ? never : here().after(timeout);
        outcome r = attempt();
        while (r == -EAGAIN && wait && here().block(why, on.get(), until, true)) {
            ::pthread_testcancel();
            r = attempt();
            if (r == -EAGAIN && me->interrupted)
                r = -EINTR;
        }
        return finish<T>(r);
    }
};

iovec one_buffer(void const* data, std::size_t size) noexcept {
    return {const_cast<void*>(data), size};
}

/// The rest of the buffers after the first @p bytes.
std::vector<iovec> after(buffers b, std::size_t bytes) {
    std::vector<iovec> rest;
    for (std::size_t i = 0; i < b.count; ++i) {
        std::size_t const skipped = std::min(bytes, b.first[i].iov_len);
        bytes -= skipped;
        if (skipped < b.first[i].iov_len)
            rest.push_back(one_buffer(
                static_cast<char*>(b.first[i].iov_base) + skipped, b.first[i].iov_len - skipped));
    }
    return rest;
}

/// @param all whether to go on until all of it is sent or received.
template <class F>
ssize_t transfer(call const& c, buffers b, int flags, bool all, instant timeout, F some) {
    if (!all)
        return c.perform<ssize_t>(flags, timeout, [&] { return some(b); });
    std::size_t done = 0;
    std::size_t const size = b.size();
    for (;;) {
        auto const rest = after(b, done);
        auto const n = c.perform<ssize_t>(flags, timeout, [&] {
            return some(buffers{rest.data(), rest.size()});
        });
        if (n > 0)
            done += static_cast<std::size_t>(n);
        if (n < 0 && done > 0 && errno != EAGAIN && errno != EINTR && c.on->domain != AF_UNIX)
            c.on->put_error_back(errno); // The next call gets it.
        if (n <= 0 || done == size)
            return done > 0 ? static_cast<ssize_t>(done) : n;
    }
}

bool waits(call const& c, int flags) noexcept {
    return !c.on->non_blocking && !(flags & MSG_DONTWAIT);
}

ssize_t send(call const& c, buffers from, message m) {
    bool const all = c.on->type == SOCK_STREAM && waits(c, m.flags);
    auto const sent = transfer(
        c, from, m.flags, all, c.on->send_timeout, [&](buffers b) { return c.on->send(b, m); });
    if (sent < 0 && errno == EPIPE && !(m.flags & MSG_NOSIGNAL)) {
        ::raise(SIGPIPE);
        errno = EPIPE;
    }
    return sent;
}

ssize_t receive(call const& c, buffers to, message& m) {
    int const wanted = m.flags;
    bool const is_stream = c.on->type == SOCK_STREAM;
    bool const is_tcp = is_stream && c.on->domain != AF_UNIX;
    bool const may_wait = waits(c, wanted);
    bool any = false;
    // Of a local stream, it takes the error, too, even if it does not wait.
    bool const all =
        (wanted & MSG_WAITALL) && !(wanted & MSG_PEEK) && is_stream && (may_wait || !is_tcp);
    socklen_t const name_room = m.name_size ? *m.name_size : 0;
    socklen_t name_size = name_room;
    ssize_t const n = transfer(c, to, wanted, all, c.on->receive_timeout, [&](buffers b) {
        m.flags = wanted;
        if (m.name_size)
            *m.name_size = name_room;
        outcome r = c.on->receive(b, m);
        if (r == -EAGAIN && may_wait && is_tcp && b.size() == 0)
            r = 0; // As Linux has it: it does not wait for nothing.
        if (m.name_size && (r > 0 || (r == 0 && !any))) // The end that follows bytes has no name.
            name_size = *m.name_size;
        any |= r > 0;
        return r;
    });
    if (m.name_size) // It stays as it is after an error.
        *m.name_size = name_size;
    return n;
}

message message_of(msghdr const& h, socklen_t& name_size, int flags) {
    name_size = h.msg_namelen;
    return {static_cast<sockaddr*>(h.msg_name), h.msg_name ? &name_size : nullptr, flags};
}

ssize_t send(call const& c, msghdr const& h, int flags) {
    if (h.msg_controllen > 0)
        return here().not_simulated("sendmsg() with control data");
    socklen_t size;
    message const m = message_of(h, size, flags);
    return send(c, {h.msg_iov, h.msg_iovlen}, m);
}

ssize_t receive(call const& c, msghdr& h, int flags) {
    socklen_t size;
    message m = message_of(h, size, flags);
    ssize_t const n = receive(c, {h.msg_iov, h.msg_iovlen}, m);
    if (n >= 0) {
        h.msg_namelen = h.msg_name ? size : 0;
        h.msg_controllen = 0;
        h.msg_flags = m.flags;
    }
    return n;
}

std::shared_ptr<any_socket> make_socket(int domain, int type, int protocol) {
    host& h = me->owner;
    if (type == SOCK_STREAM)
        return std::make_shared<stream>(h, domain, type, protocol);
    if (type == SOCK_DGRAM)
        return std::make_shared<datagram>(h, domain, type, protocol);
    return nullptr;
}

constexpr int type_flags = SOCK_CLOEXEC | SOCK_NONBLOCK;

bool is_simulated(int domain, int type) noexcept {
    return (domain == AF_INET || domain == AF_INET6 || domain == AF_UNIX) &&
           ((type & ~type_flags) == SOCK_STREAM || (type & ~type_flags) == SOCK_DGRAM);
}

/// Gives a new socket a descriptor.
int open(std::shared_ptr<any_socket> s, int type, event_name what) {
    s->non_blocking = (type & SOCK_NONBLOCK) != 0;
    std::int64_t const id = s->id;
    outcome const fd = here().net.sockets.add(std::move(s), (type & SOCK_CLOEXEC) != 0);
    here().note(what, id, fd < 0 ? fd : 0);
    here().busy();
    return static_cast<int>(fd < 0 ? failed(static_cast<int>(-fd)) : fd);
}

} // namespace

BOOST_SELECTORS_LIBC int socket(int domain, int type, int protocol) noexcept {
    if (!me || !is_simulated(domain, type))
        return real().socket(domain, type, protocol);
    return open(make_socket(domain, type & ~type_flags, protocol), type, "socket");
}

BOOST_SELECTORS_LIBC int socketpair(int domain, int type, int protocol, int* fds) noexcept {
    if (!me || !is_simulated(domain, type))
        return real().socketpair(domain, type, protocol, fds);
    if (domain != AF_UNIX)
        return failed(EOPNOTSUPP);
    auto const a = make_socket(domain, type & ~type_flags, protocol);
    auto const b = make_socket(domain, type & ~type_flags, protocol);
    if (auto const first = std::dynamic_pointer_cast<stream>(a))
        stream::connect_pair(first, std::dynamic_pointer_cast<stream>(b));
    else
        datagram::connect_pair(
            std::dynamic_pointer_cast<datagram>(a), std::dynamic_pointer_cast<datagram>(b));
    fds[0] = open(a, type, "socketpair");
    if (fds[0] < 0)
        return -1;
    fds[1] = open(b, type, "socketpair");
    if (fds[1] >= 0)
        return 0;
    int const error = errno;
    ::close(fds[0]);
    return failed(error);
}

BOOST_SELECTORS_LIBC int bind(int fd, sockaddr const* name, socklen_t size) noexcept {
    call const c(fd, "bind");
    return c ? c.finish(c.on->bind(name, size)) : real().bind(fd, name, size);
}

BOOST_SELECTORS_LIBC int listen(int fd, int backlog) noexcept {
    call const c(fd, "listen");
    return c ? c.finish(c.on->listen(backlog)) : real().listen(fd, backlog);
}

BOOST_SELECTORS_LIBC int connect(int fd, sockaddr const* name, socklen_t size) {
    call const c(fd, "connect", "a connection");
    if (!c)
        return real().connect(fd, name, size);
    if (c.on->domain == AF_UNIX)
        return c.perform(0, c.on->send_timeout, [&] { return c.on->connect(name, size); });
    outcome r = c.on->connect(name, size);
    if (r == -EINPROGRESS && !c.on->non_blocking) {
        instant const timeout = c.on->send_timeout;
        instant const until = timeout == instant::zero() ? never : here().after(timeout);
        while ((r = c.on->connect(name, size)) == -EALREADY) {
            if (!here().block(c.why, c.on.get(), until, true))
                return c.finish(-EINPROGRESS);
            ::pthread_testcancel();
        }
        if (r == -EISCONN)
            r = 0;
    }
    return c.finish(r);
}

BOOST_SELECTORS_LIBC int accept4(int fd, sockaddr* name, socklen_t* size, int flags) {
    call const c(fd, "accept", "a connection to accept");
    if (!c)
        return real().accept4(fd, name, size, flags);
    if (!here().net.sockets.has_room(me->owner))
        return c.finish(-EMFILE); // The connection stays where it is.
    std::shared_ptr<any_socket> accepted;
    if (c.perform(0, c.on->receive_timeout, [&] { return c.on->accept(accepted); }) < 0)
        return -1;
    accepted->peer_name(name, size);
    return open(std::move(accepted), flags, "accepted");
}

BOOST_SELECTORS_LIBC int accept(int fd, sockaddr* name, socklen_t* size) {
    if (me && here().net.sockets.find(fd))
        return ::accept4(fd, name, size, 0);
    return real().accept(fd, name, size);
}

BOOST_SELECTORS_LIBC ssize_t send(int fd, void const* data, size_t size, int flags) {
    call const c(fd, "send", "room to send");
    if (!c)
        return real().send(fd, data, size, flags);
    iovec const b = one_buffer(data, size);
    return send(c, {&b, 1}, message{nullptr, nullptr, flags});
}

BOOST_SELECTORS_LIBC ssize_t sendto(
    int fd, void const* data, size_t size, int flags, sockaddr const* name, socklen_t name_size) {
    call const c(fd, "sendto", "room to send");
    if (!c)
        return real().sendto(fd, data, size, flags, name, name_size);
    iovec const b = one_buffer(data, size);
    return send(c, {&b, 1}, message{const_cast<sockaddr*>(name), &name_size, flags});
}

BOOST_SELECTORS_LIBC ssize_t sendmsg(int fd, msghdr const* h, int flags) {
    call const c(fd, "sendmsg", "room to send");
    return c ? send(c, *h, flags) : real().sendmsg(fd, h, flags);
}

BOOST_SELECTORS_LIBC int sendmmsg(int fd, mmsghdr* h, unsigned count, int flags) {
    call const c(fd, "sendmmsg", "room to send");
    if (!c)
        return real().sendmmsg(fd, h, count, flags);
    unsigned sent = 0;
    for (; sent < count; ++sent) {
        ssize_t const n = send(c, h[sent].msg_hdr, flags);
        if (n < 0)
            return sent > 0 ? static_cast<int>(sent) : -1;
        h[sent].msg_len = static_cast<unsigned>(n);
    }
    return static_cast<int>(sent);
}

BOOST_SELECTORS_LIBC ssize_t recv(int fd, void* data, size_t size, int flags) {
    call const c(fd, "recv", "data");
    if (!c)
        return real().recv(fd, data, size, flags);
    iovec const b = one_buffer(data, size);
    message m{nullptr, nullptr, flags};
    return receive(c, {&b, 1}, m);
}

BOOST_SELECTORS_LIBC ssize_t recvfrom(
    int fd, void* data, size_t size, int flags, sockaddr* name, socklen_t* name_size) {
    call const c(fd, "recvfrom", "data");
    if (!c)
        return real().recvfrom(fd, data, size, flags, name, name_size);
    iovec const b = one_buffer(data, size);
    message m{name, name ? name_size : nullptr, flags};
    return receive(c, {&b, 1}, m);
}

BOOST_SELECTORS_LIBC ssize_t recvmsg(int fd, msghdr* h, int flags) {
    call const c(fd, "recvmsg", "data");
    return c ? receive(c, *h, flags) : real().recvmsg(fd, h, flags);
}

BOOST_SELECTORS_LIBC int recvmmsg(
    int fd, mmsghdr* h, unsigned count, int flags, timespec* timeout) {
    call const c(fd, "recvmmsg", "data");
    if (!c)
        return real().recvmmsg(fd, h, count, flags, timeout);
    unsigned received = 0;
    for (; received < count; ++received) {
        int const more = received > 0 && (flags & MSG_WAITFORONE) ? MSG_DONTWAIT : 0;
        ssize_t const n = receive(c, h[received].msg_hdr, (flags & ~MSG_WAITFORONE) | more);
        if (n < 0)
            return received > 0 ? static_cast<int>(received) : -1;
        h[received].msg_len = static_cast<unsigned>(n);
    }
    return static_cast<int>(received);
}

BOOST_SELECTORS_LIBC ssize_t read(int fd, void* data, size_t size) {
    call const c(fd, "read", "data");
    if (!c) {
        if (me)
            await_real(fd, POLLIN);
        return real().read(fd, data, size);
    }
    if (size == 0)
        return 0; // As Linux has it: unlike recv().
    iovec const b = one_buffer(data, size);
    message m;
    return receive(c, {&b, 1}, m);
}

BOOST_SELECTORS_LIBC ssize_t readv(int fd, iovec const* b, int count) {
    call const c(fd, "readv", "data");
    if (!c) {
        if (me)
            await_real(fd, POLLIN);
        return real().readv(fd, b, count);
    }
    buffers const to{b, static_cast<std::size_t>(count)};
    if (to.size() == 0)
        return 0;
    message m;
    return receive(c, to, m);
}

namespace {

/// A pipe takes PIPE_BUF bytes without waiting if poll() says that it is writable, but not more.
ssize_t write_real(int fd, void const* data, std::size_t size) {
    auto const* from = static_cast<char const*>(data);
    std::size_t done = 0;
    struct stat s;
    bool const pipe = ::fstat(fd, &s) == 0 && S_ISFIFO(s.st_mode);
    do {
        await_real(fd, POLLOUT);
        std::size_t const now = pipe ? std::min<std::size_t>(size - done, PIPE_BUF) : size - done;
        ssize_t const n = real().write(fd, from + done, now);
        here().real_handle_changed();
        if (n < 0)
            return done > 0 ? static_cast<ssize_t>(done) : n;
        done += static_cast<std::size_t>(n);
        if (static_cast<std::size_t>(n) < now)
            break;
    } while (done < size);
    return static_cast<ssize_t>(done);
}

} // namespace

BOOST_SELECTORS_LIBC ssize_t write(int fd, void const* data, size_t size) {
    call const c(fd, "write", "room to send");
    if (!c) {
        if (!me)
            return real().write(fd, data, size);
        return write_real(fd, data, size);
    }
    iovec const b = one_buffer(data, size);
    return send(c, {&b, 1}, message{});
}

BOOST_SELECTORS_LIBC ssize_t writev(int fd, iovec const* b, int count) {
    call const c(fd, "writev", "room to send");
    if (!c) {
        if (!me)
            return real().writev(fd, b, count);
        await_real(fd, POLLOUT);
        ssize_t const written = real().writev(fd, b, count);
        here().real_handle_changed();
        return written;
    }
    buffers const from{b, static_cast<std::size_t>(count)};
    return from.size() == 0 ? 0 : send(c, from, message{}); // As Linux has it: unlike write().
}

BOOST_SELECTORS_LIBC int shutdown(int fd, int how) noexcept {
    call const c(fd, "shutdown");
    return c ? c.finish(c.on->shutdown(how)) : real().shutdown(fd, how);
}

BOOST_SELECTORS_LIBC int close(int fd) {
    if (call const c(fd, "close"); c) {
        here().note(c.what, c.on->id);
        here().busy();
        here().net.sockets.remove(fd);
        return real().close(fd);
    }
    if (me) {
        int const closed = real().close(fd);
        here().real_handle_changed();
        return closed;
    }
    // By the thread that calls run(), before or after it: a program's object that has outlived it.
    if (current && !current->runs() && current->net.sockets.find(fd))
        current->net.sockets.remove(fd);
    return real().close(fd);
}

namespace {

int add_duplicate(call const& c, int fd) {
    if (fd >= 0)
        here().net.sockets.add_descriptor(fd, c.on);
    return fd;
}

int duplicate_to(int from, int to, int flags, bool is_dup2) {
    call const c(from, "dup");
    if (me && from != to && here().net.sockets.find(to) && real().fcntl(from, F_GETFD) >= 0)
        here().net.sockets.remove(to);
    int const fd = is_dup2 ? real().dup2(from, to) : real().dup3(from, to, flags);
    return c && from != to ? add_duplicate(c, fd) : fd;
}

int control(int fd, int command, void* argument) {
    call const c(fd, "fcntl");
    if (!c)
        return real().fcntl(fd, command, argument);
    switch (command) {
    case F_GETFL:
        return O_RDWR | (c.on->non_blocking ? O_NONBLOCK : 0);
    case F_SETFL:
        c.on->non_blocking = (reinterpret_cast<std::intptr_t>(argument) & O_NONBLOCK) != 0;
        return 0;
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
        return add_duplicate(c, real().fcntl(fd, command, argument));
    case F_GETFD:
    case F_SETFD:
        return real().fcntl(fd, command, argument);
    default:
        return here().not_simulated("fcntl() with a command");
    }
}

} // namespace

BOOST_SELECTORS_LIBC int dup(int fd) noexcept {
    call const c(fd, "dup");
    int const made = real().dup(fd);
    return c ? add_duplicate(c, made) : made;
}

BOOST_SELECTORS_LIBC int dup2(int from, int to) noexcept {
    return duplicate_to(from, to, 0, true);
}

BOOST_SELECTORS_LIBC int dup3(int from, int to, int flags) noexcept {
    return duplicate_to(from, to, flags, false);
}

BOOST_SELECTORS_LIBC int fcntl(int fd, int command, ...) {
    va_list list;
    va_start(list, command);
    void* const argument = va_arg(list, void*);
    va_end(list);
    return control(fd, command, argument);
}

// What fcntl() is called with -D_FILE_OFFSET_BITS=64.
BOOST_SELECTORS_LIBC int fcntl64(int fd, int command, ...) {
    va_list list;
    va_start(list, command);
    void* const argument = va_arg(list, void*);
    va_end(list);
    return control(fd, command, argument);
}

BOOST_SELECTORS_LIBC int ioctl(int fd, unsigned long request, ...) noexcept {
    va_list list;
    va_start(list, request);
    void* const argument = va_arg(list, void*);
    va_end(list);
    call const c(fd, "ioctl");
    if (!c)
        return real().ioctl(fd, request, argument);
    switch (request) {
    case FIONBIO:
        c.on->non_blocking = *static_cast<int*>(argument) != 0;
        return 0;
    case FIONREAD:
        if (c.on->is_listening())
            return c.finish(-EINVAL);
        *static_cast<int*>(argument) = static_cast<int>(c.on->available());
        return 0;
    case 0x8905: // SIOCATMARK
        *static_cast<int*>(argument) = c.on->at_mark();
        return 0;
    default:
        return here().not_simulated("ioctl() with a request");
    }
}

BOOST_SELECTORS_LIBC int getsockopt(
    int fd, int level, int name, void* value, socklen_t* size) noexcept {
    call const c(fd, "getsockopt");
    return c ? c.finish(get_option(*c.on, level, name, value, size))
             : real().getsockopt(fd, level, name, value, size);
}

BOOST_SELECTORS_LIBC int setsockopt(
    int fd, int level, int name, void const* value, socklen_t size) noexcept {
    call const c(fd, "setsockopt");
    return c ? c.finish(set_option(*c.on, level, name, value, size))
             : real().setsockopt(fd, level, name, value, size);
}

BOOST_SELECTORS_LIBC int getsockname(int fd, sockaddr* name, socklen_t* size) noexcept {
    call const c(fd, "getsockname");
    if (!c)
        return real().getsockname(fd, name, size);
    c.on->local_name(name, size);
    return 0;
}

BOOST_SELECTORS_LIBC int getpeername(int fd, sockaddr* name, socklen_t* size) noexcept {
    call const c(fd, "getpeername");
    return c ? c.finish(c.on->peer_name(name, size)) : real().getpeername(fd, name, size);
}

// A simulated socket has the number of a real descriptor, which epoll would watch.
BOOST_SELECTORS_LIBC int epoll_ctl(int set, int operation, int fd, epoll_event* event) noexcept {
    if (call const c(fd, "epoll_ctl"); c)
        return here().not_simulated("epoll_ctl() of a socket");
    return real().epoll_ctl(set, operation, fd, event);
}
