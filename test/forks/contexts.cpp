// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A program forks while two threads run a context. It is also compiled for plain Asio. Some actions
// of a child are not supported there, because Asio's scheduler does not handle forks. Those are
// only compared, not required.

#include "busy_context.hpp"
#include "storm.hpp"

#if defined(BOOST_SELECTORS_TEST_PLAIN_ASIO)
#    define NAME "plain Asio"
#else
#    include <boost_selectors/asio.hpp>
#    define NAME boost_selectors::make_selector()->name()
#endif

namespace {

namespace asio = boost::asio;
using asio::execution_context;

std::unique_ptr<forks::busy_context> busy; // Global: it is destroyed when a child exits.

bool notify() {
    busy->context.notify_fork(execution_context::fork_child);
    return true;
}

bool exec() {
    return ::execl("/bin/true", "true", nullptr), false;
}

bool destroy_context() {
    busy.reset();
    return true;
}

bool exit_process() {
    std::exit(0);
}

bool go_on() {
    bool done = false;
    asio::steady_timer timer(busy->context, std::chrono::milliseconds(1));
    timer.async_wait([&](boost::system::error_code ec) { done = !ec; });
    while (!done)
        busy->context.run_one_for(std::chrono::seconds(1));
    return done;
}

void notify_parent(bool before) {
    busy->context.notify_fork(
        before ? execution_context::fork_prepare : execution_context::fork_parent);
}

} // namespace

int main(int argc, char**) {
    busy = std::make_unique<forks::busy_context>();
    std::vector<forks::kind> demanded{
        {"exec", false, exec},
        {"prepare, exec", true, exec},
        {"prepare, notify", true, notify},
        {"prepare, notify, exec", true, [] { return notify() && exec(); }},
    };
    forks::storm(demanded, notify_parent);
    std::vector<forks::kind> compared{
        {"destroy", false, destroy_context, 2},
        {"exit", false, exit_process, 2},
        {"go on", false, go_on, 2},
        {"prepare, notify, go on", true, [] { return notify() && go_on(); }, 2},
    };
    if (argc > 1)
        forks::storm(compared, notify_parent);
    bool const alive = busy->goes_on();
    busy->stop();
    if (!alive)
        std::printf("the parent was disturbed\n");
    std::string const name(NAME);
    int const bad = forks::report(name, demanded);
    if (argc > 1)
        forks::report(name, compared);
    return bad == 0 && alive ? 0 : 1;
}
