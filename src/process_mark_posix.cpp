// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "process_mark.hpp"
#include <atomic>
#include <new>
#include <pthread.h>
#include <sys/mman.h>

namespace boost_selectors::detail {
namespace {

using number = std::atomic<std::uint64_t>;
static_assert(number::is_always_lock_free);

/// The last number that this process or an ancestor has taken. A child inherits this variable, so
/// the child takes a new number.
number last = 0;

/// The number of this process if there is no page for it; 0 if it has not taken a number yet.
number in_memory = 0;

/// Points to the number of this process.
std::atomic<number*> kept = nullptr;

/// Returns a word that is reset to 0 in each child. It is in a page that the kernel wipes in a
/// child (Linux 4.14); that covers _Fork() and clone(), too. A handler of fork() resets the word as
/// well, because an emulator may accept MADV_WIPEONFORK and ignore it.
number& make_word() noexcept {
    ::pthread_atfork(nullptr, nullptr, [] {
        if (number* const word = kept)
            *word = 0;
    });
#if defined(MADV_WIPEONFORK)
    void* const page =
        ::mmap(nullptr, sizeof(number), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page != MAP_FAILED) {
        if (::madvise(page, sizeof(number), MADV_WIPEONFORK) == 0)
            return *(kept = ::new (page) number(0));
        ::munmap(page, sizeof(number));
    }
#endif
    return *(kept = &in_memory);
}

} // namespace

std::uint64_t process_mark::this_process() noexcept {
    static number& word = make_word();
    std::uint64_t current = word.load(std::memory_order_relaxed);
    if (current != 0)
        return current;
    std::uint64_t const fresh = ++last;
    return word.compare_exchange_strong(current, fresh) ? fresh : current;
}

} // namespace boost_selectors::detail
