// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_POSIX_SUPPORT_HPP
#define BOOST_SELECTORS_TEST_POSIX_SUPPORT_HPP

/// @file
/// Helpers that only tests on POSIX systems need: duplicates, files, limits, signals and processes.

#include <algorithm>
#include <boost_selectors/test/descriptor_limit.hpp>
#include <boost_selectors/test/support.hpp>
#include <boost_selectors/test/test_list.hpp>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <memory>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>

namespace boost_selectors::test {

/// Makes a pipe: what is written to `second` can be read from `first`.
inline stream_pair make_pipe() {
    int fds[2];
    checked(::pipe(fds), "pipe");
    return {make_nonblocking(fds[0], "pipe"), make_nonblocking(fds[1], "pipe")};
}

/// Makes a regular file with a little content.
inline unique_handle make_regular_file() {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const file(std::tmpfile(), &std::fclose);
    if (!file)
        throw_last_error("tmpfile");
    unique_handle handle(checked(::dup(::fileno(file.get())), "dup"));
    send(handle, "content");
    return handle;
}

/// Returns another descriptor for the same file. Its number is @p min or higher.
inline unique_handle duplicate(unique_handle const& handle, int min = 0) {
    return unique_handle(checked(::fcntl(handle.native_handle(), F_DUPFD_CLOEXEC, min), "fcntl"));
}

/// Gives a file a high descriptor number, which neither the selector nor anything else gets by
/// chance. So the number stays free after the file is closed.
inline void move_out_of_the_way(unique_handle& handle) {
    handle = duplicate(handle, 700);
}

/// Makes @p number another descriptor for a file. Precondition: @p number is not open.
inline unique_handle duplicate_as(native_handle_type number, unique_handle const& handle) {
    return unique_handle(checked(::dup2(handle.native_handle(), number), "dup2"));
}

/// Returns the number of open descriptors of this process.
inline int open_descriptors() {
    rlimit limit;
    checked(::getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
    int const end = static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 100'000));
    int count = 0;
    for (int fd = 0; fd < end; ++fd)
        count += ::fcntl(fd, F_GETFD) != -1;
    return count;
}

/// Opens duplicates of @p any until the limit on descriptors is reached.
inline std::vector<unique_handle> take_all_descriptors(unique_handle const& any) {
    std::vector<unique_handle> taken;
    for (int fd; (fd = ::dup(any.native_handle())) != -1;)
        taken.emplace_back(fd);
    return taken;
}

/// Installs a signal handler without SA_RESTART, and restores the old one in the destructor.
class signal_handler {
public:
    signal_handler(int signal, void (*handler)(int))
        : signal_(signal) {
        struct sigaction action {};
        action.sa_handler = handler;
        ::sigemptyset(&action.sa_mask);
        checked(::sigaction(signal, &action, &old_), "sigaction");
    }
    ~signal_handler() { ::sigaction(signal_, &old_, nullptr); }
    signal_handler(signal_handler const&) = delete;
    signal_handler& operator=(signal_handler const&) = delete;

private:
    int signal_;
    struct sigaction old_ {};
};

/// Sends a signal to a thread about every millisecond, until it is destroyed or the deadline is
/// reached.
class signal_storm {
public:
    signal_storm(pthread_t target, int signal)
        : thread_([this, target, signal] {
            stopwatch const watch;
            while (!stop_ && watch.elapsed() < deadline) {
                std::this_thread::sleep_for(1ms);
                ::pthread_kill(target, signal);
            }
        }) {}
    ~signal_storm() {
        stop_ = true;
        thread_.join();
    }
    signal_storm(signal_storm const&) = delete;
    signal_storm& operator=(signal_storm const&) = delete;

private:
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

/// A child process that runs a function.
class child_process {
public:
    /// @param body the function; returns whether the test succeeded.
    template <class F>
    explicit child_process(F body)
        : pid_(checked(::fork(), "fork")) {
        if (pid_ != 0)
            return;
        ::signal(SIGALRM, SIG_DFL);
        ::alarm(static_cast<unsigned>(deadline.count()));
        ::_exit(run(body));
    }
    ~child_process() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            wait();
        }
    }
    child_process(child_process const&) = delete;
    child_process& operator=(child_process const&) = delete;

    /// Waits until the process ends. @return whether the test succeeded.
    bool succeeds() { return wait() == 0; }

private:
    template <class F>
    static int run(F body) noexcept {
        try {
            return body() ? 0 : 1;
        } catch (...) {
            return 2;
        }
    }

    int wait() {
        int status = -1;
        while (::waitpid(pid_, &status, 0) == -1 && errno == EINTR) {
        }
        pid_ = -1;
        return status;
    }

    // Without this, Boost.Test counts the failure of a child as a failed test.
    signal_handler children_{SIGCHLD, SIG_DFL};
    pid_t pid_;
};

namespace needs {

inline bool fork_supported(base_selector& selector) {
    return child_process([&] {
        std::error_code ec;
        selector.notify_fork(fork_event::child, ec);
        return ec != std::errc::operation_not_supported;
    }).succeeds();
}
inline constexpr requirement fork{&fork_supported, "it can't be used in a child process"};

} // namespace needs

} // namespace boost_selectors::test

#endif
