// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Signals that programs of the world send. A handler runs on its thread, when that has the baton. A signal
// that a thread blocks is pending until it does not. Those that come from outside reach the threads of no
// host, or the one that they name, as ever.

#include "calls.hpp"
#include <bit>
#include <cstdio>
#include <cstring>

using namespace boost_selectors::simulated;

namespace boost_selectors::simulated {
namespace {

enum class effect { none, deliver, end };

effect effect_of(int number) noexcept {
    struct sigaction action;
    if (::sigaction(number, nullptr, &action) != 0 || action.sa_handler == SIG_IGN)
        return effect::none;
    if (action.sa_handler != SIG_DFL)
        return effect::deliver;
    switch (number) { // signal(7)
    case SIGCHLD:
    case SIGURG:
    case SIGWINCH:
    case SIGCONT:
    case SIGSTOP: // Hosts can't be stopped.
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU:
        return effect::none;
    case SIGABRT: // The program has found a mistake: that ends the test.
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGSEGV:
    case SIGSYS:
    case SIGTRAP:
        return effect::deliver;
    default:
        return effect::end;
    }
}

constexpr std::uint64_t bit_of(int number) noexcept {
    return std::uint64_t{1} << (number - 1);
}

std::uint64_t bits_of(sigset_t const& set) noexcept {
    std::uint64_t bits = 0;
    for (int number = 1; number <= 64; ++number)
        if (::sigismember(&set, number) == 1)
            bits |= bit_of(number);
    return bits;
}

/// Takes one of the signals that are pending for the calling thread or its host.
/// @return 0: there is none.
int take_pending(std::uint64_t among) noexcept {
    std::uint64_t const bits = (me->pending | me->owner.pending_signals) & among;
    if (bits == 0)
        return 0;
    int const number = std::countr_zero(bits) + 1;
    (me->pending & bit_of(number) ? me->pending : me->owner.pending_signals) &= ~bit_of(number);
    return number;
}

} // namespace

std::uint64_t blocked_signals() noexcept {
    sigset_t set;
    real().pthread_sigmask(SIG_BLOCK, nullptr, &set);
    return bits_of(set);
}

void world::end_by_signal(host& of, int number) {
    std::fprintf(
        stderr, "simulation: host \"%s\" ends: %s\n", of.name.c_str(), ::strsignal(number));
    if (me && &me->owner == &of)
        leave_host();
    end_host(of, true);
}

void world::send_signal(thread& to, int number) {
    effect const e = effect_of(number);
    if (e == effect::none)
        return;
    bool const blocked = to.blocked & bit_of(number);
    if (e == effect::end && !blocked)
        return end_by_signal(to.owner, number);
    to.pending |= bit_of(number);
    if (&to == me)
        deliver_signals(to);
    else if (!blocked || to.awaited & bit_of(number))
        wake_from_wait(to);
}

void world::send_signal(host& to, int number) {
    std::vector<thread*> takers;
    std::vector<thread*> blockers;
    for (auto const& t : threads_)
        if (&t->owner == &to && !t->finished && !t->dead)
            (t->blocked & ~t->awaited & bit_of(number) ? blockers : takers).push_back(t.get());
    if (!takers.empty())
        return send_signal(*takers[random(takers.size())], number);
    if (!blockers.empty() && effect_of(number) != effect::none)
        to.pending_signals |= bit_of(number);
}

void world::deliver_signals(thread& self) {
    while (int const number = take_pending(~self.blocked)) {
        struct sigaction action;
        ::sigaction(number, nullptr, &action);
        switch (effect_of(number)) {
        case effect::none:
            continue;
        case effect::end:
            end_by_signal(self.owner, number);
            break;
        case effect::deliver:
            break;
        }
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

BOOST_SELECTORS_LIBC int pthread_sigmask(int how, sigset_t const* set, sigset_t* old) noexcept {
    int const error = real().pthread_sigmask(how, set, old);
    if (me && set && error == 0) {
        me->blocked = blocked_signals();
        here().deliver_signals(*me);
    }
    return error;
}

BOOST_SELECTORS_LIBC int sigprocmask(int how, sigset_t const* set, sigset_t* old) noexcept {
    if (!me)
        return real().sigprocmask(how, set, old);
    int const error = ::pthread_sigmask(how, set, old);
    return error == 0 ? 0 : failed(error);
}

BOOST_SELECTORS_LIBC int sigtimedwait(
    sigset_t const* set, siginfo_t* info, timespec const* timeout) {
    if (!me)
        return real().sigtimedwait(set, info, timeout);
    instant const until = instant_after(timeout);
    here().busy();
    me->awaited = bits_of(*set);
    int number = take_pending(me->awaited);
    bool in_time = true;
    while (number == 0 && in_time) {
        in_time = here().block("a signal", nullptr, until, true);
        ::pthread_testcancel();
        number = take_pending(me->awaited);
        if (number == 0 && me->signalled)
            break;
    }
    me->awaited = 0;
    if (number == 0)
        return failed(in_time ? EINTR : EAGAIN);
    if (info) {
        *info = {};
        info->si_signo = number;
        info->si_pid = ::getpid();
    }
    return number;
}

BOOST_SELECTORS_LIBC int sigwaitinfo(sigset_t const* set, siginfo_t* info) {
    return me ? ::sigtimedwait(set, info, nullptr) : real().sigwaitinfo(set, info);
}

BOOST_SELECTORS_LIBC int sigwait(sigset_t const* set, int* number) {
    if (!me)
        return real().sigwait(set, number);
    do {
        *number = ::sigtimedwait(set, nullptr, nullptr);
    } while (*number < 0);
    return 0;
}

BOOST_SELECTORS_LIBC int pause() {
    if (!me)
        return real().pause();
    here().busy();
    do {
        here().block("a signal", nullptr, never, true);
        ::pthread_testcancel();
    } while (!me->signalled);
    return failed(EINTR);
}
