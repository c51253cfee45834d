// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Signals that threads of the world send. A handler runs on its thread when that has the baton. Those
// that come from outside reach the threads of no host, or the one that they name, as ever.

#include "calls.hpp"
#include <bit>

using namespace boost_selectors::simulated;

namespace boost_selectors::simulated {

namespace {

enum class effect { none, handler, end };

effect effect_of(int number) noexcept {
    struct sigaction action;
    if (::sigaction(number, nullptr, &action) != 0 || action.sa_handler == SIG_IGN)
        return effect::none;
    if (action.sa_handler != SIG_DFL)
        return effect::handler;
    switch (number) { // signal(7)
    case SIGCHLD:
    case SIGURG:
    case SIGWINCH:
    case SIGCONT:
        return effect::none;
    case SIGABRT: // The program has found a mistake: that ends the test.
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGSEGV:
    case SIGSYS:
    case SIGTRAP:
        return effect::handler;
    default:
        return effect::end;
    }
}

} // namespace

/// @return whether there is nothing more to do.
bool world::take_effect(host& of, int number) {
    switch (effect_of(number)) {
    case effect::handler:
        return false;
    case effect::none:
        return true;
    case effect::end: // Of the host, and not of the test.
        break;
    }
    constexpr int killed = 128; // As shells have it.
    if (me && &me->owner == &of)
        exit_host(killed + number);
    end_host(of, true);
    return true;
}

void world::send_signal(thread& to, int number) {
    if (take_effect(to.owner, number))
        return;
    to.pending |= std::uint64_t{1} << (number - 1);
    if (&to == me)
        deliver_signals(to);
    else
        wake_from_wait(to);
}

void world::send_signal(host& to, int number) {
    if (take_effect(to, number))
        return;
    std::vector<thread*> takers;
    for (auto const& t : threads_)
        if (&t->owner == &to && !t->finished && !t->dead &&
            ::sigismember(&t->blocked_signals, number) == 0)
            takers.push_back(t.get());
    if (!takers.empty())
        send_signal(*takers[random(takers.size())], number);
}

void world::deliver_signals(thread& self) {
    while (self.pending) {
        int const number = std::countr_zero(self.pending) + 1;
        self.pending &= self.pending - 1;
        struct sigaction action;
        ::sigaction(number, nullptr, &action);
        if (!(action.sa_flags & SA_RESTART))
            self.interrupted = true;
        self.signalled = true;
        real().pthread_kill(self.handle, number); // The handler runs before it returns.
        real_handle_changed();
    }
}

} // namespace boost_selectors::simulated

BOOST_SELECTORS_LIBC int pthread_kill(pthread_t handle, int number) noexcept {
    thread* const t = me && number > 0 && number <= 64 ? here().find(handle) : nullptr;
    if (!t || t->finished)
        return real().pthread_kill(handle, number);
    here().busy();
    here().send_signal(*t, number);
    here().may_switch();
    return 0;
}

BOOST_SELECTORS_LIBC int raise(int number) noexcept {
    if (!me || number <= 0 || number > 64)
        return real().raise(number);
    here().send_signal(*me, number);
    return 0;
}

// To the process: one of the host's threads gets it.
BOOST_SELECTORS_LIBC int kill(pid_t process, int number) noexcept {
    if (!me || process != ::getpid() || number <= 0 || number > 64)
        return real().kill(process, number);
    here().busy();
    here().send_signal(me->owner, number);
    here().may_switch();
    return 0;
}
