// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// libev. It defines functions with the same names as libevent's, so each needs its own program.

#include "operations.hpp"
#include <ev.h>
#include <memory>

namespace {

class libev {
public:
    libev()
        : loop_(ev_loop_new(EVBACKEND_EPOLL)) {}
    ~libev() { ev_loop_destroy(loop_); }

    void add(int fd) {
        auto const place = static_cast<std::size_t>(fd);
        if (place >= watchers_.size())
            watchers_.resize(place + 1);
        if (!watchers_[place])
            watchers_[place] = std::make_unique<ev_io>();
        start(fd, EV_READ);
    }
    void change(int fd, bool write) {
        remove(fd);
        start(fd, write ? EV_READ | EV_WRITE : EV_READ);
    }
    void remove(int fd) { ev_io_stop(loop_, watchers_[static_cast<std::size_t>(fd)].get()); }
    int poll() {
        count_ = 0;
        ev_run(loop_, EVRUN_NOWAIT);
        return count_;
    }

private:
    void start(int fd, int events) {
        auto* const watcher = watchers_[static_cast<std::size_t>(fd)].get();
        ev_io_init(watcher, &on_ready, fd, events);
        watcher->data = this;
        ev_io_start(loop_, watcher);
    }
    static void on_ready(struct ev_loop*, ev_io* watcher, int) {
        ++static_cast<libev*>(watcher->data)->count_;
    }

    struct ev_loop* loop_;
    std::vector<std::unique_ptr<ev_io>> watchers_;
    int count_ = 0;
};

} // namespace

int main(int argc, char** argv) {
    core_benchmark::add_candidate("libev", [] { return std::make_unique<libev>(); });
    return core_benchmark::run(argc, argv);
}
