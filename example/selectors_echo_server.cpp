// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A non-blocking echo server on the bare selector: one thread, any number of clients.
//
//   selectors_echo_server [--stats] [port [backend]]
//
// With --stats it prints once a second what its selector did.
//
// The server sends back what a client sends. While a client does not read, the server does not read
// from it either (backpressure). It waits until it can write the unsent rest, so no buffer grows.

#include <algorithm>
#include <array>
#include <boost_selectors/selectors.hpp>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

using namespace boost_selectors;

namespace {

std::error_code last_error() {
    return {errno, std::system_category()};
}

class unique_socket {
public:
    explicit unique_socket(int fd)
        : fd_(fd) {}
    unique_socket(unique_socket&& other) noexcept
        : fd_(std::exchange(other.fd_, -1)) {}
    unique_socket& operator=(unique_socket&&) = delete;
    ~unique_socket() {
        if (fd_ >= 0)
            ::close(fd_);
    }
    int native_handle() const { return fd_; }

private:
    int fd_;
};

struct client {
    unique_socket socket;
    std::array<char, 4096> buffer{};
    std::size_t begin = 0; // [begin, end) has been received, but not sent back yet.
    std::size_t end = 0;
};

unique_socket listen_on(std::uint16_t port) {
    unique_socket s(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    int const on = 1;
    ::setsockopt(s.native_handle(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    if (::bind(s.native_handle(), reinterpret_cast<sockaddr*>(&address), sizeof address) == -1 ||
        ::listen(s.native_handle(), SOMAXCONN) == -1)
        throw std::system_error(last_error(), "cannot listen on port " + std::to_string(port));
    return s;
}

std::uint16_t port_of(unique_socket const& s) {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    ::getsockname(s.native_handle(), reinterpret_cast<sockaddr*>(&address), &length);
    return ntohs(address.sin_port);
}

class echo_server {
public:
    echo_server(std::uint16_t port, std::unique_ptr<base_selector> selector, bool statistics)
        : listener_(listen_on(port))
        , clients_(std::move(selector))
        , print_at_(statistics ? clock::now() + std::chrono::seconds(1) : never) {
        clients_.register_handle(listener_, event::read, nullptr);
    }

    std::uint16_t port() const { return port_of(listener_); }
    std::string_view backend() const { return clients_.selector().name(); }

    /// Called from a signal handler.
    void stop() {
        stopped_ = 1;
        clients_.wakeup();
    }

    void run() {
        while (!stopped_) {
            auto const until = std::min(resume_at_, print_at_);
            auto list = until != never ? clients_.select(until - clock::now()) : clients_.select();
            if (clock::now() >= resume_at_)
                resume_accepting();
            if (clock::now() >= print_at_)
                print_statistics();
            for (auto [ready, owner] : list) {
                if (owner)
                    serve(*owner);
                else
                    accept_all();
            }
        }
    }

private:
    using clock = std::chrono::steady_clock;
    static constexpr clock::time_point never = clock::time_point::max();

    void print_statistics() {
        selector_statistics const now = clients_.selector().get_statistics();
        std::cout << "waits " << now.waits - last_.waits << ", ready "
                  << now.ready_events - last_.ready_events << ", registered "
                  << now.registrations - last_.registrations << ", modified "
                  << now.modifications - last_.modifications << ", unregistered "
                  << now.unregistrations - last_.unregistrations << std::endl;
        last_ = now;
        print_at_ += std::chrono::seconds(1);
    }

    void accept_all() {
        for (;;) {
            unique_socket s(::accept4(
                listener_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
            if (s.native_handle() >= 0) {
                add(std::move(s));
                continue;
            }
            if (errno == EINTR || errno == ECONNABORTED)
                continue;
            if (errno == EAGAIN || errno == EWOULDBLOCK)
                return;
            // EMFILE, ENFILE, ENOBUFS, ENOMEM: the waiting client stays in the queue.
            std::cerr << "accept: " << last_error().message() << '\n';
            // Pause accepting until a client leaves, but not longer than 100 ms.
            clients_.unregister(listener_);
            resume_at_ = clock::now() + std::chrono::milliseconds(100);
            return;
        }
    }

    void add(unique_socket s) {
        int const on = 1; // Small answers must not wait for an acknowledgement.
        ::setsockopt(s.native_handle(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        auto c = std::make_unique<client>(client{std::move(s)});
        int const handle = c->socket.native_handle();
        try {
            clients_.register_handle(handle, event::read, std::move(c));
        } catch (std::system_error const& e) {
            std::cerr << "register_handle: " << e.what() << '\n'; // The client's socket is closed.
        }
    }

    void resume_accepting() {
        resume_at_ = never;
        clients_.register_handle(listener_, event::read, nullptr);
    }

    void serve(client& c) {
        if (!(c.begin == c.end ? receive(c) : true) || !send(c)) {
            auto const gone = clients_.extract(c.socket); // Closes it at the end of the scope.
            if (resume_at_ != never)
                resume_accepting();
            return;
        }
        auto const wanted = c.begin == c.end ? event::read : event::write;
        if (clients_.selector().get_key(c.socket).wanted.events != wanted)
            clients_.modify(c.socket, wanted);
    }

    // Both return false at the end of the connection.

    static bool receive(client& c) {
        ssize_t const n = ::recv(c.socket.native_handle(), c.buffer.data(), c.buffer.size(), 0);
        if (n > 0) {
            c.begin = 0;
            c.end = static_cast<std::size_t>(n);
        }
        return n > 0 || (n == -1 && would_block());
    }

    static bool send(client& c) {
        while (c.begin != c.end) {
            ssize_t const n = ::send(
                c.socket.native_handle(), c.buffer.data() + c.begin, c.end - c.begin, MSG_NOSIGNAL);
            if (n == -1)
                return would_block();
            c.begin += static_cast<std::size_t>(n);
        }
        return true;
    }

    static bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

    unique_socket listener_;
    keyed_selector<std::unique_ptr<client>> clients_; // The listener has no client.
    clock::time_point resume_at_ = never;             // Accepting pauses until then.
    clock::time_point print_at_;
    selector_statistics last_;
    std::sig_atomic_t volatile stopped_ = 0;
};

echo_server* running = nullptr;

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (ec != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return port;
}

} // namespace

int main(int argc, char* argv[]) {
    bool const statistics = argc > 1 && argv[1] == std::string_view("--stats");
    if (statistics) {
        --argc;
        ++argv;
    }
    auto const port = parse_port(argc > 1 ? argv[1] : "0");
    if (argc > 3 || !port) {
        std::cerr << "Usage: selectors_echo_server [--stats] [port [backend]]\n";
        return 2;
    }
    try {
        echo_server server(*port, make_selector(argc > 2 ? argv[2] : "default"), statistics);
        running = &server;
        std::signal(SIGINT, [](int) { running->stop(); });
        std::signal(SIGTERM, [](int) { running->stop(); });
        std::cout << "listening on port " << server.port() << " (" << server.backend() << ")"
                  << std::endl;
        server.run();
    } catch (std::exception const& e) {
        std::cerr << "selectors_echo_server: " << e.what() << '\n';
        return 1;
    }
}
