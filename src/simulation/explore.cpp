// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Many seeds, a child process each.

#include "addresses.hpp"
#include "ended.hpp"
#include "real.hpp"
#include "stacks.hpp"
#include "world.hpp"
#include <algorithm>
#include <boost_selectors/explore.hpp>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cxxabi.h>
#include <dlfcn.h>
#include <iostream>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <sys/mman.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>

namespace boost_selectors {

using namespace simulated;
using namespace std::chrono_literals;
using real_clock = std::chrono::steady_clock;

namespace {

[[noreturn]] void fail_with(char const* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// An anonymous file.
class scratch {
public:
    scratch()
        : fd_(::memfd_create("boost_selectors", MFD_CLOEXEC)) {
        if (fd_ < 0)
            fail_with("explore: memfd_create");
    }
    scratch(scratch&& other) noexcept
        : fd_(std::exchange(other.fd_, -1)) {}
    ~scratch() {
        if (fd_ >= 0)
            ::close(fd_);
    }

    int fd() const noexcept { return fd_; }

    template <class T>
    std::vector<T> content() const {
        std::vector<T> all(static_cast<std::size_t>(::lseek(fd_, 0, SEEK_END)) / sizeof(T));
        auto const size = static_cast<ssize_t>(all.size() * sizeof(T));
        if (::pread(fd_, all.data(), static_cast<std::size_t>(size), 0) != size)
            fail_with("explore: pread");
        return all;
    }

private:
    int fd_;
};

/// What a child reports last.
struct verdict {
    bool failed;
    std::uint64_t hash;
    instant time;
};

/// A seed that is being run.
struct child {
    std::uint64_t seed;
    pid_t process = -1;
    scratch output;
    scratch records; ///< The last ones, for people.
    scratch report;
    scratch trace; ///< All records, if wanted.
    real_clock::time_point end;
    int status = 0;

    bool ended() {
        pid_t const done = ::waitpid(process, &status, WNOHANG);
        if (done < 0)
            fail_with("explore: waitpid");
        if (done == 0 && real_clock::now() > end)
            ::kill(process, SIGKILL);
        return done == process;
    }
};

void write_all(int fd, void const* data, std::size_t size) {
    auto const* from = static_cast<char const*>(data);
    while (size > 0) {
        ssize_t const n = ::write(fd, from, size);
        if (n < 0 && errno != EINTR)
            return;
        from += std::max<ssize_t>(n, 0);
        size -= static_cast<std::size_t>(std::max<ssize_t>(n, 0));
    }
}

/// The children are spread over the processors.
void use_processor(std::uint64_t number) {
    cpu_set_t allowed;
    if (::sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
        return;
    auto nth = number % static_cast<std::uint64_t>(CPU_COUNT(&allowed));
    for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu)
        if (CPU_ISSET(cpu, &allowed) && nth-- == 0) {
            CPU_ZERO(&allowed);
            CPU_SET(cpu, &allowed);
            static_cast<void>(::sched_setaffinity(0, sizeof(allowed), &allowed));
            return;
        }
}

/// Of the exception that is being handled.
std::string type_of_exception() {
    char const* const name = abi::__cxa_current_exception_type()->name();
    int status = 0;
    std::unique_ptr<char, decltype(&std::free)> const readable(
        abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free);
    return status == 0 ? readable.get() : name;
}

/// Of the child, for report_death().
int records_fd = -1;

/// When the process dies by a signal: says where it was. The heap may be broken, so that this may die or
/// hang.
void report_death() {
    if (records_fd < 0 || !current)
        return;
    ::alarm(5);
    std::string text = "  it was at " + ended_simulations::describe(current->now());
    if (me)
        text += "host \"" + me->owner.name + "\", thread " + std::to_string(me->id);
    me = nullptr; // What is called now is real.
    current->end();
    text += '\n' + ended_simulations::instance().last_records();
    write_all(std::exchange(records_fd, -1), text.data(), text.size());
    std::fflush(nullptr);
}

void die(int number) {
    report_death();
    std::signal(number, SIG_DFL);
    ::raise(number);
}

/// A test framework's handlers would go on with its next test.
void handle_death() {
    for (int const number : {SIGALRM, SIGTERM})
        std::signal(number, SIG_DFL);
    std::signal(SIGABRT, die);
    using set_callback = void(void (*)());
    if (void* const found = ::dlsym(RTLD_DEFAULT, "__sanitizer_set_death_callback"))
        return reinterpret_cast<set_callback*>(found)(report_death); // It handles the others.
    for (int const number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE})
        std::signal(number, die);
}

/// In the child. It never returns to the test framework.
[[noreturn]] void run_in_child(child const& c, bool all_records,
    std::function<void(std::uint64_t)> const& test, std::function<bool()> const& failed) {
    use_processor(c.seed);
    pid_t const self = ::getpid();
    records_fd = c.records.fd();
    handle_death();
    ::dup2(c.output.fd(), STDOUT_FILENO);
    ::dup2(c.output.fd(), STDERR_FILENO);
    for (char const* const name : {trace_variable, packets_variable})
        ::unsetenv(name); // A seed that is repeated may have the files.
    ended_simulations::instance().start_anew(all_records);
    verdict v{true, 0, {}};
    try {
        test(c.seed);
        v.failed = failed && failed();
    } catch (abi::__forced_unwind const&) {
        std::fprintf(stderr, "the test called pthread_exit()\n");
        throw;
    } catch (std::exception const& e) {
        std::fprintf(stderr, "%s\n", e.what());
    } catch (...) { // A test framework has said why it throws such a thing.
        if (!failed || !failed())
            std::fprintf(stderr, "an exception of type %s\n", type_of_exception().c_str());
    }
    if (::getpid() != self)
        ::_exit(0); // A child that the test has forked returned from the test.
    auto const& ended = ended_simulations::instance();
    v.hash = ended.hash();
    v.time = ended.time();
    if (v.failed) {
        auto const text = ended.last_records();
        write_all(c.records.fd(), text.data(), text.size());
    }
    std::cout.flush();
    std::cerr.flush();
    std::fflush(nullptr);
    if (all_records)
        write_all(
            c.trace.fd(), ended.records().data(), ended.records().size() * sizeof(trace::record));
    write_all(c.report.fd(), &v, sizeof(v));
    ::_exit(0);
}

/// So that the ends of children can be waited for.
class child_signal {
public:
    child_signal() {
        struct sigaction usual {};
        usual.sa_handler = SIG_DFL;
        ::sigaction(SIGCHLD, &usual, &old_);
    }
    ~child_signal() { ::sigaction(SIGCHLD, &old_, nullptr); }
    child_signal(child_signal const&) = delete;
    child_signal& operator=(child_signal const&) = delete;

private:
    struct sigaction old_;
};

class explorer {
public:
    explorer(std::function<void(std::uint64_t)> const& test, explore_options const& o)
        : test_(test)
        , options_(o) {}

    exploration run(std::uint64_t count) {
        unsigned const processors = std::max(1u, std::thread::hardware_concurrency());
        unsigned const jobs = options_.jobs ? options_.jobs : processors;
        std::list<child> running;
        std::uint64_t next = 1;
        auto const goes_on = [&] {
            return next <= count && found_.failed.size() < options_.most_failures;
        };
        while (goes_on() || !running.empty()) {
            while (goes_on() && running.size() < jobs)
                running.push_back(start(next++, false));
            for (auto c = running.begin(); c != running.end();) {
                if (c->ended()) {
                    judge(*c);
                    c = running.erase(c);
                } else {
                    ++c;
                }
            }
            show_progress(count);
            wait_for_a_child(running);
        }
        std::ranges::sort(found_.failed);
        std::ranges::sort(found_.unrepeatable);
        return found_;
    }

    void summarize() const {
        std::chrono::duration<double> const real = real_clock::now() - start_;
        std::chrono::duration<double, std::ratio<3600>> const hours = found_.virtual_time;
        bool const all = found_.failed.size() < options_.most_failures;
        bool const few = hours.count() < 100;
        std::fprintf(stderr, "%sexplored %llu seeds: %zu failed%s; %.*g virtual hours in %.3g s\n",
            shows_progress() ? "\r" : "", static_cast<unsigned long long>(found_.seeds),
            found_.failed.size(), all ? "" : ", and that is enough", few ? 3 : 15,
            few ? hours.count() : std::round(hours.count()), real.count());
    }

private:
    child start(std::uint64_t seed, bool all_records) {
        child c{.seed = seed,
            .output = {},
            .records = {},
            .report = {},
            .trace = {},
            .end = real_clock::now() + options_.limit};
        std::fflush(nullptr);
        std::cout.flush();
        c.process = ::fork();
        if (c.process < 0)
            fail_with("explore: fork");
        if (c.process == 0)
            run_in_child(c, all_records, test_, options_.failed);
        return c;
    }

    /// A short while: there is no call that waits for one of several children with a timeout.
    static void wait_for_a_child(std::list<child> const& running) {
        if (!running.empty())
            std::this_thread::sleep_for(200us);
    }

    void judge(child const& c) {
        ++found_.seeds;
        auto const reports = c.report.content<verdict>();
        if (!reports.empty())
            found_.virtual_time += reports[0].time;
        auto const output = c.output.content<char>();
        if (!reports.empty() && !reports[0].failed)
            return show_output_of_success(c.seed, output);
        bool const is_first = found_.failed.empty();
        found_.failed.push_back(c.seed);
        say("simulation: seed " + std::to_string(c.seed) + " failed" +
            how_it_ended(c, !reports.empty()));
        print(output);
        if (is_first)
            print(c.records.content<char>());
        say("  BOOST_SELECTORS_SEED=" + std::to_string(c.seed) + " repeats it");
        if (is_first)
            say("  then BOOST_SELECTORS_TRACE=trace.json and "
                "BOOST_SELECTORS_PACKETS=packets.pcapng "
                "draw it");
        if (is_first && addresses_are_random())
            say("  but the system puts objects at other addresses then, which may matter");
        repeat(c.seed);
    }

    /// Some failures are printed only, and not thrown.
    void show_output_of_success(std::uint64_t seed, std::span<char const> output) {
        constexpr std::size_t most = 1000;
        if (output.empty() || options_.failed || std::exchange(said_output_, true))
            return;
        say("simulation: seed " + std::to_string(seed) + " has not failed, but has printed:");
        print(output.first(std::min(output.size(), most)));
        say("  (explore_options::failed can say what is a failure)");
    }

    static void print(std::span<char const> text) {
        if (text.empty())
            return;
        std::fwrite(text.data(), 1, text.size(), stderr);
        if (text.back() != '\n')
            std::fputc('\n', stderr);
    }

    static void say(std::string const& line) {
        std::fprintf(stderr, "%s%s\n", shows_progress() ? "\r" : "", line.c_str());
    }

    static std::string how_it_ended(child const& c, bool reported) {
        if (reported)
            return "";
        if (WIFSIGNALED(c.status)) {
            bool const late = WTERMSIG(c.status) == SIGKILL && real_clock::now() > c.end;
            return late ? ": it took too long"
                        : std::string(": its process ended by a signal, ") +
                              ::strsignal(WTERMSIG(c.status));
        }
        return ": its process ended with status " + std::to_string(WEXITSTATUS(c.status));
    }

    /// Two runs must be the same.
    void repeat(std::uint64_t seed) {
        std::vector<trace::record> records[2];
        for (auto& r : records) {
            child c = start(seed, true);
            while (!c.ended())
                std::this_thread::sleep_for(200us);
            r = c.trace.content<trace::record>();
        }
        auto const [a, b] = std::ranges::mismatch(records[0], records[1]);
        if (a == records[0].end() && b == records[1].end())
            return;
        found_.unrepeatable.push_back(seed);
        std::fprintf(stderr,
            "  it depends on something besides the seed: two runs differ at record %td\n",
            a - records[0].begin() + 1);
        for (auto const& [at, of] : {std::pair(a, &records[0]), std::pair(b, &records[1])})
            std::fputs(at == of->end()
                           ? "    the end\n"
                           : ("    " + ended_simulations::instance().describe(*at) + '\n').c_str(),
                stderr);
    }

    static bool shows_progress() noexcept {
        static bool const terminal = ::isatty(STDERR_FILENO) == 1;
        return terminal;
    }

    void show_progress(std::uint64_t count) {
        if (!shows_progress() || real_clock::now() < next_progress_)
            return;
        next_progress_ = real_clock::now() + 200ms;
        std::fprintf(stderr, "\rexplored %llu of %llu seeds, %zu failed",
            static_cast<unsigned long long>(found_.seeds), static_cast<unsigned long long>(count),
            found_.failed.size());
    }

    std::function<void(std::uint64_t)> const& test_;
    explore_options const& options_;
    exploration found_;
    bool said_output_ = false;
    real_clock::time_point const start_ = real_clock::now();
    real_clock::time_point next_progress_ = start_ + 1s;
};

} // namespace

exploration explore(std::uint64_t count, std::function<void(std::uint64_t)> const& test,
    explore_options const& options) {
    if (current || me)
        throw simulation_error("explore: within a simulation");
    if (char const* const seed = std::getenv("BOOST_SELECTORS_SEED")) {
        std::uint64_t number = 0;
        char const* const end = seed + std::strlen(seed);
        if (auto const [at, error] = std::from_chars(seed, end, number);
            error != std::errc() || at != end)
            throw simulation_error(
                std::string("BOOST_SELECTORS_SEED is no number: \"") + seed + '"');
        test(number);
        exploration found;
        found.seeds = 1;
        if (options.failed && options.failed())
            found.failed.push_back(number);
        return found;
    }
    for (char const* const name : {trace_variable, packets_variable})
        if (std::getenv(name))
            std::fprintf(stderr, "explore: %s is for one seed, with BOOST_SELECTORS_SEED\n", name);
    child_signal const guard;
    explorer e(test, options);
    exploration found = e.run(count);
    e.summarize();
    return found;
}

} // namespace boost_selectors
