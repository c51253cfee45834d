// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A program forks repeatedly while its threads keep a selector busy. No child hangs, whatever it
// does with the selector, and the parent is not affected.

#include "storm.hpp"

#include <array>
#include <atomic>
#include <boost_selectors/selectors.hpp>
#include <optional>
#include <sys/socket.h>

using namespace boost_selectors;
using namespace std::chrono_literals;

namespace {

struct socket_pair {
    std::array<int, 2> ends{};

    socket_pair() {
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0)
            throw std::system_error(errno, std::system_category(), "socketpair");
    }
    ~socket_pair() {
        ::close(ends[0]);
        ::close(ends[1]);
    }
    socket_pair(socket_pair const&) = delete;
    socket_pair& operator=(socket_pair const&) = delete;

    void send() const { (void)!::write(ends[1], "x", 1); }
    void drain() const {
        char bytes[256];
        while (::read(ends[0], bytes, sizeof bytes) > 0) {
        }
    }
};

std::optional<default_selector> selector; // Global: it is destroyed when a child exits.

/// Threads that select, modify registrations, send, and wake.
class busy_threads {
public:
    busy_threads() {
        selector->register_handle(busy_.ends[0], event::read);
        threads_.emplace_back([this] {
            while (!stop_)
                for (ready_event const& ready : selector->select(1ms)) {
                    ++received_;
                    if (ready.key.handle == busy_.ends[0])
                        busy_.drain();
                }
        });
        threads_.emplace_back([this] {
            while (!stop_) {
                busy_.send();
                selector->wakeup();
                std::this_thread::sleep_for(20us);
            }
        });
        threads_.emplace_back([this] {
            std::array<socket_pair, 8> const pairs;
            while (!stop_) {
                for (socket_pair const& pair : pairs)
                    selector->register_handle(pair.ends[0], event::read | event::write);
                for (socket_pair const& pair : pairs)
                    selector->modify(pair.ends[0], event::read);
                for (socket_pair const& pair : pairs)
                    selector->unregister(pair.ends[0]);
            }
        });
    }

    ~busy_threads() {
        stop_ = true;
        selector->wakeup();
        for (std::thread& thread : threads_)
            thread.join();
    }

    int handle() const noexcept { return busy_.ends[0]; }
    long received() const noexcept { return received_; }

private:
    socket_pair busy_;
    std::atomic<bool> stop_ = false;
    std::atomic<long> received_ = 0;
    std::vector<std::thread> threads_;
};

bool goes_on() {
    selector->notify_fork(fork_event::child);
    socket_pair const own;
    selector->register_handle(own.ends[0], event::read);
    own.send();
    for (int i = 0; i < 1000; ++i)
        for (ready_event const& ready : selector->select(1s))
            if (ready.key.handle == own.ends[0])
                return true;
    return false;
}

} // namespace

int main() {
    selector.emplace();
    auto threads = std::make_unique<busy_threads>();
    std::vector<forks::kind> kinds{
        {"close", false, [] { return selector->close(), true; }},
        {"destroy", false, [] { return selector.reset(), true; }},
        {"unregister", false,
            [&] {
                std::error_code ec;
                selector->unregister(threads->handle(), ec);
                return !ec || ec == error::forked;
            }},
        {"exit", false, [] { return std::exit(0), false; }},
        {"exec", false, [] { return ::execl("/bin/true", "true", nullptr), false; }},
        {"prepare, close", true, [] { return selector->close(), true; }},
        {"prepare, unregister", true,
            [&] { return selector->unregister(threads->handle()).handle == threads->handle(); }},
        {"prepare, exit", true, [] { return std::exit(0), false; }},
        {"prepare, notify, go on", true, goes_on},
    };
    forks::storm(kinds, [](bool before) {
        selector->notify_fork(before ? fork_event::prepare : fork_event::parent);
    });
    long const before = threads->received();
    auto const end = std::chrono::steady_clock::now() + 10s;
    while (threads->received() == before && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(1ms);
    bool const alive = threads->received() != before;
    threads.reset();
    bool const undisturbed = selector->get_map().size() == 1; // Nothing but the busy socket.
    if (!alive || !undisturbed)
        std::printf("the parent was disturbed\n");
    return forks::report(std::string(selector->name()), kinds) == 0 && alive && undisturbed ? 0 : 1;
}
