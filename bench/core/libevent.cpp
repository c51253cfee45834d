// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// libevent.

#include "operations.hpp"
#include <event2/event.h>
#include <memory>

namespace {

class libevent {
public:
    libevent()
        : base_(event_base_new()) {}
    ~libevent() {
        for (auto const& e : events_)
            if (e)
                event_free(e);
        event_base_free(base_);
    }

    void add(int fd) {
        auto const place = static_cast<std::size_t>(fd);
        if (place >= events_.size())
            events_.resize(place + 1);
        if (!events_[place])
            events_[place] = event_new(base_, fd, EV_READ | EV_PERSIST, &on_ready, this);
        event_add(events_[place], nullptr);
    }
    void change(int fd, bool write) {
        auto* const e = events_[static_cast<std::size_t>(fd)];
        event_del(e);
        auto const events = static_cast<short>(EV_READ | EV_PERSIST | (write ? EV_WRITE : 0));
        event_assign(e, base_, fd, events, &on_ready, this);
        event_add(e, nullptr);
    }
    void remove(int fd) { event_del(events_[static_cast<std::size_t>(fd)]); }
    int poll() {
        count_ = 0;
        event_base_loop(base_, EVLOOP_ONCE | EVLOOP_NONBLOCK);
        return count_;
    }

private:
    static void on_ready(int, short, void* self) { ++static_cast<libevent*>(self)->count_; }

    event_base* base_;
    std::vector<::event*> events_;
    int count_ = 0;
};

} // namespace

int main(int argc, char** argv) {
    core_benchmark::add_candidate("libevent", [] { return std::make_unique<libevent>(); });
    return core_benchmark::run(argc, argv);
}
