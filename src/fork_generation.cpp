// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "fork_generation.hpp"
#include <atomic>
#include <pthread.h>

namespace boost_selectors::detail {

namespace {
std::atomic<int> generation = 0;
} // namespace

int fork_generation() noexcept {
    [[maybe_unused]] static int const counting =
        ::pthread_atfork(nullptr, nullptr, [] { generation.fetch_add(1); });
    return generation;
}

} // namespace boost_selectors::detail
