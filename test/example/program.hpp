// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_EXAMPLE_PROGRAM_HPP
#define BOOST_SELECTORS_TEST_EXAMPLE_PROGRAM_HPP

/// @file
/// Starts programs under test, observes them from outside, and always ends them.

#include <algorithm>
#include <boost_selectors/test/posix_support.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <vector>

namespace example_test {

using namespace boost_selectors::test;

using command = std::vector<std::string>;

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

inline bool is_one_line(std::string_view text) {
    return text.size() > 1 && text.find('\n') == text.size() - 1;
}

/// A pipe whose first end is non-blocking. The second end is for a program, and blocks as usual.
inline stream_pair make_program_pipe() {
    int fds[2];
    checked(::pipe(fds), "pipe");
    checked(::fcntl(fds[1], F_SETFD, FD_CLOEXEC), "fcntl");
    return {make_nonblocking(fds[0], "pipe"), unique_handle(fds[1])};
}

/// The output of a program.
class output {
public:
    explicit output(unique_handle pipe)
        : pipe_(std::move(pipe)) {}

    /// All output so far.
    std::string const& text() {
        while (auto const bytes = receive(pipe_)) {
            if (bytes->empty())
                break;
            text_ += *bytes;
        }
        return text_;
    }

    /// Waits until the output contains @p part.
    bool comes(std::string_view part) {
        return eventually([&] { return contains(text(), part); });
    }

private:
    unique_handle pipe_;
    std::string text_;
};

/// A running program. The destructor kills it.
class program {
public:
    struct setup {
        std::string input;                      ///< The whole of its standard input.
        std::function<void()> before_exec = {}; ///< Called in the child process.
    };

    explicit program(command const& c)
        : program(c, setup()) {}
    program(command const& c, setup const& s)
        : program(c, s, make_program_pipe(), make_program_pipe()) {}

    ~program() {
        if (running()) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }
    program(program const&) = delete;
    program& operator=(program const&) = delete;

    output out;
    output err;

    bool running() {
        if (!ended_ && ::waitpid(pid_, &status_, WNOHANG) == pid_)
            ended_ = true;
        return !ended_;
    }

    void signal(int number) const { checked(::kill(pid_, number), "kill"); }

    /// Waits for its end. @return its exit status, 128 plus the number of the signal that killed
    /// it, or -1 after the deadline.
    int exit_status() {
        bool const ends = eventually([this] {
            bool const ended = !running(); // If so, the pipes hold all its output.
            out.text();
            err.text();
            return ended;
        });
        if (!ends)
            return -1;
        return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
    }

    /// The processor time that it has used.
    std::chrono::nanoseconds processor_time() const {
        clockid_t clock;
        timespec time;
        if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &time) != 0)
            throw_last_error("clock_getcpuclockid");
        return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    }

private:
    program(command const& c, setup const& s, stream_pair out_pipe, stream_pair err_pipe)
        : out(std::move(out_pipe.first))
        , err(std::move(err_pipe.first)) {
        stream_pair in_pipe = make_program_pipe();
        send(in_pipe.second, s.input);
        in_pipe.second.close();
        pid_ = checked(::fork(), "fork");
        if (pid_ == 0)
            run(c, s, {in_pipe.first, out_pipe.second, err_pipe.second});
    }

    struct standard_handles {
        unique_handle const& in;
        unique_handle const& out;
        unique_handle const& err;
    };

    [[noreturn]] static void run(command const& c, setup const& s, standard_handles handles) {
        ::fcntl(handles.in.native_handle(), F_SETFL, 0); // Blocking.
        ::dup2(handles.in.native_handle(), STDIN_FILENO);
        ::dup2(handles.out.native_handle(), STDOUT_FILENO);
        ::dup2(handles.err.native_handle(), STDERR_FILENO);
        if (s.before_exec)
            s.before_exec();
        std::vector<char*> argv;
        for (std::string const& argument : c)
            argv.push_back(const_cast<char*>(argument.c_str()));
        argv.push_back(nullptr);
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }

    // Otherwise Boost.Test reports a child's failure as the test's own.
    signal_handler children_{SIGCHLD, SIG_DFL};
    pid_t pid_ = -1;
    int status_ = 0;
    bool ended_ = false;
};

/// A program that ran to its end.
struct finished {
    explicit finished(command const& c, std::string const& input = {}) {
        program p(c, {input});
        status = p.exit_status();
        out = p.out.text();
        err = p.err.text();
    }

    int status;
    std::string out;
    std::string err;
};

/// For a program's setup: sets an environment variable.
inline std::function<void()> with_environment(std::string name, std::string value) {
    return [=] { ::setenv(name.c_str(), value.c_str(), 1); };
}

/// For a program's setup: limits the number of descriptors to @p limit.
inline std::function<void()> with_descriptors(rlim_t limit) {
    return [=] {
        rlimit const both{limit, limit};
        ::setrlimit(RLIMIT_NOFILE, &both);
    };
}

} // namespace example_test

#endif
