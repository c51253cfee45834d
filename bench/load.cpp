// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A load generator for echo servers, the same for every candidate.
//
//   load PORT CONNECTIONS SIZE PIPELINE IDLE     persistent connections, and IDLE silent ones
//   load PORT CONNECTIONS SIZE churn             short connections, CONNECTIONS at a time: one
//                                                exchange each
//   load PORT CONNECTIONS SIZE once              the same, but the server closes
//
// Prints "ready", then reads the lengths of slices in seconds, one per line. For each it prints the
// number of messages echoed and the elapsed seconds. Between slices nothing is in flight.

#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <unordered_map>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;

[[noreturn]] void fail(char const* what) {
    std::perror(what);
    std::exit(1);
}

long checked(long result, char const* what) {
    if (result < 0)
        fail(what);
    return result;
}

class load {
public:
    load(int port, std::size_t size, std::size_t pipeline)
        : port_(port)
        , size_(size)
        , pipeline_(pipeline)
        , message_(size * pipeline, 'x')
        , buffer_(1 << 18, '\0')
        , epoll_(static_cast<int>(checked(::epoll_create1(0), "epoll_create1"))) {}

    void add_idle(int n) {
        for (int i = 0; i < n; ++i)
            connect();
    }

    void add_busy(int n) {
        for (int i = 0; i < n; ++i) {
            int const fd = connect();
            watch(fd, EPOLLIN);
            busy_.push_back(fd);
        }
        received_.resize(busy_.empty() ? 0 : static_cast<std::size_t>(busy_.back()) + 1);
    }

    void exchange(double seconds) {
        begin(seconds);
        for (int const fd : busy_)
            send(fd, pipeline_);
        std::size_t in_flight = busy_.size() * pipeline_;
        while (in_flight > 0)
            for (epoll_event const& e : wait())
                in_flight -= receive(e.data.fd);
        end();
    }

    void churn(int connections, bool server_closes, double seconds) {
        server_closes_ = server_closes;
        begin(seconds);
        for (int i = 0; i < connections; ++i)
            begin_exchange();
        for (int open = connections; open > 0;)
            for (epoll_event const& e : wait())
                open -= step(e.data.fd);
        end();
    }

private:
    void begin(double seconds) {
        count_ = 0;
        start_ = clock_type::now();
        stop_ = start_ + std::chrono::duration_cast<clock_type::duration>(
                             std::chrono::duration<double>(seconds));
        going_ = true;
    }

    void end() const {
        std::chrono::duration<double> const took = clock_type::now() - start_;
        std::printf("%lu %.6f\n", count_, took.count());
        std::fflush(stdout);
    }

    int connect() {
        int const fd = static_cast<int>(checked(::socket(AF_INET, SOCK_STREAM, 0), "socket"));
        int const on = 1;
        checked(::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
        checked(::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on), "bind");
        sockaddr_in address{};
        address.sin_family = AF_INET;
        // With many source addresses the ports suffice, even after a minute of short connections.
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + next_source_++ % 200);
        auto const* const any = reinterpret_cast<sockaddr const*>(&address);
        checked(::bind(fd, any, sizeof address), "bind");
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<std::uint16_t>(port_));
        checked(::connect(fd, any, sizeof address), "connect");
        return fd;
    }

    void watch(int fd, std::uint32_t events) const {
        epoll_event e{};
        e.events = events;
        e.data.fd = fd;
        if (::epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &e) != 0)
            checked(::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &e), "epoll_ctl");
    }

    std::vector<epoll_event>& wait() {
        events_.resize(256);
        int const n = ::epoll_wait(epoll_, events_.data(), 256, 10'000);
        if (n == 0) {
            std::fprintf(stderr, "load: the server has not answered for 10 s\n");
            std::exit(1);
        }
        events_.resize(static_cast<std::size_t>(checked(n, "epoll_wait")));
        if (going_ && clock_type::now() >= stop_)
            going_ = false;
        return events_;
    }

    void send(int fd, std::size_t messages) const {
        for (std::size_t done = 0, all = messages * size_; done < all;)
            done += static_cast<std::size_t>(
                checked(::send(fd, message_.data(), all - done, MSG_NOSIGNAL), "send"));
    }

    std::size_t recv(int fd) {
        auto const n = checked(::recv(fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT), "recv");
        if (n == 0) {
            std::fprintf(stderr, "load: the server has closed a connection\n");
            std::exit(1);
        }
        return static_cast<std::size_t>(n);
    }

    /// @return by how many the number of messages in flight has decreased.
    std::size_t receive(int fd) {
        std::size_t& received = received_[static_cast<std::size_t>(fd)];
        received += recv(fd);
        std::size_t const messages = received / size_;
        received %= size_;
        count_ += messages;
        if (messages == 0 || !going_)
            return messages;
        send(fd, messages);
        return 0;
    }

    void begin_exchange() {
        int const fd = connect();
        send(fd, 1);
        watch(fd, EPOLLIN);
    }

    /// @return 1 if a connection has ended and no other takes its place.
    int step(int fd) {
        std::size_t& received = in_exchange_[fd];
        if (received < size_) {
            received += recv(fd);
            if (received < size_ || server_closes_)
                return 0;
        } else {
            checked(::recv(fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT), "recv");
        }
        in_exchange_.erase(fd);
        ::close(fd);
        ++count_;
        if (!going_)
            return 1;
        begin_exchange();
        return 0;
    }

    int const port_;
    std::size_t const size_;
    std::size_t const pipeline_;
    std::string const message_;
    std::string buffer_;
    int const epoll_;
    std::vector<epoll_event> events_;
    std::vector<int> busy_;
    std::vector<std::size_t> received_; ///< Bytes of the current message, by descriptor.
    std::unordered_map<int, std::size_t> in_exchange_;
    unsigned next_source_ = 0;
    unsigned long count_ = 0;
    clock_type::time_point start_, stop_;
    bool going_ = false;
    bool server_closes_ = false;
};

} // namespace

int main(int argc, char** argv) {
    if (argc < 5) {
        std::fprintf(stderr, "usage: load PORT CONNECTIONS SIZE (PIPELINE IDLE | churn | once)\n");
        return 2;
    }
    bool const once = std::strcmp(argv[4], "once") == 0;
    bool const churn = once || std::strcmp(argv[4], "churn") == 0;
    int const connections = std::atoi(argv[2]);
    load generator(std::atoi(argv[1]), std::strtoul(argv[3], nullptr, 10),
        churn ? 1 : std::strtoul(argv[4], nullptr, 10));
    if (!churn) {
        generator.add_busy(connections);
        generator.add_idle(argc > 5 ? std::atoi(argv[5]) : 0);
    }
    std::puts("ready");
    std::fflush(stdout);
    for (double seconds; std::scanf("%lf", &seconds) == 1;) {
        if (churn)
            generator.churn(connections, once, seconds);
        else
            generator.exchange(seconds);
    }
}
