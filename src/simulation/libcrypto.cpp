// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)
// Random numbers of OpenSSL. It has a generator of its own, which it also seeds with addresses and times.

#include "libcrypto.hpp"
#include <cstddef>
#include <cstdlib>
#include <dlfcn.h>

namespace boost_selectors::simulated {
namespace {

/// OpenSSL's RAND_METHOD, see RAND_set_rand_method(3).
struct rand_method {
    int (*seed)(void const*, int);
    int (*bytes)(unsigned char*, int);
    void (*cleanup)();
    int (*add)(void const*, int, double);
    int (*pseudo_bytes)(unsigned char*, int);
    int (*status)();
};

int fill(unsigned char* buffer, int size) {
    ::arc4random_buf(buffer, static_cast<std::size_t>(size));
    return 1;
}

constexpr rand_method by_seed{
    .seed = [](void const*, int) { return 1; },
    .bytes = fill,
    .cleanup = [] {},
    .add = [](void const*, int, double) { return 1; },
    .pseudo_bytes = fill,
    .status = [] { return 1; },
};

} // namespace

void seed_libcrypto() {
    using set_method = int(rand_method const*);
    if (void* const found = ::dlsym(RTLD_DEFAULT, "RAND_set_rand_method"))
        reinterpret_cast<set_method*>(found)(&by_seed);
}

} // namespace boost_selectors::simulated
