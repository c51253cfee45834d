// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The programs with a planted mistake, again and again on the real system: each host is a thread, and the
// network is loopback. Prints when each mistake is found, as rows of a table.
//
//   planted_loopback SECONDS         the programs with the mistake, each for so long
//   planted_loopback SECONDS mended  those without it; fails if a mistake is found

#include "empty_network.hpp"
#include "planted_programs.hpp"

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

/// Ends the process, also if other threads still run.
void run_or_die(std::function<void()> const& program) {
    try {
        program();
    } catch (std::exception const& e) {
        std::fprintf(stderr, "%s\n", e.what());
        ::_exit(EXIT_FAILURE);
    }
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
            world_.programs_.emplace_back([p = std::move(program)] { run_or_die(p); });
        }
        void service(std::function<void()> program) {
            world_.has_services_ = true;
            std::thread([p = std::move(program)] { run_or_die(p); }).detach();
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
[[noreturn]] void run_rounds(program const& p, bool mended, int progress) {
    for (;;) {
        loopback world;
        run_or_die([&] {
            p.run(world, mended);
            world.run();
        });
        if (::write(progress, "x", 1) != 1 || world.has_services())
            ::_exit(EXIT_SUCCESS);
    }
}

struct result {
    unsigned long rounds = 0; ///< With the one in which it was found.
    clock_type::duration time{};
    char const* found = nullptr; ///< How it showed.
};

result loop(program const& p, bool mended, clock_type::duration budget) {
    result r;
    auto const start = clock_type::now();
    while (!r.found && (r.rounds == 0 || clock_type::now() - start < budget)) {
        int ends[2];
        planted::checked(::pipe(ends));
        pid_t const child = planted::checked(::fork());
        if (child == 0)
            run_rounds(p, mended, ends[1]);
        ::close(ends[1]);
        bool ended = false;
        for (;;) {
            pollfd progress{ends[0], POLLIN, 0};
            int seconds = 0; // One by one, so that those of a machine that is stopped do not count.
            while (seconds < limit && ::poll(&progress, 1, 1000) == 0)
                ++seconds;
            if (seconds == limit) {
                r.found = "it stops";
                break;
            }
            char bytes[1000];
            ssize_t const n = ::read(ends[0], bytes, sizeof(bytes));
            if (n <= 0) {
                ended = true;
                break;
            }
            r.rounds += static_cast<unsigned long>(n);
            if (clock_type::now() - start >= budget)
                break;
        }
        ::close(ends[0]);
        if (!ended)
            ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        if (ended && status != 0)
            r.found = WIFSIGNALED(status) ? "it crashes" : "its check fails";
    }
    r.rounds += r.found != nullptr;
    r.time = clock_type::now() - start;
    return r;
}

} // namespace

int main(int argc, char* argv[]) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: planted_loopback SECONDS [mended]\n");
        return EXIT_FAILURE;
    }
    std::chrono::duration<double> const budget(std::atof(argv[1]));
    bool const mended = argc > 2 && std::strcmp(argv[2], "mended") == 0;
    if (!simulation_test::enter_empty_network())
        std::fprintf(stderr, "no network of its own: other programs must not use its ports\n");
    std::size_t found = 0;
    for (program const& p : planted::programs<loopback>) {
        result const r = loop(p, mended, std::chrono::duration_cast<clock_type::duration>(budget));
        found += r.found != nullptr;
        std::printf("|`%s` |%s |%s |%s |%lu |%.3g\n", p.name, p.mistake, p.found_by,
            r.found ? r.found : "not found", r.rounds,
            std::chrono::duration<double>(r.time).count());
        std::fflush(stdout);
    }
    return mended && found > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
