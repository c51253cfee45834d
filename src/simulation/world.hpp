// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_WORLD_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_WORLD_HPP

// The world: its clock, its hosts, and its threads, of which one runs at a time.
//
// The running thread holds the baton, and everything here belongs to the one who holds it. A thread
// gives the baton up in block() and yield(). pick() chooses who gets it: a thread that is ready, at
// random. If none is, time goes on to the next event of the timeline. The thread that called run()
// is no host's: it gets the baton when the run ends and when one of its scripts is due.

#include "baton.hpp"
#include "host.hpp"
#include "mailbox.hpp"
#include "network.hpp"
#include "recording.hpp"
#include "timeline.hpp"
#include "trace.hpp"
#include <array>
#include <boost_selectors/simulation.hpp>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <poll.h>
#include <random>
#include <set>
#include <span>
#include <string>
#include <sys/types.h>
#include <unordered_map>
#include <vector>

namespace boost_selectors::simulated {

struct thread;
class world;

/// The world that runs, if any.
extern world* current;

/// The signals that the calling thread blocks, a bit each.
std::uint64_t blocked_signals() noexcept;

/// The thread that calls, if it is one of a host.
extern thread_local thread* me [[gnu::tls_model("initial-exec")]];

/// Of which host a thread that the calling thread makes is the first one.
extern thread_local host* starting [[gnu::tls_model("initial-exec")]];

/// Threads in no order that anybody may rely on. A thread is in one list at most.
class thread_list {
public:
    bool empty() const noexcept { return threads_.empty(); }
    std::size_t size() const noexcept { return threads_.size(); }
    thread& at(std::size_t place) const noexcept { return *threads_[place]; }
    void add(thread& t);
    void remove(thread& t) noexcept;

private:
    std::vector<thread*> threads_;
};

struct thread final : timed {
    thread(host& h, std::uint32_t number)
        : owner(h)
        , id(number) {}

    void due() override; ///< The end of the time that it may wait.

    host& owner;
    std::uint32_t const id; ///< Within its host, from 1.
    baton turn;
    pthread_t handle{};
    void* (*function)(void*) = nullptr;
    void* argument = nullptr;
    bool program = false; ///< The world ends when all programs have ended.
    bool detached = false;
    bool finished = false;
    unsigned locks = 0;  ///< How many it holds.
    bool doomed = false; ///< Its host has ended: it stops when it holds no lock any more.
    bool dead = false;   ///< It never runs again.

    // While it waits:
    thread_list* list = nullptr;
    std::size_t place = 0;
    void const* object = nullptr; ///< What it waits for, nullptr: for time only.
    char const* why = "";
    bool timed_out = false;
    bool cancellable = false;
    std::span<pollfd> real_handles;
    instant since{0};

    // Signals, a bit each:
    std::uint64_t blocked = 0;
    std::uint64_t pending = 0;
    std::uint64_t awaited = 0; ///< By sigwait().
    bool signalled = false;    ///< A handler has run since the last wait began.
    bool interrupted = false;  ///< One without SA_RESTART.

    unsigned attempts = 0; ///< How many calls in a row found nothing to do.
    unsigned readings = 0; ///< How many times in a row it read the clock.
};

/// Why the thread that called run() has the baton.
enum class pause { none, script, finished, time_over, deadlock, failure };

class world {
public:
    explicit world(simulation::options const& o);
    ~world();

    // What users do, by threads of no host:
    /// The host of that name, made if there is none.
    host& find_or_add_host(std::string_view name);
    void start(host& h, std::function<void()> f, bool program);
    void at(instant when, std::function<void()> f);
    void every(std::chrono::nanoseconds period, std::function<void()> f);
    void end_host(host& h, bool peers_are_told);
    void restart_host(host& h);
    void set_chaos(int level);
    /// @return whether all programs have ended.
    bool run(instant until);
    /// Whether threads of the world may be running.
    bool runs() const noexcept { return runs_; }
    /// Its threads run no more. Frees the world, if it has none.
    void end();

    // By the thread that has the baton:
    instant now() noexcept { return now_; }
    /// The instant in so much time; never, if that is too long.
    instant after(std::chrono::nanoseconds time) const noexcept {
        if (me)
            time = me->owner.clock.length(time);
        return time < never - now_ ? now_ + time : never;
    }
    std::uint64_t random() { return random_(); }
    std::uint64_t random(std::uint64_t below) { return random_() % below; }
    bool chance(std::uint64_t of) { return random(of) == 0; }
    /// Whether something that chaos allows from that level on goes wrong now.
    bool goes_wrong(int level, std::uint64_t of) { return chaos_level_ >= level && chance(of); }
    void note(event_name what, std::int64_t handle = -1, std::int64_t result = 0);
    /// Something that the test or chance did to the world.
    void note_fault(event_name what, host const* to, host const* and_to = nullptr);
    /// Who has called a function that does what is being done; nullptr: nobody, its time has come.
    thread const* caller() const noexcept { return in_event_ ? nullptr : me; }

    /// The calling thread waits until wake() or the time.
    /// @param object what threads of the same wake(object) wait for; nullptr: only for the time.
    /// @return false: the time is over.
    bool block(
        char const* why, void const* object, instant until = never, bool cancellable = false);
    /// The same; ends too when one of the real handles is ready, whose `revents` are then set.
    bool block_on(char const* why, void const* object, std::span<pollfd> handles, instant until);

    std::size_t wake(void const* object, std::size_t at_most = 1);
    void make_ready(thread& t, bool timed_out) noexcept;
    /// Whatever the thread waits for.
    void wake_from_wait(thread& t) noexcept {
        if (t.list && t.list != &ready_)
            make_ready(t, false);
    }

    /// Another thread may run now; by chance, so that most calls cost nothing.
    void may_switch();
    /// The thread found nothing to do. If it goes on so, time does, too.
    void idle();
    /// The same for reading the clock.
    void read_clock();
    /// The same, for code that holds locks that the world does not know: no other thread runs, and
    /// time goes on in a long loop only.
    void read_clock_quietly() noexcept;
    void busy() noexcept;
    void yield();
    void send_signal(thread& to, int number);
    /// Runs the handlers of the thread's pending signals, on it.
    void deliver_signals(thread& self);
    /// To one of the host's threads that do not block it; if all do, it is pending for the host.
    void send_signal(host& to, int number);
    /// Something was done to a real handle for which another thread may wait.
    void real_handle_changed() noexcept { look_at_real_handles_ = true; }

    /// Makes a thread of the calling thread's host, which will call `f(argument)`.
    int create_thread(pthread_t* handle, pthread_attr_t const* attributes, host& h,
        void* (*f)(void*), void* argument);
    thread* find(pthread_t handle) const noexcept;
    void forget(thread& t);
    void locked() noexcept { ++me->locks; }
    void unlocked();
    [[noreturn]] void exit_host(int status);
    /// Ends the calling thread, whose host has ended.
    [[noreturn]] void leave();
    [[noreturn]] void park() noexcept;
    void fail(std::exception_ptr e) noexcept;
    void fail_with(std::exception_ptr e) noexcept;

    std::set<pthread_once_t*> calls_once; ///< In progress.
    std::vector<std::unique_ptr<host>> const& hosts() const noexcept { return hosts_; }
    /// What the world does not imitate fails, and is said once.
    /// @return -1; errno is ENOSYS.
    int not_simulated(char const* what);

    network net{*this};
    mailbox mail;
    timeline events;
    trace log;
    std::unique_ptr<recording> recorded; ///< nullptr: nobody wants it.
    simulation::options const wanted;

private:
    friend struct thread;
    struct script;
    struct limit;
    struct chaos;

    void stay_on_one_processor(pthread_t handle) const noexcept;
    /// Most locks have no waiters, so wake() seldom has to search.
    static std::size_t slot_of(void const* object) noexcept {
        return std::hash<void const*>()(object) / alignof(std::max_align_t) % 256;
    }
    void end_wait(thread& t) noexcept;
    void stop(thread& t) noexcept;
    static instant step_of(unsigned in_a_row) noexcept;
    void find_nothing(unsigned& in_a_row, unsigned usual);
    void end_by_signal(host& of, int number);
    void run_script(script& s);
    bool run_on(instant until);
    [[noreturn]] void leave_host();
    static void* thread_main(void* t);
    static void thread_ended(void* t);
    void program_ended() noexcept;
    void ended(thread& self);
    void wait_for_last_end() noexcept;
    void switch_from(thread& self);
    thread* pick();
    bool something_is_due() const noexcept;
    bool chaos_is_due() const noexcept;
    /// Only who has the baton counts.
    void has_moved() noexcept {
        moves_.store(moves_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    bool look_outside();
    bool look_at_outside_waits();
    bool poll_real_handles();
    bool wait_outside();
    std::string describe_waiting();

    instant now_{0};
    std::mt19937_64 random_;
    int const processor_; ///< On which all threads of the world run.
    std::uint64_t switch_chance_;
    std::vector<std::unique_ptr<host>> hosts_;
    std::vector<std::unique_ptr<thread>> threads_; ///< All that have not been joined.
    std::size_t programs_ = 0;                     ///< That have not ended.
    bool all_ended_ = false;                       ///< The last one has ended during this run.
    std::vector<std::unique_ptr<script>> scripts_;
    std::size_t repeated_scripts_ = 0;
    std::unique_ptr<chaos> chaos_;
    int chaos_level_ = 0;
    thread_list ready_;
    thread_list sleeping_; ///< Those that wait for time only.
    std::unordered_map<void const*, thread_list> waiting_;
    std::array<std::uint32_t, 256> waiters_{}; ///< How many wait for objects of each slot_of().
    bool look_at_real_handles_ = false;
    std::size_t on_real_handles_ = 0; ///< How many threads wait for some.

    std::set<std::string> not_simulated_;
    baton runner_;
    bool in_event_ = false;
    pause pause_ = pause::none;
    script* due_ = nullptr;
    std::exception_ptr failure_;
    bool failed_ = false;
    std::atomic<std::uint64_t> moves_{0}; ///< For the watchdog.
    std::atomic<thread*> running_{nullptr};
    pid_t ending_ = 0; ///< The thread that has ended, while the system may still know it.
    bool stalled_ = false;
    std::atomic<bool> runs_{false};
};

} // namespace boost_selectors::simulated

#endif
