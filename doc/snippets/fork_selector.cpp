// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost_selectors/selectors.hpp>
#include <iostream>
#include <sys/wait.h>
#include <unistd.h>

using boost_selectors::event;
using boost_selectors::fork_event;

int main() {
    int ends[2];
    if (::pipe(ends) == -1)
        return 1;
    boost_selectors::default_selector selector;
    selector.register_handle(ends[0], event::read);

    selector.notify_fork(fork_event::prepare);
    ::pid_t const child = ::fork();
    selector.notify_fork(child == 0 ? fork_event::child : fork_event::parent);

    if (child != 0)
        (void)!::write(ends[1], "x", 1);
    auto const ready = selector.select(); // Each has its own; nobody reads the byte.
    if (child != 0)
        ::waitpid(child, nullptr, 0);
    std::cout << (child == 0 ? "child: " : "parent: ") << ready.size() << " ready" << std::endl;
}
