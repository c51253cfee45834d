// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Random programs of socket calls, on the real kernel over loopback and on the simulated one: each call must
// give the same result and the same error on both.
//
//   differential_test [-- OPERATIONS [FIRST_SEED]]

#define BOOST_TEST_MODULE simulation_differential
#include "empty_network.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/simulation.hpp>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <random>
#include <string>
#include <sys/ioctl.h>
#include <sys/socket.h>
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

/// Does the same calls for the same seed, as far as they have the same results.
class program {
public:
    program(std::uint64_t seed, std::uint16_t first_port)
        : random_(seed)
        , first_port_(first_port) {}

    ~program() {
        for (int const s : sockets_)
            if (s >= 0)
                ::close(s);
    }

    std::vector<step> run(int steps) {
        for (int i = 0; i < steps; ++i)
            do_something();
        return std::move(steps_);
    }

private:
    static constexpr std::size_t most_sockets = 6;
    std::size_t choose(std::size_t below) { return random_() % below; }

    void note(std::string call, long result) {
        steps_.push_back({std::move(call), result < 0 ? -errno : result});
    }

    static sockaddr_storage address(int family, std::uint16_t port, bool any, socklen_t& size) {
        sockaddr_storage all{};
        if (family == AF_INET) {
            auto& a = reinterpret_cast<sockaddr_in&>(all);
            a.sin_family = AF_INET;
            a.sin_port = htons(port);
            a.sin_addr.s_addr = htonl(any ? INADDR_ANY : INADDR_LOOPBACK);
            size = sizeof(a);
        } else {
            auto& a = reinterpret_cast<sockaddr_in6&>(all);
            a.sin6_family = AF_INET6;
            a.sin6_port = htons(port);
            a.sin6_addr = any ? in6addr_any : in6addr_loopback;
            size = sizeof(a);
        }
        return all;
    }

    void do_something() {
        std::size_t const slot = choose(most_sockets);
        int& s = sockets_[slot];
        auto const name = [&](char const* call) {
            return call + std::string(" ") + std::to_string(slot);
        };
        if (s < 0 || choose(60) == 0)
            return open(s, slot);
        int const family = choose(8) == 0 ? (choose(2) ? AF_INET : AF_INET6) : families_[slot];
        auto const port = static_cast<std::uint16_t>(first_port_ + choose(ports));
        socklen_t size = 0;
        switch (choose(17)) {
        case 0: {
            auto const wanted = static_cast<std::uint16_t>(choose(3) == 0 ? 0 : port);
            auto const a = address(family, wanted, choose(2) == 0, size);
            int const error = ::bind(s, reinterpret_cast<sockaddr const*>(&a), size);
            if (error == 0)
                bound_[slot] = wanted;
            return note(name("bind"), error);
        }
        case 1:
            return note(name("listen"), ::listen(s, 8));
        case 2:
        case 3: {
            auto const a = address(family, port, choose(6) == 0, size);
            if (port == bound_[slot]) // TCP might connect with itself, which is not simulated.
                return;
            return note(name("connect"), ::connect(s, reinterpret_cast<sockaddr const*>(&a), size));
        }
        case 4:
        case 5: {
            int const accepted = ::accept4(s, nullptr, nullptr, SOCK_NONBLOCK);
            note(name("accept"), std::min(accepted, 0));
            if (accepted >= 0)
                put(accepted, families_[slot]);
            return;
        }
        case 6:
        case 7:
            return note(name("send"), ::send(s, bytes_.data(), 1 + choose(2000), MSG_NOSIGNAL));
        case 8:
        case 9:
            return note(name("recv"),
                ::recv(s, bytes_.data(), 1 + choose(3000), choose(4) == 0 ? MSG_PEEK : 0));
        case 10: {
            auto const a = address(family, port, false, size);
            return note(name("sendto"), ::sendto(s, bytes_.data(), choose(500), MSG_NOSIGNAL,
                                            reinterpret_cast<sockaddr const*>(&a), size));
        }
        case 11: {
            // Without a peer, it has effects that are not simulated.
            sockaddr_storage a;
            size = sizeof(a);
            if (::getpeername(s, reinterpret_cast<sockaddr*>(&a), &size) != 0)
                return;
            int const how = static_cast<int>(choose(3));
            return note(name("shutdown") + " " + std::to_string(how), ::shutdown(s, how));
        }
        case 12:
            note(name("close"), ::close(s));
            s = -1;
            return;
        case 13: {
            pollfd p{s, POLLIN | POLLOUT | POLLPRI | POLLRDHUP, 0};
            ::poll(&p, 1, 0);
            return note(name("poll"), p.revents);
        }
        case 14: {
            int value = 0;
            size = sizeof(value);
            int const option = std::array{SO_ERROR, SO_TYPE, SO_ACCEPTCONN, SO_DOMAIN}[choose(4)];
            int const error = ::getsockopt(s, SOL_SOCKET, option, &value, &size);
            return note(
                name("getsockopt") + " " + std::to_string(option), error < 0 ? error : value);
        }
        case 15: {
            sockaddr_storage a{};
            size = sizeof(a);
            bool const peer = choose(2) == 0;
            auto* const to = reinterpret_cast<sockaddr*>(&a);
            int const error = peer ? ::getpeername(s, to, &size) : ::getsockname(s, to, &size);
            return note(
                name(peer ? "getpeername" : "getsockname"), error < 0 ? error : describe(a));
        }
        default: {
            int value = 0;
            int const error = ::ioctl(s, FIONREAD, &value);
            return note(name("FIONREAD"), error < 0 ? error : value);
        }
        }
    }

    /// What does not differ from run to run.
    long describe(sockaddr_storage const& a) const {
        bool const v4 = a.ss_family == AF_INET;
        auto const& four = reinterpret_cast<sockaddr_in const&>(a);
        auto const& six = reinterpret_cast<sockaddr_in6 const&>(a);
        std::uint16_t const port = ntohs(v4 ? four.sin_port : six.sin6_port);
        bool const any = v4 ? four.sin_addr.s_addr == 0
                            : std::memcmp(&six.sin6_addr, &in6addr_any, sizeof(in6addr_any)) == 0;
        bool const own = port >= first_port_ && port < first_port_ + ports;
        return a.ss_family * 1000 + any * 100 + (own ? port - first_port_ : port ? 10 : 20);
    }

    void open(int& s, std::size_t slot) {
        if (s >= 0)
            note("close " + std::to_string(slot), ::close(s));
        families_[slot] = choose(2) ? AF_INET : AF_INET6;
        bound_[slot] = 0;
        bool const stream = choose(3) > 0;
        s = ::socket(families_[slot], (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK, 0);
        note((stream ? "TCP " : "UDP ") + std::to_string(slot), std::min(s, 0));
        int const on = 1;
        if (families_[slot] == AF_INET6) // Who gets what is for both is a matter of its own.
            ::setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
        if (stream)
            ::setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    }

    void put(int accepted, int family) {
        auto const free = std::find(sockets_.begin(), sockets_.end(), -1);
        if (free == sockets_.end()) {
            ::close(accepted);
            return;
        }
        *free = accepted;
        bound_[static_cast<std::size_t>(free - sockets_.begin())] = 0;
        families_[static_cast<std::size_t>(free - sockets_.begin())] = family;
    }

    std::mt19937_64 random_;
    std::uint16_t const first_port_;
    std::array<int, most_sockets> sockets_{-1, -1, -1, -1, -1, -1};
    std::array<int, most_sockets> families_{};
    std::array<std::uint16_t, most_sockets> bound_{};
    std::array<char, 4000> bytes_{};
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
    int different = 0;
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
        if (++different == 5)
            break;
    }
}
