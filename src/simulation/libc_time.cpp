// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Time, as programs of the world see it.

#include "calls.hpp"
#include <algorithm>

namespace boost_selectors::simulated {

using namespace std::chrono_literals;

namespace {

/// A machine has been up for some time.
constexpr instant uptime = 1'000s;

instant offset_of(clockid_t clock) noexcept {
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_TAI:
        return epoch + me->owner.clock.system_offset;
    default:
        return uptime;
    }
}

constexpr instant longest = 100 * 365 * 24h;

/// @param left may be null; set if a signal ends the sleep.
/// @return 0 or EINTR.
int sleep_until(instant until, timespec* left) {
    here().busy();
    here().block("the end of a sleep", nullptr, until, true);
    ::pthread_testcancel();
    if (!me->signalled)
        return 0;
    if (left)
        *left = to_timespec(std::max(until - here().now(), instant::zero()));
    return EINTR;
}

} // namespace

thread_local bool clock_was_read = false;

instant clock_of(clockid_t clock, instant at) noexcept {
    return me->owner.clock.show(at) + offset_of(clock);
}

instant to_instant(timespec const& t) noexcept {
    if (t.tv_sec > longest / 1s)
        return longest;
    return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

instant instant_of(clockid_t clock, timespec const& time) noexcept {
    return me->owner.clock.when(to_instant(time) - offset_of(clock));
}

instant instant_after(timespec const* time) noexcept {
    return time ? here().after(std::max(to_instant(*time), instant::zero())) : never;
}

timespec to_timespec(instant time) noexcept {
    return {static_cast<time_t>(time / 1s), static_cast<long>((time % 1s).count())};
}

} // namespace boost_selectors::simulated

using namespace boost_selectors::simulated;
using namespace std::chrono_literals;

BOOST_SELECTORS_LIBC int clock_gettime(clockid_t clock, timespec* result) noexcept {
    clock_was_read = true;
    if (!me)
        return real().clock_gettime(clock, result);
    if (is_of_sanitizer(__builtin_return_address(0)))
        here().read_clock_quietly();
    else
        here().read_clock();
    *result = to_timespec(clock_of(clock, here().now()));
    return 0;
}

BOOST_SELECTORS_LIBC int gettimeofday(timeval* result, void* zone) noexcept {
    if (!me)
        return real().gettimeofday(result, zone);
    here().read_clock();
    timespec const t = to_timespec(clock_of(CLOCK_REALTIME, here().now()));
    *result = {t.tv_sec, t.tv_nsec / 1000};
    return 0;
}

BOOST_SELECTORS_LIBC time_t time(time_t* result) noexcept {
    if (!me)
        return real().time(result);
    here().read_clock();
    time_t const t = to_timespec(clock_of(CLOCK_REALTIME, here().now())).tv_sec;
    if (result)
        *result = t;
    return t;
}

BOOST_SELECTORS_LIBC int timespec_get(timespec* result, int base) noexcept {
    if (!me)
        return real().timespec_get(result, base);
    return base == TIME_UTC && ::clock_gettime(CLOCK_REALTIME, result) == 0 ? base : 0;
}

BOOST_SELECTORS_LIBC int nanosleep(timespec const* time, timespec* left) {
    if (!me)
        return real().nanosleep(time, left);
    if (!is_valid(*time) || time->tv_sec < 0)
        return failed(EINVAL);
    int const error = sleep_until(instant_after(time), left);
    return error == 0 ? 0 : failed(error);
}

BOOST_SELECTORS_LIBC int clock_nanosleep(
    clockid_t clock, int flags, timespec const* time, timespec* left) {
    if (!me)
        return real().clock_nanosleep(clock, flags, time, left);
    if (!is_valid(*time) || time->tv_sec < 0)
        return EINVAL;
    if (flags & TIMER_ABSTIME)
        return sleep_until(instant_of(clock, *time), nullptr);
    return sleep_until(instant_after(time), left);
}

BOOST_SELECTORS_LIBC int usleep(useconds_t time) {
    if (!me)
        return real().usleep(time);
    int const error = sleep_until(here().after(std::chrono::microseconds(time)), nullptr);
    return error == 0 ? 0 : failed(error);
}

BOOST_SELECTORS_LIBC unsigned sleep(unsigned time) {
    if (!me)
        return real().sleep(time);
    timespec left{};
    sleep_until(here().after(std::chrono::seconds(time)), &left);
    return static_cast<unsigned>(left.tv_sec);
}
