// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The selectors of this library, and plain system calls.

#include "operations.hpp"
#include <boost_selectors/selectors.hpp>
#include <memory>
#include <sys/epoll.h>

namespace {

using core_benchmark::checked;
using core_benchmark::signal_fd;

using namespace std::chrono_literals;
using boost_selectors::event;

class selector {
public:
    explicit selector(std::string const& name)
        : selector_(boost_selectors::make_selector(name)) {}

    void add(int fd) { selector_->register_handle(fd, event::read, this); }
    void change(int fd, bool write) {
        selector_->modify(fd, write ? event::read | event::write : event::read);
    }
    void remove(int fd) { selector_->unregister(fd); }
    int poll() {
        int n = 0;
        for (boost_selectors::ready_event const& ready : selector_->select(0ns)) {
            benchmark::DoNotOptimize(ready.key.data);
            ++n;
        }
        return n;
    }

    void sleep() { selector_->select(); }
    void wake() { selector_->wakeup(); }

private:
    std::unique_ptr<boost_selectors::base_selector> selector_;
};

class bare_epoll {
public:
    bare_epoll()
        : epoll_(checked(::epoll_create1(0), "epoll_create1"))
        , events_(16384) {
        control(EPOLL_CTL_ADD, waker_.get(), EPOLLIN | EPOLLET);
    }
    ~bare_epoll() { ::close(epoll_); }

    void add(int fd) { control(EPOLL_CTL_ADD, fd, EPOLLIN); }
    void change(int fd, bool write) {
        control(EPOLL_CTL_MOD, fd, write ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
    void remove(int fd) { control(EPOLL_CTL_DEL, fd, 0); }
    int poll() {
        int const n = ::epoll_wait(epoll_, events_.data(), 16384, 0);
        for (int i = 0; i < n; ++i)
            benchmark::DoNotOptimize(
                static_cast<void*>(events_[static_cast<std::size_t>(i)].data.ptr));
        return n;
    }

    void sleep() { ::epoll_wait(epoll_, events_.data(), 16384, -1); }
    void wake() { waker_.set(); }

private:
    void control(int operation, int fd, std::uint32_t events) {
        epoll_event e{};
        e.events = events;
        e.data.ptr = this;
        checked(::epoll_ctl(epoll_, operation, fd, &e), "epoll_ctl");
    }

    int epoll_;
    std::vector<epoll_event> events_;
    signal_fd waker_;
};

} // namespace

int main(int argc, char** argv) {
    for (std::string const& name : boost_selectors::available_selectors())
        core_benchmark::add_candidate(
            "boost_selectors_" + name, [name] { return std::make_unique<selector>(name); });
    core_benchmark::add_candidate("bare_epoll", [] { return std::make_unique<bare_epoll>(); });
    return core_benchmark::run(argc, argv);
}
