// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_FORKS_STORM_HPP
#define BOOST_SELECTORS_TEST_FORKS_STORM_HPP

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>

namespace forks {

/// The number of children of each kind: $FORKS, or 50 if it is not set.
inline int count() {
    char const* const text = std::getenv("FORKS");
    return text ? std::atoi(text) : 50;
}

/// An action of child processes, and how many of them hung or failed.
struct kind {
    std::string name;
    bool prepared;               ///< Whether the parent announces the fork.
    std::function<bool()> child; ///< Returns whether all is well, or ends the process with 0.
    unsigned patience = 30;      ///< Seconds after which a child that hangs is ended.
    int hung = 0;
    int failed = 0;
};

inline void run_child(kind const& k) noexcept {
    ::alarm(k.patience); // Ends a child that hangs; the parent sees the signal.
    bool good = false;
    try {
        good = k.child();
    } catch (std::exception const& e) {
        std::fprintf(stderr, "%s: %s\n", k.name.c_str(), e.what());
    }
    ::_exit(good ? 0 : 1);
}

/// Forks at random moments, independent of what the program's threads do.
/// @param notify called with true before a fork that is announced, and with false after it in the
///     parent.
inline void storm(std::vector<kind>& kinds, std::function<void(bool)> const& notify) {
    for (int i = 0; i < count(); ++i) {
        for (kind& k : kinds) {
            std::this_thread::sleep_for(std::chrono::microseconds(std::rand() % 200));
            if (k.prepared)
                notify(true);
            ::pid_t const child = ::fork();
            if (child == 0)
                run_child(k);
            if (k.prepared)
                notify(false);
            if (child == -1)
                throw std::system_error(errno, std::system_category(), "fork");
            int status = 0;
            while (::waitpid(child, &status, 0) == -1 && errno == EINTR) {
            }
            if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
                ++k.hung;
            else if (status != 0)
                ++k.failed;
        }
    }
}

/// Prints the results. @return how many hung or failed.
inline int report(std::string const& title, std::vector<kind> const& kinds) {
    int bad = 0;
    for (kind const& k : kinds) {
        std::printf("%s: %s: %d forks, %d hung, %d failed\n", title.c_str(), k.name.c_str(),
            count(), k.hung, k.failed);
        bad += k.hung + k.failed;
    }
    std::fflush(stdout);
    return bad;
}

} // namespace forks

#endif
