// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The number of processors of a host. It is the same on every machine, because programs choose their
// number of threads by it.

#include "calls.hpp"

using namespace boost_selectors::simulated;

BOOST_SELECTORS_LIBC int get_nprocs() noexcept {
    return me ? static_cast<int>(here().wanted.processors) : real().get_nprocs();
}

BOOST_SELECTORS_LIBC int get_nprocs_conf() noexcept {
    return me ? static_cast<int>(here().wanted.processors) : real().get_nprocs_conf();
}

BOOST_SELECTORS_LIBC long sysconf(int name) noexcept {
    if (me && (name == _SC_NPROCESSORS_ONLN || name == _SC_NPROCESSORS_CONF))
        return here().wanted.processors;
    return real().sysconf(name);
}
