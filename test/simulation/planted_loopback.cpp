// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The programs with a planted mistake, again and again on the real system: each host is a thread, and the
// network is loopback. Prints when each mistake is found, as rows of a table.
//
//   planted_loopback SECONDS [PROGRAM]         the programs with the mistake, each for so long
//   planted_loopback SECONDS mended [PROGRAM]  those without it
//
// It fails if a program without its mistake fails, or if one fails by something else than its mistake.

#include "empty_network.hpp"
#include "planted_programs.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <optional>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

namespace {

using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

/// A round that takes so long has stopped. None takes more than 6 s by its nature.
constexpr int limit = 15; // Seconds.

/// What main() returns if the process may not have a network of its own.
constexpr int skipped = 77;

int progress = -1; ///< In a child process: a byte for each round, at last a message after a '!'.

/// Ends the process, also if other threads still run. For exceptions that nobody catches.
[[noreturn]] void report_and_exit() {
    std::string message = "!it ends without an exception";
    try {
        if (std::exception_ptr const e = std::current_exception())
            std::rethrow_exception(e);
    } catch (std::exception const& e) {
        message = std::string("!") + e.what();
    } catch (...) {
        message = "!an unknown exception";
    }
    ::_exit(::write(progress, message.data(), message.size()) > 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

/// The functions of a simulation. What would change the network, the clocks, or lets hosts fail, does
/// nothing.
class loopback {
public:
    class host_type {
    public:
        explicit host_type(loopback& w)
            : world_(w) {}

        void run(std::function<void()> program) {
            world_.programs_.emplace_back(std::move(program));
        }
        void service(std::function<void()> program) {
            world_.has_services_ = true;
            std::thread(std::move(program)).detach();
        }
        void kill() {}
        void crash() {}
        void restart() {}
        void descriptor_limit(std::size_t) {}

    private:
        loopback& world_;
    };

    struct link_type {
        link_type& latency(std::chrono::nanoseconds, std::chrono::nanoseconds) { return *this; }
        link_type& loss(double) { return *this; }
        link_type& duplication(double) { return *this; }
    };

    host_type host(char const*) { return host_type(*this); }
    link_type link(char const*, char const*) { return {}; }
    void chaos(int) {}
    void at(std::chrono::nanoseconds, std::function<void()> const&) {}
    void run() { programs_.clear(); }
    bool has_services() const { return has_services_; }

    static std::string address_of(std::string const&) { return "127.0.0.1"; }

private:
    std::vector<std::jthread> programs_;
    bool has_services_ = false;
};

using program = planted::program<loopback>;

/// Runs rounds, and writes a byte after each of them. Services can't be ended but with the process.
[[noreturn]] void run_rounds(program const& p, bool mended) {
    std::set_terminate(report_and_exit);
    for (;;) {
        loopback world;
        [&]() noexcept {
            p.run(world, mended);
            world.run();
        }();
        if (::write(progress, "x", 1) != 1 || world.has_services())
            ::_exit(EXIT_SUCCESS);
    }
}

struct result {
    unsigned long rounds = 0; ///< With the one that failed.
    clock_type::duration time{};
    std::string failure; ///< Empty: none.
};

/// The failure of a program that does nothing any more.
constexpr char const* deadlock = "deadlock";

result loop(program const& p, bool mended, clock_type::duration budget) {
    result r;
    auto const start = clock_type::now();
    while (r.failure.empty() && (r.rounds == 0 || clock_type::now() - start < budget)) {
        int ends[2];
        planted::checked(::pipe(ends));
        pid_t const child = planted::checked(::fork());
        if (child == 0) {
            ::close(ends[0]);
            progress = ends[1];
            run_rounds(p, mended);
        }
        ::close(ends[1]);
        bool ended = false;
        std::string told;
        for (;;) {
            pollfd readable{ends[0], POLLIN, 0};
            int seconds = 0; // One by one, so that those of a machine that is stopped do not count.
            while (seconds < limit && ::poll(&readable, 1, 1000) == 0)
                ++seconds;
            if (seconds == limit) {
                r.failure = deadlock;
                break;
            }
            char bytes[1000];
            ssize_t const n = ::read(ends[0], bytes, sizeof(bytes));
            if (n <= 0) {
                ended = true;
                break;
            }
            told.append(bytes, static_cast<std::size_t>(n));
            if (clock_type::now() - start >= budget && told.find('!') == told.npos)
                break;
        }
        ::close(ends[0]);
        if (!ended)
            ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        std::size_t const rounds = std::min(told.find('!'), told.size());
        r.rounds += rounds;
        if (rounds < told.size())
            r.failure = told.substr(rounds + 1);
        else if (ended && status != 0)
            r.failure = WIFSIGNALED(status) ? ::strsignal(WTERMSIG(status)) : "it exits";
    }
    r.rounds += !r.failure.empty();
    r.time = clock_type::now() - start;
    return r;
}

/// Whether it did what was expected.
bool run(program const& p, bool mended, clock_type::duration budget) {
    result const r = loop(p, mended, budget);
    bool const fails = !r.failure.empty();
    bool const found = r.failure.find(p.failure) != std::string::npos;
    std::printf("|`%s` |%s |%s |%s |%lu |%.3g\n", p.name, p.mistake, p.found_by,
        !fails                  ? "not found"
        : !found                ? "another failure"
        : r.failure == deadlock ? "it stops"
                                : "its check fails",
        r.rounds, std::chrono::duration<double>(r.time).count());
    std::fflush(stdout);
    if (fails && (mended || !found))
        std::fprintf(
            stderr, "%s%s: %s\n", p.name, mended ? " without its mistake" : "", r.failure.c_str());
    return mended ? !fails : found || !fails;
}

} // namespace

int main(int argc, char* argv[]) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: planted_loopback SECONDS [mended] [PROGRAM]\n");
        return EXIT_FAILURE;
    }
    std::chrono::duration<double> const budget(std::atof(argv[1]));
    bool const mended = argc > 2 && std::strcmp(argv[2], "mended") == 0;
    char const* const only = argv[mended ? 3 : 2];
    if (!simulation_test::enter_empty_network()) {
        std::fprintf(stderr, "skipped: no right to make a network namespace\n");
        return skipped;
    }
    bool ran = false;
    bool as_expected = true;
    for (program const& p : planted::programs<loopback>) {
        if (only && std::strcmp(only, p.name) != 0)
            continue;
        ran = true;
        if (!run(p, mended, std::chrono::duration_cast<clock_type::duration>(budget)))
            as_expected = false;
    }
    return ran && as_expected ? EXIT_SUCCESS : EXIT_FAILURE;
}
