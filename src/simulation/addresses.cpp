// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)
#include "addresses.hpp"
#include <cstdlib>
#include <cstring>
#include <limits.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <unistd.h>

namespace boost_selectors::simulated {
namespace {

constexpr unsigned long ask_only = 0xffffffff;

/// False if ld.so or Valgrind runs the program, since /proc/self/exe is theirs then; or if the program has
/// the rights of another user, since the system would choose the addresses again.
bool is_program() noexcept {
    char const* const preloaded = std::getenv("LD_PRELOAD");
    bool const by_valgrind = preloaded && std::strstr(preloaded, "vgpreload");
    bool const by_loader = ::getauxval(AT_BASE) == 0;
    return !by_valgrind && !by_loader && ::getauxval(AT_SECURE) == 0;
}

/// Starts the program again without random addresses. It is before main(), so nothing is done twice: the
/// library is linked so that dlopen() refuses it. If the system refuses, as some containers do, the program
/// goes on.
[[gnu::constructor]] void avoid_random_addresses(int, char** arguments, char** environment) {
    if (!addresses_are_random() || std::getenv("BOOST_SELECTORS_RANDOM_ADDRESSES") || !is_program())
        return;
    char file[PATH_MAX] = "";
    if (::readlink("/proc/self/exe", file, sizeof(file) - 1) < 0)
        return;
    int const old = ::personality(ask_only);
    if (::personality(static_cast<unsigned long>(old) | ADDR_NO_RANDOMIZE) < 0)
        return;
    if (addresses_are_random()) // Otherwise it would start itself endlessly.
        return;
    ::execve(file, arguments, environment);
    ::personality(static_cast<unsigned long>(old));
}

} // namespace

bool addresses_are_random() noexcept {
    return (static_cast<unsigned long>(::personality(ask_only)) & ADDR_NO_RANDOMIZE) == 0;
}

} // namespace boost_selectors::simulated
