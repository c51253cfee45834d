// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Random numbers: a world's follow from its seed.

#include "calls.hpp"
#include <algorithm>
#include <cstring>
#include <limits>
#include <random>
#include <string>

using namespace boost_selectors::simulated;

namespace {

void fill_by_seed(void* buffer, std::size_t size) {
    auto* to = static_cast<unsigned char*>(buffer);
    while (size > 0) {
        std::uint64_t const some = here().random();
        std::size_t const now = std::min(size, sizeof(some));
        std::memcpy(to, &some, now);
        to += now;
        size -= now;
    }
}

} // namespace

BOOST_SELECTORS_LIBC ssize_t getrandom(void* buffer, size_t size, unsigned flags) {
    if (!me)
        return real().getrandom(buffer, size, flags);
    fill_by_seed(buffer, size);
    return static_cast<ssize_t>(size);
}

BOOST_SELECTORS_LIBC int getentropy(void* buffer, size_t size) {
    if (!me)
        return real().getentropy(buffer, size);
    if (size > 256)
        return failed(EIO);
    fill_by_seed(buffer, size);
    return 0;
}

BOOST_SELECTORS_LIBC void arc4random_buf(void* buffer, size_t size) noexcept {
    if (me)
        return fill_by_seed(buffer, size);
    constexpr std::size_t most = 256; // Of getentropy().
    auto* to = static_cast<char*>(buffer);
    for (; size > 0; size -= std::min(size, most), to += most)
        ::getentropy(to, std::min(size, most));
}

BOOST_SELECTORS_LIBC std::uint32_t arc4random() noexcept {
    std::uint32_t value;
    ::arc4random_buf(&value, sizeof(value));
    return value;
}

BOOST_SELECTORS_LIBC std::uint32_t arc4random_uniform(std::uint32_t below) noexcept {
    return below < 2 ? 0 : ::arc4random() % below;
}

// libstdc++ asks the processor. All functions of the class are here, so that a program takes none from
// libstdc++.a.
[[gnu::visibility("default")]] std::random_device::result_type std::random_device::_M_getval() {
    result_type value = 0;
    if (me)
        fill_by_seed(&value, sizeof(value));
    else
        ::getentropy(&value, sizeof(value));
    return value;
}

[[gnu::visibility("default")]] void std::random_device::_M_init(std::string const&) {}

[[gnu::visibility("default")]] void std::random_device::_M_init(char const*, std::size_t) {}

[[gnu::visibility("default")]] void std::random_device::_M_fini() {}

[[gnu::visibility("default")]] double std::random_device::_M_getentropy() const noexcept {
    return std::numeric_limits<result_type>::digits;
}
