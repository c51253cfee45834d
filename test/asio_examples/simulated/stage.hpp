// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_ASIO_EXAMPLES_STAGE_HPP
#define BOOST_SELECTORS_TEST_ASIO_EXAMPLES_STAGE_HPP

// A simulated world whose hosts run Asio's examples. Each host has a terminal: std::cin, std::cout and
// std::cerr are that of the host whose thread uses them.

#include <boost_selectors/simulation.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asio_examples {

using namespace std::chrono_literals;

/// All examples that are linked.
std::vector<std::string> linked_examples();

/// What is typed, and how long after the world began.
struct typing {
    std::chrono::nanoseconds when;
    std::string text;
};

/// Programs are started so long after the world began that the services of other hosts are ready.
constexpr auto later = 1s;

class stage {
public:
    /// With even seeds, calls transfer less than they were asked for, and condition variables wake
    /// early.
    stage(std::uint64_t seed, std::chrono::seconds stall_limit);
    ~stage();
    stage(stage const&) = delete;
    stage& operator=(stage const&) = delete;

    /// How an example ran.
    struct run_of {
        std::string name;
        std::optional<int> status; ///< What main() returned; nullopt: it has not yet.
        std::chrono::nanoseconds took{};
    };

    using arguments = std::vector<std::string>;

    /// An example that may run forever.
    run_of& serve(std::string const& host, std::string const& example, arguments a = {});
    /// An example that has to return 0. It begins at that time.
    run_of& run(std::string const& host, std::string const& example, arguments a = {},
        std::chrono::nanoseconds when = 0s);
    /// Code of the check, on a host of its own.
    void peer(std::function<void()> f);

    /// After what is typed, the host's terminal has an end of file; with an hour's time in between, it
    /// has none.
    void type(std::string const& host, std::vector<typing> all);

    /// Runs the world. All examples of run() have to succeed.
    void play();

    /// What the host has printed.
    std::string const& output(std::string const& host);

    boost_selectors::simulation world;

private:
    class terminals;

    run_of& add(std::string const& example);
    std::function<void()> program(
        run_of& r, std::string const& example, arguments a, std::chrono::nanoseconds when);

    std::unique_ptr<terminals> terminals_;
    std::list<run_of> runs_;
};

/// A folder of real files. It is the working directory while it exists.
class folder {
public:
    folder();
    ~folder();
    folder(folder const&) = delete;
    folder& operator=(folder const&) = delete;

    void write(std::string const& name, std::string const& content) const;

    std::string const path;

private:
    std::string const before_;
};

/// While it exists, one of the process's descriptors is the end of a pipe.
class pipe_at {
public:
    /// For descriptor 0: a pipe that has the text. For others: a pipe to read from.
    explicit pipe_at(int fd, std::string const& text = {});
    ~pipe_at();
    pipe_at(pipe_at const&) = delete;
    pipe_at& operator=(pipe_at const&) = delete;

    /// What was written to it.
    std::string read();

private:
    int const fd_;
    int const before_;
    int other_ = -1;
};

} // namespace asio_examples

#endif
