// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "world.hpp"
#include "chaos.hpp"
#include "ended.hpp"
#include "stacks.hpp"
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <cxxabi.h>
#include <limits>
#include <sstream>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace boost_selectors::simulated {

using namespace std::chrono_literals;

world* current = nullptr;
thread_local thread* me = nullptr;
thread_local host* starting = nullptr;

namespace {

/// Its destructor is the last that the C library calls for a thread, see thread_ended().
pthread_key_t last_key;
pthread_once_t last_key_made = PTHREAD_ONCE_INIT;

/// Threads of earlier worlds, which stay where they are. A child process has none of its parent's.
struct {
    pid_t process = 0;
    std::size_t count = 0;
} left_behind;

} // namespace

/// What a user wants done at a time, by the thread that called run().
struct world::script final : timed {
    script(world& w, std::function<void()> f, std::chrono::nanoseconds again)
        : in(w)
        , call(std::move(f))
        , period(again) {}

    void due() override {
        in.due_ = this;
        in.pause_ = pause::script;
        if (period > 0ns)
            in.events.add(*this, in.now_ + period);
    }

    world& in;
    std::function<void()> call;
    std::chrono::nanoseconds const period; ///< Zero: it is called once.
};

struct world::limit final : timed {
    limit(world& w, instant until)
        : in(w) {
        in.events.add(*this, until);
    }
    ~limit() { in.events.cancel(*this); }

    void due() override { in.pause_ = pause::time_over; }

    world& in;
};

world::world(simulation::options const& o)
    : log(ended_simulations::instance().keeps_all() ? std::numeric_limits<std::size_t>::max()
                                                    : o.kept_records)
    , wanted(o)
    , random_(o.seed)
    , processor_(std::max(::sched_getcpu(), 0)) {
    // Some seeds switch at every second call, some hardly ever: each finds other mistakes.
    switch_chance_ = std::uint64_t{2} << random(7);
    if (!o.trace_file.empty() || !o.packet_file.empty())
        recorded = std::make_unique<recording>(o.trace_file, o.packet_file);
    real().pthread_once(
        &last_key_made, [] { ::pthread_key_create(&last_key, &world::thread_ended); });
}

world::~world() = default;

/// Only one thread runs at a time. To hand the baton over takes several times as long if the other one
/// is on another processor.
void world::stay_on_one_processor(pthread_t handle) const noexcept {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(processor_, &one);
    // If it is refused, it is slower.
    static_cast<void>(::pthread_setaffinity_np(handle, sizeof(one), &one));
}

host& world::find_or_add_host(std::string_view name) {
    for (auto const& h : hosts_)
        if (h->name == name)
            return *h;
    hosts_.push_back(std::make_unique<host>(
        *this, std::string(name), static_cast<std::uint32_t>(hosts_.size() + 1)));
    if (recorded)
        recorded->add_host(*hosts_.back(), net);
    return *hosts_.back();
}

void world::at(instant when, std::function<void()> f) {
    scripts_.push_back(std::make_unique<script>(*this, std::move(f), 0ns));
    events.add(*scripts_.back(), std::max(when, now_));
}

void world::every(std::chrono::nanoseconds period, std::function<void()> f) {
    scripts_.push_back(std::make_unique<script>(*this, std::move(f), period));
    ++repeated_scripts_;
    events.add(*scripts_.back(), now_ + period);
}

void world::start(host& h, std::function<void()> f, bool program) {
    if (!f)
        throw std::invalid_argument("simulated_host: the program is an empty function");
    auto argument = std::make_unique<std::function<void()>>(f);
    pthread_t handle;
    starting = &h;
    // Not create_thread(), so that a sanitizer that stands before it knows the thread.
    int const error = ::pthread_create(
        &handle, nullptr,
        [](void* p) -> void* {
            std::unique_ptr<std::function<void()>> const call(
                static_cast<std::function<void()>*>(p));
            (*call)();
            return nullptr;
        },
        argument.get());
    starting = nullptr;
    if (error)
        throw std::system_error(
            error, std::generic_category(), "simulation: a thread for " + h.name);
    [[maybe_unused]] auto* const given = argument.release(); // To the thread.
    thread& t = *find(handle);
    t.program = program;
    t.detached = true;
    ::pthread_detach(handle);
    if (program)
        ++programs_;
    h.programs.push_back({std::move(f), program});
}

int world::create_thread(pthread_t* handle, pthread_attr_t const* attributes, host& h,
    void* (*f)(void*), void* argument) {
    auto made = std::make_unique<thread>(h, ++h.threads);
    thread& t = *made;
    t.function = f;
    t.argument = argument;
    threads_.push_back(std::move(made));
    t.blocked = blocked_signals();
    // It starts when it gets the baton.
    if (int const error = real().pthread_create(&t.handle, attributes, &world::thread_main, &t)) {
        threads_.pop_back();
        return error;
    }
    stay_on_one_processor(t.handle);
    log.add(now_, h.id, t.id, "thread begins", -1, 0);
    if (recorded)
        recorded->add_thread(t);
    *handle = t.handle;
    if (attributes) {
        int state = PTHREAD_CREATE_JOINABLE;
        ::pthread_attr_getdetachstate(attributes, &state);
        t.detached = state == PTHREAD_CREATE_DETACHED;
    }
    ready_.add(t);
    return 0;
}

// AddressSanitizer does not know the thread yet: its own function is the one that is called.
// UndefinedBehaviorSanitizer takes __forced_unwind for a null reference.
__attribute__((no_sanitize("address"), no_sanitize("undefined"))) void* world::thread_main(
    void* argument) {
    thread& self = *static_cast<thread*>(argument);
    self.turn.await();
    self.owner.in.wait_for_last_end();
    me = &self;
    constexpr std::size_t longest_name = 15;
    ::pthread_setname_np(self.handle, self.owner.name.substr(0, longest_name).c_str());
    ::pthread_setspecific(last_key, reinterpret_cast<void*>(std::uintptr_t{1}));
    try {
        self.owner.in.deliver_signals(self);
        return self.function(self.argument);
    } catch (abi::__forced_unwind const&) { // pthread_exit() and pthread_cancel().
        throw;
    } catch (...) {
        self.owner.in.fail(std::current_exception());
    }
    return nullptr;
}

/// The C library calls the destructors of thread_local objects first, then those of keys, as often
/// as keys have values again. The thread's last step must be the last of these.
void world::thread_ended(void* round) {
    auto const number = reinterpret_cast<std::uintptr_t>(round);
    if (number < PTHREAD_DESTRUCTOR_ITERATIONS)
        ::pthread_setspecific(last_key, reinterpret_cast<void*>(number + 1));
    else
        me->owner.in.ended(*me);
}

void world::program_ended() noexcept {
    if (--programs_ > 0)
        return;
    all_ended_ = true;
    if (pause_ == pause::none)
        pause_ = pause::finished;
}

void world::ended(thread& self) {
    note("thread ends");
    self.finished = true;
    if (self.program)
        program_ended();
    wake(&self, 1);
    thread* const next = pick();
    if (self.detached)
        forget(self);
    me = nullptr;
    ending_ = static_cast<pid_t>(real().syscall(SYS_gettid));
    if (next) {
        running_ = next;
        next->turn.give();
    } else {
        runner_.give();
    }
}

thread* world::find(pthread_t handle) const noexcept {
    for (auto i = threads_.rbegin(); i != threads_.rend(); ++i)
        if (!(*i)->dead && ::pthread_equal((*i)->handle, handle))
            return i->get();
    return nullptr;
}

void world::forget(thread& t) {
    std::erase_if(threads_, [&](auto const& p) { return p.get() == &t; });
}

void world::note(event_name what, std::int64_t handle, std::int64_t result) {
    log.add(now_, me ? me->owner.id : 0, me ? me->id : 0, what, handle, result);
    if (recorded && me)
        recorded->call(*me, now_, what.text, handle, result);
}

void world::note_fault(event_name what, host const* to, host const* and_to) {
    log.add(now_, to ? to->id : 0, 0, what, -1, and_to ? and_to->id : 0);
    if (recorded)
        recorded->fault(now_, std::string(what.text) + (to ? ": " + to->name : "") +
                                  (and_to ? " - " + and_to->name : ""));
}

/// Nothing can happen in the world any more, unless a thread of no host or another process does
/// something. Gives them some real time.
bool world::wait_outside() {
    std::vector<pollfd> handles;
    std::size_t known = 1; // The one that called run().
    if (left_behind.process == ::getpid())
        known += left_behind.count;
    for (auto const& t : threads_) {
        known += !t->finished || t.get() == me; // The one that calls this may be about to end.
        if (t->list)
            handles.insert(handles.end(), t->real_handles.begin(), t->real_handles.end());
    }
    constexpr int rounds = 200;
    for (int i = 0; i < rounds; ++i) {
        // Those of the world that have finished may exist for a moment.
        if (handles.empty() && !other_threads_exist(known))
            return false;
        if (mail.await_for(handles.empty() ? 10ms : 0ms) || look_at_outside_waits())
            return true;
        if (!handles.empty() && real().poll(handles.data(), handles.size(), 10) > 0)
            return true;
    }
    return false;
}

void world::park() noexcept {
    me = nullptr;
    for (;;)
        ::pause();
}

void world::fail_with(std::exception_ptr e) noexcept {
    if (!failure_)
        failure_ = std::move(e);
    pause_ = pause::failure;
}

void world::fail(std::exception_ptr e) noexcept {
    std::fprintf(stderr,
        "simulation: a thread of host \"%s\" threw an exception at %.9f s (seed %llu)\n",
        me->owner.name.c_str(), std::chrono::duration<double>(now_).count(),
        static_cast<unsigned long long>(wanted.seed));
    fail_with(std::move(e));
}

std::string world::describe_waiting() {
    std::ostringstream text;
    std::vector<thread*> all;
    for (auto const& t : threads_)
        if (!t->finished && !t->dead)
            all.push_back(t.get());
    std::ranges::sort(all, {}, [](thread const* t) { return std::pair(t->owner.id, t->id); });
    for (thread const* const t : all) {
        text << "  " << t->owner.name << ", thread " << t->id << " waits for "
             << (t->list == &ready_ ? "its turn" : t->why);
        if (t->when() != never)
            text << " until " << std::chrono::duration<double>(t->when()).count() << " s";
        text << '\n' << describe_stack(t->handle);
    }
    for (auto const& h : hosts_)
        for (std::string const& line : net.describe_sockets(*h))
            text << "  " << h->name << ", " << line << '\n';
    text << "(addr2line -Cfpie FILE OFFSET names the function of a file's offset)\n";
    return text.str();
}

void world::run_script(script& s) {
    if (s.period > 0ns)
        return s.call();
    auto const found = std::ranges::find(scripts_, &s, [](auto const& p) { return p.get(); });
    auto const once = std::exchange(*found, std::move(scripts_.back()));
    scripts_.pop_back();
    once->call();
}

bool world::run(instant until) {
    if (me)
        throw simulation_error("simulation: run() is not for programs of hosts");
    if (failed_)
        throw simulation_error("simulation: it has failed, and can't go on");
    for (auto const& h : hosts_)
        if (!h->named && h->programs.empty())
            throw simulation_error("simulation: only a link has made the host \"" + h->name +
                                   "\"; is the name right?");
    all_ended_ = false;
    failed_ = true;
    bool const all_ended = run_on(until);
    failed_ = false;
    return all_ended;
}

bool world::run_on(instant until) {
    limit const end(*this, until);
    struct running {
        std::atomic<bool>& flag;
        explicit running(std::atomic<bool>& f)
            : flag(f) {
            flag = true;
        }
        ~running() { flag = false; }
    } const during(runs_);
    for (;;) {
        pause_ = pause::none;
        if (programs_ == 0 && (until == never || all_ended_))
            break;
        if (thread* const next = pick()) {
            running_ = next;
            next->turn.give();
            std::uint64_t seen = moves_;
            while (!runner_.await_for(wanted.stall_limit == 0s ? 1h : wanted.stall_limit)) {
                // A futex may wake early; the baton that did not move counts.
                std::uint64_t const now = moves_;
                if (now != std::exchange(seen, now))
                    continue;
                stalled_ = true;
                thread* const holder = running_;
                throw simulation_error(
                    "simulation: host \"" + holder->owner.name + "\", thread " +
                    std::to_string(holder->id) +
                    " has called nothing after which another thread may run for " +
                    std::to_string(wanted.stall_limit.count()) + " s of real time (seed " +
                    std::to_string(wanted.seed) + "); it is at\n" + describe_stack(holder->handle));
            }
            wait_for_last_end();
        }
        switch (pause_) {
        case pause::script: {
            run_script(*std::exchange(due_, nullptr));
            continue;
        }
        case pause::finished:
        case pause::time_over:
            break;
        case pause::failure:
            std::rethrow_exception(std::exchange(failure_, nullptr));
        case pause::deadlock:
            if (until != never && programs_ == 0) {
                now_ = until;
                break;
            }
            throw simulation_error("simulation: deadlock after " +
                                   std::to_string(std::chrono::duration<double>(now_).count()) +
                                   " s (seed " + std::to_string(wanted.seed) + ")\n" +
                                   describe_waiting());
        case pause::none:
            continue;
        }
        break;
    }
    return programs_ == 0;
}

int world::not_simulated(char const* what) {
    if (not_simulated_.insert(what).second)
        std::fprintf(stderr, "simulation: %s is not simulated (host \"%s\")\n", what,
            me->owner.name.c_str());
    errno = ENOSYS;
    return -1;
}

void world::end() {
    std::vector<std::string> names;
    names.reserve(hosts_.size());
    for (auto const& h : hosts_)
        names.push_back(h->name);
    ended_simulations::instance().add(log, now_, std::move(names));
    if (recorded)
        for (auto const& t : threads_)
            if (t->list && t->list != &ready_)
                recorded->wait(*t, t->since, now_);
    recorded = nullptr;
    events.clear();
    net.close_all();
    if (threads_.empty())
        return delete this;
    if (left_behind.process != ::getpid())
        left_behind = {::getpid(), 0};
    left_behind.count += static_cast<std::size_t>(
        std::ranges::count(threads_, false, [](auto const& t) { return t->finished; }));
    // Its threads are still in it. For leak detectors:
    static auto& kept = *new std::vector<world*>;
    kept.push_back(this);
}

} // namespace boost_selectors::simulated
