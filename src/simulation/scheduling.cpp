// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Which thread runs, and until when: waiting, waking, and the passing of the baton and of time.

#include "world.hpp"
#include <algorithm>
#include <cerrno>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace boost_selectors::simulated {

using namespace std::chrono_literals;

namespace {

/// What a call takes, so that time goes on while threads are busy.
constexpr instant call_time{100};
/// In a loop that waits, calls take more and more time, up to this.
constexpr instant longest_call = 1ms;
/// So many in a row are nothing unusual: calls that find nothing to do, and readings of the clock.
constexpr unsigned usual_attempts = 64;
constexpr unsigned usual_readings = 1000;

} // namespace

void thread_list::add(thread& t) {
    t.list = this;
    t.place = threads_.size();
    threads_.push_back(&t);
}

void thread_list::remove(thread& t) noexcept {
    threads_[t.place] = threads_.back();
    threads_[t.place]->place = t.place;
    threads_.pop_back();
    t.list = nullptr;
}

void thread::due() {
    owner.in.make_ready(*this, true);
}

bool world::block(char const* why, void const* object, instant until, bool cancellable) {
    thread& self = *me;
    deliver_signals(self); // Those that came before do not interrupt it.
    self.object = object;
    self.why = why;
    self.timed_out = self.signalled = self.interrupted = false;
    self.cancellable = cancellable;
    (object ? waiting_[object] : sleeping_).add(self);
    if (object)
        ++waiters_[slot_of(object)];
    events.add(self, std::max(until, now_));
    self.since = now_;
    switch_from(self);
    if (recorded)
        recorded->wait(self, self.since, now_);
    deliver_signals(self);
    return !self.timed_out;
}

bool world::block_on(
    char const* why, void const* object, std::span<pollfd> handles, instant until) {
    me->real_handles = handles;
    on_real_handles_ += !handles.empty();
    bool const woken = block(why, object, until, true);
    on_real_handles_ -= !handles.empty();
    me->real_handles = {};
    return woken;
}

std::size_t world::wake(void const* object, std::size_t at_most) {
    if (waiters_[slot_of(object)] == 0)
        return 0;
    auto const found = waiting_.find(object);
    if (found == waiting_.end())
        return 0;
    thread_list& list = found->second;
    std::size_t woken = 0;
    for (bool last = false; woken < at_most && !last; ++woken) {
        last = list.size() == 1; // Then make_ready() removes the list.
        make_ready(list.at(last ? 0 : random(list.size())), false);
    }
    return woken;
}

void world::end_wait(thread& t) noexcept {
    if (thread_list* const list = t.list) {
        list->remove(t);
        if (t.object && list != &ready_) {
            --waiters_[slot_of(t.object)];
            if (list->empty())
                waiting_.erase(t.object);
        }
    }
    events.cancel(t);
}

void world::make_ready(thread& t, bool timed_out) noexcept {
    end_wait(t);
    t.timed_out = timed_out;
    ready_.add(t);
}

void world::may_switch() {
    if (!events.empty() && events.first() <= now_)
        return yield();
    if (!ready_.empty() && chance(switch_chance_))
        yield();
}

void world::unlocked() {
    thread& self = *me;
    if (self.locks > 0)
        --self.locks;
    if (self.doomed && self.locks == 0)
        leave();
}

void world::busy() noexcept {
    has_moved();
    now_ += call_time;
    me->attempts = me->readings = 0;
}

void world::idle() {
    find_nothing(me->attempts, usual_attempts);
}

void world::read_clock() {
    find_nothing(me->readings, usual_readings);
}

void world::read_clock_quietly() noexcept {
    if (++me->readings > usual_readings)
        now_ += step_of(me->readings - usual_readings);
}

instant world::step_of(unsigned in_a_row) noexcept {
    return std::min(call_time * (1 << std::min(in_a_row, 20u)), longest_call);
}

void world::find_nothing(unsigned& in_a_row, unsigned usual) {
    has_moved();
    now_ += call_time;
    if (++in_a_row <= usual)
        return may_switch();
    now_ += step_of(in_a_row - usual);
    yield();
}

void world::yield() {
    thread& self = *me;
    self.why = "its turn";
    ready_.add(self);
    switch_from(self);
    deliver_signals(self);
}

void world::switch_from(thread& self) {
    has_moved();
    thread* const next = pick();
    if (next == &self)
        return;
    running_.store(next, std::memory_order_relaxed);
    if (next)
        next->turn.give();
    else
        runner_.give();
    self.turn.await();
    wait_for_last_end();
}

/// A thread that ends gives its stack and its memory back to the C library. Only when it has done so may
/// another one run: else it would depend on real time which addresses that one gets.
void world::wait_for_last_end() noexcept {
    pid_t const last = std::exchange(ending_, 0);
    int const error = errno;
    while (last != 0 && real().syscall(SYS_tgkill, ::getpid(), last, 0) == 0)
        real().sched_yield();
    errno = error;
}

/// @return nullptr: the thread that called run().
thread* world::pick() {
    if (stalled_)
        park();
    for (;;) {
        in_event_ = true;
        while (pause_ == pause::none && events.run_one(now_)) {
        }
        in_event_ = false;
        if (pause_ != pause::none)
            return nullptr;
        if (look_at_real_handles_)
            poll_real_handles();
        if (mail.full())
            look_outside();
        if (!ready_.empty()) {
            thread& next = ready_.at(ready_.size() == 1 ? 0 : random(ready_.size()));
            ready_.remove(next);
            return &next;
        }
        if (poll_real_handles() || look_at_outside_waits())
            continue;
        if (something_is_due())
            now_ = std::max(now_, events.first());
        else if (!wait_outside())
            pause_ = pause::deadlock;
    }
}

/// Chaos and repeated scripts do not count, because they never end.
bool world::something_is_due() const noexcept {
    return events.size() > repeated_scripts_ + chaos_is_due();
}

/// Threads of no host have signalled something.
bool world::look_outside() {
    bool all = false;
    bool any = false;
    for (void const* const object : mail.take(all))
        any |= wake(object, std::size_t(-1)) > 0;
    if (all)
        for (auto const& t : threads_)
            if (t->list && t->object)
                wake_from_wait(*t);
    return any || all;
}

bool world::look_at_outside_waits() {
    if (waiting_.empty())
        return false;
    bool any = false;
    for (pthread_mutex_t* const m : outside_waits::instance().mutexes())
        if (waiting_.contains(m) && real().pthread_mutex_trylock(m) == 0) {
            real().pthread_mutex_unlock(m);
            any |= wake(m) > 0;
        }
    return any;
}

bool world::poll_real_handles() {
    look_at_real_handles_ = false;
    if (on_real_handles_ == 0)
        return false;
    bool any = false;
    for (auto const& t : threads_) {
        if (!t->list || t->list == &ready_ || t->real_handles.empty())
            continue;
        if (real().poll(t->real_handles.data(), t->real_handles.size(), 0) > 0) {
            make_ready(*t, false);
            any = true;
        }
    }
    return any;
}

} // namespace boost_selectors::simulated
