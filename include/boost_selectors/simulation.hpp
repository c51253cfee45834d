// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SIMULATION_HPP
#define BOOST_SELECTORS_SIMULATION_HPP

#include <boost_selectors/config.hpp>
#include <boost_selectors/explore.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unwind.h>
#include <utility>
#include <vector>

namespace boost_selectors {

namespace simulated {
class world;
struct host;
struct link;
} // namespace simulated

/// A simulation failed: a deadlock, or a thread that did not give up the processor. what() has the
/// seed, the virtual time, and what each thread waited for.
class BOOST_SELECTORS_DECL simulation_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A machine of a simulated world. Its programs are functions of the test program.
///
/// A host has the addresses 10.0.0.N and fd00::N, where N is its number from 1 in the order of
/// creation, and the loopback addresses. getaddrinfo() knows its name on all hosts. A copy refers to
/// the same host; it is valid as long as the simulation.
class BOOST_SELECTORS_DECL simulated_host {
public:
    /// Starts a program, which the simulation waits for: simulation::run() returns when all of these
    /// have returned.
    /// @param program called by a thread of this host. Its exception ends the run, and run() throws
    ///     it.
    /// @throws std::system_error if the system can't make a thread.
    void run(std::function<void()> program);

    /// Starts a program that may run forever.
    /// @param program as for run().
    /// @throws std::system_error if the system can't make a thread.
    void service(std::function<void()> program);

    /// Returns the name that was passed to simulation::host().
    /// @return valid as long as the simulation.
    std::string_view name() const noexcept;

    /// Ends the host's programs as if they were killed: their sockets are closed, which their peers
    /// are told. If a program of this host calls it, it does not return.
    ///
    /// The host's threads stay where they are for the rest of the process: no destructor of theirs is
    /// called. A thread that holds a mutex goes on until it holds none, since another host, or the
    /// test, may want the mutex.
    /// @throws std::logic_error if the host has never had a program.
    void kill();

    /// Ends the host's programs as if it lost its power: nobody is told, and what is sent to it is
    /// lost. Otherwise as kill().
    void crash();

    /// Starts all programs of run() and service() once more. If they still run, it kills them first.
    ///
    /// Static objects of the programs keep what they have.
    /// @throws std::system_error if the system can't make a thread.
    /// @throws std::logic_error if the host has never had a program.
    void restart();

    /// Sends a signal to the host's programs, as kill(2) does. One of their threads runs its handler.
    ///
    /// Signal handlers are the process's, so all hosts share them. A boost::asio::signal_set hears the
    /// signals of all hosts.
    /// @param number such as SIGTERM. If it is not handled and would end a process, it ends the host as kill()
    ///     does. Those that report mistakes, such as SIGABRT, end the test; hosts can't be stopped.
    /// @throws std::invalid_argument if there is no such signal.
    /// @throws std::logic_error if the host has never had a program.
    void signal(int number);

    /// Sets how many sockets the host's programs can have at a time: more fail with EMFILE.
    void descriptor_limit(std::size_t most);

    /// Changes what the host's system clock shows, as when somebody sets it.
    /// @param by may be negative.
    void jump_clock(std::chrono::nanoseconds by);

    /// Makes all clocks of the host faster or slower.
    /// @param rate seconds of the host in a second of the world; above 0.
    /// @throws std::invalid_argument if @p rate is not above 0.
    void clock_rate(double rate);

private:
    friend class simulation;

    explicit simulated_host(simulated::host& h) noexcept
        : host_(&h) {}

    void end(bool peers_are_told);
    void check_programs() const;

    simulated::host* host_;
};

/// The network between two hosts of a simulated world, in both directions. By default a packet takes
/// 0.5 to 2 ms, none is lost, and the bandwidth is not limited.
///
/// TCP sends lost packets again, and never changes the order of bytes. UDP's datagrams may be lost,
/// and may overtake one another. A copy refers to the same link; it is valid as long as the
/// simulation.
class BOOST_SELECTORS_DECL simulated_link {
public:
    /// Sets the time that each packet takes.
    simulated_link& latency(std::chrono::nanoseconds time);

    /// Sets the range of times from which that of each packet is chosen.
    simulated_link& latency(std::chrono::nanoseconds least, std::chrono::nanoseconds most);

    /// Sets how likely it is that a packet is lost.
    /// @param probability from 0 to 1.
    simulated_link& loss(double probability);

    /// Sets how many bytes pass in a second, in each direction.
    /// @param bytes_per_second 0: no limit.
    simulated_link& bandwidth(std::uint64_t bytes_per_second);

    /// Sets how likely it is that a datagram arrives twice.
    /// @param probability from 0 to 1.
    simulated_link& duplication(double probability);

    /// Resets all connections of the link: both sides get ECONNRESET.
    simulated_link& reset();

    /// Holds all that is on its way, and what is sent later, until release(). Nothing is lost, and
    /// nothing times out.
    simulated_link& hold();

    /// Ends what hold() began: what was held arrives now.
    simulated_link& release();

    /// Cuts the link: nothing arrives until repair().
    ///
    /// TCP goes on to send what is on its way, less and less often, and fails with ETIMEDOUT after
    /// 924 s, connect() after 127 s; datagrams are lost.
    simulated_link& cut();

    /// Ends what cut() began.
    simulated_link& repair();

private:
    friend class simulation;

    simulated_link(simulated::world& w, simulated::link& l) noexcept
        : world_(&w)
        , link_(&l) {}

    simulated::world* world_;
    simulated::link* link_;
};

/// A world of simulated hosts, with a clock of its own and a simulated network. For tests.
///
/// Code that runs on a host is the same code that runs in production. It may use threads, locks,
/// sleeping, clocks, sockets, and Boost.Asio. Its calls of the C library's functions go to the
/// simulation. One thread of the world runs at a time. When all wait, the clock goes to the next time
/// that one of them waits for. Which thread runs, how long a packet takes, and all random numbers
/// follow from a seed.
///
/// Link the program with `boost_selectors::simulation`. There is one simulation at a time in a
/// process. Threads of no host, such as the one that calls run(), see the real system.
///
/// @par Example
/// @code
/// simulation world{{.seed = 7}};
/// world.host("server").service([] { run_server(4000); });
/// world.host("client").run([] { BOOST_TEST(ask("server", 4000) == "hello"); });
/// world.at(30s, [&] { world.link("client", "server").cut(); });
/// world.run_for(1h);
/// @endcode
///
/// @par Thread safety
/// All member functions are called by one thread, and by programs of hosts. Those must not call run()
/// and run_for().
class BOOST_SELECTORS_DECL simulation {
public:
    /// What a simulation can be made with.
    struct options {
        /// All that happens by chance follows from it: the same seed gives the same run.
        std::uint64_t seed = 1;
        /// How many processors std::thread::hardware_concurrency() and its like tell to programs, on
        /// every machine.
        unsigned processors = 4;
        /// How many of the last records of the trace are kept.
        std::size_t kept_records = 50;
        /// The run fails if a thread runs for so long, in real time, without a call after which
        /// another thread may run. Zero: no limit.
        std::chrono::seconds stall_limit{5};
        /// A file to be written, empty: none. A timeline of all that happens, for
        /// https://ui.perfetto.dev: hosts, their threads, packets and faults. If it is empty, the
        /// environment variable BOOST_SELECTORS_TRACE may name one.
        std::string trace_file{};
        /// A file to be written, empty: none. All packets of TCP and UDP when they are sent, for
        /// Wireshark or tcpdump (pcapng). If it is empty, the environment variable
        /// BOOST_SELECTORS_PACKETS may name one.
        std::string packet_file{};
    };

    /// Makes a world with default options.
    /// @throws simulation_error as the other constructor.
    simulation()
        : simulation(options{}) {}

    /// Makes a world.
    /// @throws simulation_error if there is a simulation already, or if the program is linked in a way
    ///     in which it would not be simulated: if it finds functions of the C library elsewhere than in
    ///     the simulation, the message names one, and where it is.
    /// @throws std::system_error if a file can't be opened. One that can't be written to the end is
    ///     named on standard error.
    explicit simulation(options o) {
        std::string const fault =
            find_fault({&std::chrono::steady_clock::now, &::_Unwind_RaiseException});
#if defined(__cpp_exceptions) // The program may be unable to catch exceptions of the simulation.
        if (!fault.empty())
            throw simulation_error(fault);
#else
        refuse(fault);
#endif
        begin(std::move(o));
    }

    /// Ends the world. Threads that have not ended stay where they are for the rest of the process:
    /// no destructor of theirs is called.
    ~simulation();

    simulation(simulation const&) = delete;
    simulation& operator=(simulation const&) = delete;

    /// Returns the host of that name, and makes it if there is none.
    /// @param name as getaddrinfo() of all hosts will know it.
    /// @throws std::invalid_argument if @p name is empty, an address, or `localhost`.
    simulated_host host(std::string_view name);

    /// Returns the network between two hosts. Makes the hosts that there are not.
    simulated_link link(std::string_view a, std::string_view b);

    /// Cuts all links between two groups of hosts.
    void partition(std::vector<std::string> const& a, std::vector<std::string> const& b);

    /// Repairs all links that were cut.
    void repair();

    /// Lets faults happen by chance, until it is called with 0. Each of them may happen in the real
    /// system, too.
    ///
    /// @param level 0: none. 1: calls that transfer less than asked for; waits of condition variables
    ///     that end without a reason. 2: also links that lose packets, are slow or are cut for up to
    ///     30 s. 3: also connections that are reset, and clocks that are set.
    /// @throws std::invalid_argument if there is no such level.
    void chaos(int level);

    /// Runs until all programs of simulated_host::run() have returned.
    /// @throws simulation_error if all threads wait, and nothing will happen that they wait for, other
    ///     than scripts of every(); if a thread runs for longer than options::stall_limit; if a program
    ///     calls exit() with another status than 0; or if a link has named a host that there is not. What
    ///     a program or a script throws. After an exception the world can't go on.
    void run();

    /// Runs until all programs have returned, or for a span of virtual time.
    /// @return whether all programs have returned.
    /// @throws simulation_error, and what a program or a script throws, for the reasons of run().
    bool run_for(std::chrono::nanoseconds time);

    /// Calls a function at a virtual time, during run() and on the thread that called it.
    /// @param time since the world began; one that is past: at once.
    /// @param f may call all functions of the simulation but run() and run_for().
    void at(std::chrono::nanoseconds time, std::function<void()> f);

    /// Calls a function again and again during run(), on the thread that called it.
    /// @param period the virtual time between two calls, and before the first one; above 0.
    /// @param f as for at().
    /// @throws std::invalid_argument if @p period is not above 0.
    void every(std::chrono::nanoseconds period, std::function<void()> f);

    /// Returns the virtual time since the world began.
    std::chrono::nanoseconds now() const noexcept;

    /// Returns a hash of all that has happened: the run's identity.
    std::uint64_t trace_hash() const noexcept;

private:
    /// Functions as the program finds them, for checks: its C++ library may not be the simulation's.
    struct program_functions {
        std::chrono::steady_clock::time_point (*read_clock)();
        _Unwind_Reason_Code (*unwind)(_Unwind_Exception*);
    };

    /// Returns why there can be no simulation; empty: there can.
    static std::string find_fault(program_functions const& program);
    /// Throws, unless @p fault is empty.
    static void refuse(std::string const& fault);
    void begin(options o);

    simulated::world* world_;
};

} // namespace boost_selectors

#endif
