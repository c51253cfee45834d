// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)
#include "addresses.hpp"
#include <cstdlib>
#include <cstring>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <unistd.h>

namespace boost_selectors::simulated {
namespace {

constexpr unsigned long ask_only = 0xffffffff;

/// Whether the file of the process is the program, and not something that runs it.
bool is_program() noexcept {
    char const* const preloaded = std::getenv("LD_PRELOAD");
    bool const by_valgrind = preloaded && std::strstr(preloaded, "vgpreload");
    bool const by_loader = ::getauxval(AT_BASE) == 0;
    return !by_valgrind && !by_loader;
}

/// Starts the program once more, without them. Before main(), so nothing is done twice. If the system
/// refuses it, as some containers do, the program goes on.
[[gnu::constructor]] void avoid_random_addresses(int, char** arguments, char** environment) {
    if (!addresses_are_random() || std::getenv("BOOST_SELECTORS_RANDOM_ADDRESSES") || !is_program())
        return;
    int const old = ::personality(ask_only);
    if (::personality(static_cast<unsigned long>(old) | ADDR_NO_RANDOMIZE) < 0)
        return;
    if (addresses_are_random()) // So that it can't do this for ever.
        return;
    ::execve("/proc/self/exe", arguments, environment);
    ::personality(static_cast<unsigned long>(old));
}

} // namespace

bool addresses_are_random() noexcept {
    return (static_cast<unsigned long>(::personality(ask_only)) & ADDR_NO_RANDOMIZE) == 0;
}

} // namespace boost_selectors::simulated
