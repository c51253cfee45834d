// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Random programs of socket calls, on the real kernel over loopback and on the simulated one: each call must
// give the same result and the same error on both.
//
//   differential_test [-- OPERATIONS [FIRST_SEED [MOST_SHOWN]]]

#define BOOST_TEST_MODULE simulation_differential
#include "empty_network.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/simulation.hpp>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <random>
#include <signal.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using simulation_test::enter_empty_network;

constexpr std::uint16_t ports = 2;

struct step {
    std::string call;
    long result; ///< Or the negative error number.
    bool operator==(step const&) const = default;
};

struct option {
    int level;
    int name;
};

constexpr option options[] = {
    {SOL_SOCKET, SO_ERROR},
    {SOL_SOCKET, SO_TYPE},
    {SOL_SOCKET, SO_DOMAIN},
    {SOL_SOCKET, SO_PROTOCOL},
    {SOL_SOCKET, SO_ACCEPTCONN},
    {SOL_SOCKET, SO_REUSEADDR},
    {SOL_SOCKET, SO_REUSEPORT},
    {SOL_SOCKET, SO_BROADCAST},
    {SOL_SOCKET, SO_KEEPALIVE},
    {SOL_SOCKET, SO_DONTROUTE},
    {SOL_SOCKET, SO_OOBINLINE},
    {SOL_SOCKET, SO_PRIORITY},
    {SOL_SOCKET, SO_RCVLOWAT},
    {SOL_SOCKET, SO_RCVBUF},
    {SOL_SOCKET, SO_SNDBUF},
    {IPPROTO_TCP, TCP_NODELAY},
    {IPPROTO_TCP, TCP_CORK},
    {IPPROTO_TCP, TCP_KEEPIDLE},
    {IPPROTO_TCP, TCP_KEEPINTVL},
    {IPPROTO_TCP, TCP_KEEPCNT},
    {IPPROTO_TCP, TCP_SYNCNT},
    {IPPROTO_IP, IP_TTL},
    {IPPROTO_IP, IP_TOS},
    {IPPROTO_IP, IP_MULTICAST_TTL},
    {IPPROTO_IP, IP_MULTICAST_LOOP},
    {IPPROTO_IPV6, IPV6_V6ONLY},
    {IPPROTO_IPV6, IPV6_UNICAST_HOPS},
    {IPPROTO_IPV6, IPV6_MULTICAST_HOPS},
    {IPPROTO_IPV6, IPV6_MULTICAST_LOOP},
    {IPPROTO_IPV6, IPV6_TCLASS},
};

/// A name for bind() and its like.
struct address {
    sockaddr_storage all{};
    socklen_t size = sizeof(all);

    sockaddr* get() { return reinterpret_cast<sockaddr*>(&all); }
};

/// Does the same calls for the same seed, as far as they have the same results.
class program {
public:
    program(std::uint64_t seed, std::uint16_t first_port)
        : random_(seed)
        , first_port_(first_port) {}

    ~program() {
        for (entry const& e : sockets_)
            if (e.fd >= 0)
                ::close(e.fd);
    }

    std::vector<step> run(int steps) {
        for (int i = 0; i < steps; ++i)
            do_something();
        return std::move(steps_);
    }

private:
    static constexpr std::size_t most_sockets = 6;

    struct entry {
        int fd = -1;
        int family = 0;
        int type = 0;
        bool mapped = false; ///< An IPv6 socket that uses IPv4 addresses.
    };

    std::size_t choose(std::size_t below) { return random_() % below; }
    bool happens(std::size_t once_in) { return choose(once_in) == 0; }

    void note(std::string call, long result) {
        steps_.push_back({std::move(call), result < 0 ? -errno : result});
    }

    /// With the socket's number, type and family.
    std::string name(char const* call, entry const& e) const {
        return call + std::string(" ") + std::to_string(&e - sockets_.data()) + ":" +
               std::to_string(e.type) + '/' + std::to_string(e.family);
    }

    std::string name(char const* call, entry const& e, address const& to) const {
        return name(call, e) + " to " + std::to_string(describe(to));
    }

    address inet(int family, std::uint16_t port, bool any) const {
        address a;
        if (family == AF_INET) {
            auto& four = reinterpret_cast<sockaddr_in&>(a.all);
            four.sin_family = AF_INET;
            four.sin_port = htons(port);
            four.sin_addr.s_addr = htonl(any ? INADDR_ANY : INADDR_LOOPBACK);
            a.size = sizeof(four);
        } else {
            auto& six = reinterpret_cast<sockaddr_in6&>(a.all);
            six.sin6_family = AF_INET6;
            six.sin6_port = htons(port);
            six.sin6_addr = any ? in6addr_any : in6addr_loopback;
            a.size = sizeof(six);
        }
        return a;
    }

    /// ::ffff:127.0.0.1, which an IPv6 socket without IPV6_V6ONLY has for IPv4's.
    address mapped(std::uint16_t port) const {
        address a = inet(AF_INET6, port, true);
        auto& bytes = reinterpret_cast<sockaddr_in6&>(a.all).sin6_addr.s6_addr;
        bytes[10] = bytes[11] = 0xff;
        bytes[12] = 127;
        bytes[15] = 1;
        return a;
    }

    /// An abstract name of a local socket (unix(7)).
    address local(std::uint16_t port) const {
        address a;
        auto& un = reinterpret_cast<sockaddr_un&>(a.all);
        un.sun_family = AF_UNIX;
        std::string const text = std::to_string(port);
        text.copy(un.sun_path + 1, text.size());
        a.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + text.size());
        return a;
    }

    std::uint16_t some_port() { return static_cast<std::uint16_t>(first_port_ + choose(ports)); }

    /// Mostly one that suits the socket.
    address some_address(entry const& e, std::uint16_t port, bool any) {
        int family = e.family;
        if (happens(10))
            family = std::array{AF_INET, AF_INET6, AF_UNIX}[choose(3)];
        if (family == AF_UNIX)
            return local(port);
        // Of one socket, not both kinds: that depends on what routes there are.
        if (e.family == AF_INET6)
            return e.mapped ? mapped(port) : inet(AF_INET6, port, any);
        return inet(family, port, any);
    }

    void do_something() {
        entry& e = sockets_[choose(most_sockets)];
        if (e.fd < 0 || happens(60))
            return open(e);
        switch (choose(10)) {
        case 0:
        case 1:
        case 2:
            return name_it(e);
        case 3:
        case 4:
            return send(e);
        case 5:
        case 6:
            return receive(e);
        case 7:
            return ask_option(e);
        case 8:
            return ask(e);
        default:
            return end(e);
        }
    }

    void name_it(entry& e) {
        std::uint16_t const port = some_port();
        switch (choose(7)) {
        case 0: {
            auto const wanted = static_cast<std::uint16_t>(happens(3) ? 0 : port);
            address a = some_address(e, wanted, happens(2));
            int const error = ::bind(e.fd, a.get(), a.size);
            return note(name("bind", e, a), error);
        }
        case 1:
            return note(name("listen", e), ::listen(e.fd, 8));
        case 2:
        case 3: {
            address a = some_address(e, port, happens(6));
            address own;
            ::getsockname(e.fd, own.get(), &own.size);
            if (e.family != AF_UNIX && describe(own) % 10 == port - first_port_)
                return; // TCP might connect with itself, which is not simulated.
            return note(name("connect", e, a), ::connect(e.fd, a.get(), a.size));
        }
        case 4:
        case 5: {
            address a;
            int const accepted = ::accept4(e.fd, a.get(), &a.size, SOCK_NONBLOCK);
            note(name("accept", e), std::min(accepted, 0));
            if (accepted < 0)
                return;
            note("its peer", describe(a));
            return put(accepted, e);
        }
        default: {
            address a;
            bool const peer = happens(2);
            int const error = peer ? ::getpeername(e.fd, a.get(), &a.size)
                                   : ::getsockname(e.fd, a.get(), &a.size);
            return note(
                name(peer ? "getpeername" : "getsockname", e), error < 0 ? error : describe(a));
        }
        }
    }

    /// Numbers, so that it is seen when bytes are lost or changed.
    void fill() {
        for (char& c : bytes_)
            c = static_cast<char>(next_byte_++);
    }

    void send(entry const& e) {
        fill();
        std::size_t const size = happens(20) ? 0 : 1 + choose(2000);
        iovec parts[2] = {{bytes_.data(), size / 3}, {bytes_.data() + size / 3, size - size / 3}};
        address to = some_address(e, some_port(), false);
        int const flags = MSG_NOSIGNAL | (happens(4) ? MSG_DONTWAIT : 0);
        msghdr m{};
        m.msg_iov = parts;
        m.msg_iovlen = 2;
        switch (choose(7)) {
        case 0:
        case 1:
            return note(name("send", e), ::send(e.fd, bytes_.data(), size, flags));
        case 2:
            return note(name("sendto", e, to),
                ::sendto(e.fd, bytes_.data(), size, flags, to.get(), to.size));
        case 3:
            return note(name("write", e), ::write(e.fd, bytes_.data(), size));
        case 4:
            return note(name("writev", e), ::writev(e.fd, parts, 2));
        case 5:
            if (happens(2)) {
                m.msg_name = to.get();
                m.msg_namelen = to.size;
            }
            return note(name("sendmsg", e), ::sendmsg(e.fd, &m, flags));
        default: {
            mmsghdr both[2]{{m, 0}, {m, 0}};
            int const n = ::sendmmsg(e.fd, both, 2, flags);
            note(name("sendmmsg", e), n);
            for (int i = 0; i < n; ++i)
                note("its size", both[i].msg_len);
            return;
        }
        }
    }

    /// What was received, as far as it was.
    void note_bytes(ssize_t n) {
        long sum = 0;
        for (std::size_t i = 0; i < bytes_.size() && static_cast<ssize_t>(i) < n; ++i)
            sum = (sum * 31 + static_cast<unsigned char>(bytes_[i])) % 1'000'003;
        if (n > 0)
            note("its bytes", sum);
    }

    void receive(entry const& e) {
        bytes_ = {};
        std::size_t const size = happens(20) ? 0 : 1 + choose(3000);
        int flags = happens(4) ? MSG_PEEK : 0;
        flags |= happens(6) ? MSG_WAITALL : 0;
        flags |= happens(6) ? MSG_DONTWAIT : 0;
        // TCP discards the bytes, tcp(7).
        flags |= e.type == SOCK_DGRAM && happens(6) ? MSG_TRUNC : 0;
        iovec parts[2] = {{bytes_.data(), size / 3}, {bytes_.data() + size / 3, size - size / 3}};
        address from;
        msghdr m{};
        m.msg_iov = parts;
        m.msg_iovlen = 2;
        ssize_t n = 0;
        switch (choose(6)) {
        case 0:
        case 1:
            note(name("recv", e), n = ::recv(e.fd, bytes_.data(), size, flags));
            break;
        case 2:
            note(name("recvfrom", e),
                n = ::recvfrom(e.fd, bytes_.data(), size, flags, from.get(), &from.size));
            if (n >= 0)
                note("its sender", describe(from));
            break;
        case 3:
            note(name("read", e), n = ::read(e.fd, bytes_.data(), size));
            break;
        case 4:
            note(name("readv", e), n = ::readv(e.fd, parts, 2));
            break;
        default:
            m.msg_name = from.get();
            m.msg_namelen = from.size;
            note(name("recvmsg", e), n = ::recvmsg(e.fd, &m, flags));
            if (n >= 0) {
                from.size = m.msg_namelen;
                note("its sender", describe(from));
                note("its flags", m.msg_flags & (MSG_TRUNC | MSG_CTRUNC | MSG_EOR | MSG_OOB));
            }
            break;
        }
        note_bytes(n);
    }

    void ask_option(entry const& e) {
        if (happens(6))
            return ask_structured_option(e);
        option const o = options[choose(std::size(options))];
        if (o.level == SOL_SOCKET && e.family != AF_UNIX) {
            if (o.name == SO_PRIORITY) // IP_TOS changes it, which is not simulated.
                return;
            // TCP adapts its buffers to what is sent.
            if (e.type == SOCK_STREAM && (o.name == SO_RCVBUF || o.name == SO_SNDBUF))
                return;
        }
        std::string const text = std::to_string(o.level) + ' ' + std::to_string(o.name);
        int value = std::array{0, 1, 2, 5, 70, 200, 5000, 100'000}[choose(8)];
        socklen_t size = static_cast<socklen_t>(happens(8) ? choose(9) : sizeof(value));
        char bytes[8]{};
        std::memcpy(bytes, &value, sizeof(value));
        // Small buffers, and a least number of bytes to wake for, have effects that are not simulated.
        bool const has_effect =
            o.level == SOL_SOCKET &&
            (o.name == SO_RCVLOWAT || o.name == SO_RCVBUF || o.name == SO_SNDBUF);
        if (happens(2) && !has_effect)
            return note(name("setsockopt ", e) + ' ' + text + ' ' + std::to_string(value) + ' ' +
                            std::to_string(size),
                ::setsockopt(e.fd, o.level, o.name, bytes, size));
        std::memset(bytes, 0, sizeof(bytes));
        int const error = ::getsockopt(e.fd, o.level, o.name, bytes, &size);
        std::memcpy(&value, bytes, sizeof(value));
        note(name("getsockopt ", e) + ' ' + text, error < 0 ? error : value);
        if (error == 0)
            note("its size", static_cast<long>(size));
    }

    void ask_structured_option(entry const& e) {
        bool const set = happens(2);
        if (happens(2)) {
            linger l{static_cast<int>(choose(2)), 0};
            socklen_t size = sizeof(l);
            if (set)
                return note(name("set SO_LINGER", e) + ' ' + std::to_string(l.l_onoff),
                    ::setsockopt(e.fd, SOL_SOCKET, SO_LINGER, &l, size));
            int const error = ::getsockopt(e.fd, SOL_SOCKET, SO_LINGER, &l, &size);
            return note(name("SO_LINGER", e), error < 0 ? error : l.l_onoff * 100 + l.l_linger);
        }
        int const which = happens(2) ? SO_RCVTIMEO : SO_SNDTIMEO;
        timeval t{static_cast<time_t>(choose(3)), static_cast<suseconds_t>(choose(2) * 500'000)};
        socklen_t size = sizeof(t);
        if (set && !is_blocking(e)) // Blocking sockets need theirs.
            return note(name("set timeout", e), ::setsockopt(e.fd, SOL_SOCKET, which, &t, size));
        int const error = ::getsockopt(e.fd, SOL_SOCKET, which, &t, &size);
        note(name("timeout", e), error < 0 ? error : static_cast<long>(t.tv_sec));
    }

    static bool is_blocking(entry const& e) { return !(::fcntl(e.fd, F_GETFL) & O_NONBLOCK); }

    void ask(entry const& e) {
        switch (choose(6)) {
        case 0: {
            int value = 0;
            int const error = ::ioctl(e.fd, FIONREAD, &value);
            return note(name("FIONREAD", e), error < 0 ? error : value);
        }
        case 1:
            return note(name("F_GETFL", e), ::fcntl(e.fd, F_GETFL));
        case 2:
            return ask_select();
        case 3:
        case 4:
            return ask_poll(happens(2));
        default: {
            pollfd p{e.fd, POLLIN | POLLOUT | POLLPRI | POLLRDHUP, 0};
            ::poll(&p, 1, 0);
            return note(name("poll", e), p.revents);
        }
        }
    }

    /// Of all sockets, with some of the events each.
    void ask_poll(bool with_signals) {
        std::vector<pollfd> all;
        for (entry const& e : sockets_) {
            constexpr int events[] = {0, POLLIN, POLLOUT, POLLIN | POLLOUT, POLLRDHUP, POLLPRI,
                POLLRDNORM, POLLWRNORM, POLLIN | POLLRDNORM | POLLOUT | POLLWRBAND | POLLRDBAND};
            all.push_back({e.fd, static_cast<short>(events[choose(std::size(events))]), 0});
        }
        timespec const none{0, 0};
        sigset_t signals;
        ::sigemptyset(&signals);
        int const found = with_signals ? ::ppoll(all.data(), all.size(), &none, &signals)
                                       : ::poll(all.data(), all.size(), 0);
        note("poll all", found);
        for (pollfd const& p : all)
            note("its events of " + std::to_string(p.events), p.revents);
    }

    void ask_select() {
        fd_set sets[3];
        for (fd_set& set : sets) {
            FD_ZERO(&set);
            for (entry const& e : sockets_)
                if (e.fd >= 0 && happens(2))
                    FD_SET(e.fd, &set);
        }
        timeval none{0, 0};
        note("select", ::select(FD_SETSIZE, &sets[0], &sets[1], &sets[2], &none));
        for (fd_set& set : sets) {
            long bits = 0;
            for (entry const& e : sockets_)
                bits = bits * 2 + (e.fd >= 0 && FD_ISSET(e.fd, &set));
            note("its set", bits);
        }
    }

    void end(entry& e) {
        switch (choose(5)) {
        case 0:
            note(name("close", e), ::close(e.fd));
            e = {};
            return;
        case 1: {
            int const copy = ::dup(e.fd);
            note(name("dup", e), std::min(copy, 0));
            return put(copy, e);
        }
        case 2: {
            entry& other = sockets_[choose(most_sockets)];
            if (other.fd < 0 || &other == &e)
                return;
            note(name("dup2", e) + ' ' + std::to_string(other.type),
                std::min(::dup2(e.fd, other.fd), 0));
            other = {other.fd, e.family, e.type, e.mapped};
            return;
        }
        default: {
            // Without a peer, it has effects that are not simulated.
            address a;
            if (::getpeername(e.fd, a.get(), &a.size) != 0)
                return;
            int const how = static_cast<int>(choose(4));
            return note(name("shutdown", e) + ' ' + std::to_string(how), ::shutdown(e.fd, how));
        }
        }
    }

    /// What does not differ from run to run.
    long describe(address const& a) const {
        if (a.size == 0)
            return 0;
        int const family = a.all.ss_family;
        if (family == AF_UNIX) {
            auto const& un = reinterpret_cast<sockaddr_un const&>(a.all);
            auto const size = a.size - offsetof(sockaddr_un, sun_path);
            long number = 10; // Chosen by the system.
            for (std::uint16_t p = 0; p < ports; ++p)
                if (size == 6 &&
                    std::to_string(first_port_ + p).compare(0, 5, un.sun_path + 1, 5) == 0)
                    number = p;
            return family * 1000 + (size == 0 ? 20 : number);
        }
        bool const v4 = family == AF_INET;
        auto const& four = reinterpret_cast<sockaddr_in const&>(a.all);
        auto const& six = reinterpret_cast<sockaddr_in6 const&>(a.all);
        std::uint16_t const port = ntohs(v4 ? four.sin_port : six.sin6_port);
        bool const any = v4 ? four.sin_addr.s_addr == 0
                            : std::memcmp(&six.sin6_addr, &in6addr_any, sizeof(in6addr_any)) == 0;
        bool const is_mapped = !v4 && six.sin6_addr.s6_addr[10] == 0xff;
        bool const own = port >= first_port_ && port < first_port_ + ports;
        return family * 1000 + any * 100 + is_mapped * 200 +
               (own       ? port - first_port_
                   : port ? 10
                          : 20);
    }

    void open(entry& e) {
        if (e.fd >= 0)
            note(name("close", e), ::close(e.fd));
        e = {};
        bool const blocks = happens(20);
        int const flags = blocks ? 0 : SOCK_NONBLOCK;
        e.family = std::array{AF_INET, AF_INET6, AF_INET6, AF_UNIX}[choose(4)];
        e.type = happens(3) ? SOCK_DGRAM : SOCK_STREAM;
        if (e.family == AF_UNIX && happens(2)) {
            int pair[2];
            note("socketpair " + std::to_string(e.type),
                ::socketpair(AF_UNIX, e.type | flags, 0, pair));
            e.fd = pair[0];
            limit(e.fd);
            limit(pair[1]);
            return put(pair[1], e);
        }
        e.fd = ::socket(e.family, e.type | flags, 0);
        note(name("socket", e), std::min(e.fd, 0));
        limit(e.fd);
        int const on = 1;
        e.mapped = e.family == AF_INET6 && happens(3);
        if (e.family == AF_INET6 && !e.mapped && happens(2))
            ::setsockopt(e.fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
        if (e.family != AF_UNIX && e.type == SOCK_STREAM)
            ::setsockopt(e.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    }

    /// Calls that block end soon.
    static void limit(int fd) {
        if (::fcntl(fd, F_GETFL) & O_NONBLOCK)
            return;
        timeval const t{0, 1000};
        ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
        ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t));
    }

    /// One of the same kind.
    void put(int fd, entry const& of) {
        auto const free = std::ranges::find(sockets_, -1, &entry::fd);
        if (free == sockets_.end())
            ::close(fd);
        else
            *free = {fd, of.family, of.type, of.mapped};
    }

    std::mt19937_64 random_;
    std::uint16_t const first_port_;
    std::array<entry, most_sockets> sockets_{};
    std::array<char, 4000> bytes_{};
    unsigned char next_byte_ = 0;
    std::vector<step> steps_;
};

constexpr int steps = 60;

constexpr std::uint16_t first_port = 10'000;

/// Its ports are used once: connections that are closed hold them for a while.
std::vector<step> run_really(std::uint64_t seed) {
    constexpr std::uint64_t most = 10'000;
    static std::uint64_t done = 0;
    if (done++ % most == 0)
        BOOST_REQUIRE(enter_empty_network());
    return program(seed, static_cast<std::uint16_t>(first_port + done % most * ports)).run(steps);
}

std::vector<step> run_simulated(std::uint64_t seed) {
    std::vector<step> result;
    boost_selectors::simulation world{{.seed = seed}};
    world.link("host", "host").latency(0s);
    world.host("host").run([&] { result = program(seed, first_port).run(steps); });
    world.run();
    return result;
}

std::string describe(std::vector<step> const& all, std::size_t end) {
    std::string text;
    for (std::size_t i = 0; i < std::min(end, all.size()); ++i)
        text += "  " + all[i].call + " = " + std::to_string(all[i].result) + '\n';
    return text;
}

boost::test_tools::assertion_result can_have_a_network(boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result result(enter_empty_network());
    result.message() << "no right to make a network namespace";
    return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(calls_have_the_same_results_as_on_the_real_kernel,
    *boost::unit_test::precondition(can_have_a_network)) {
    auto const& suite = boost::unit_test::framework::master_test_suite();
    int const operations = suite.argc > 1 ? std::atoi(suite.argv[1]) : 100'000;
    std::uint64_t const first = suite.argc > 2 ? std::strtoull(suite.argv[2], nullptr, 10) : 1;
    ::signal(SIGPIPE, SIG_IGN);
    int different = 0;
    int const most_shown = suite.argc > 3 ? std::atoi(suite.argv[3]) : 5;
    for (std::uint64_t seed = first; seed < first + static_cast<std::uint64_t>(operations / steps);
         ++seed) {
        auto const simulated = run_simulated(seed);
        auto real = run_really(seed);
        // A busy kernel may deliver what was sent over loopback a little later, by another thread.
        constexpr int attempts = 5;
        for (int i = 1; i < attempts && real != simulated; ++i)
            real = run_really(seed);
        auto const [a, b] =
            std::mismatch(real.begin(), real.end(), simulated.begin(), simulated.end());
        if (a == real.end() && b == simulated.end())
            continue;
        auto const end = static_cast<std::size_t>(a - real.begin());
        BOOST_ERROR("seed " << seed << ": the same\n"
                            << describe(real, end) << "but then really " << a->call << " = "
                            << a->result << ", simulated " << b->call << " = " << b->result);
        if (++different == most_shown)
            break;
    }
}
