// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Barriers. They can't be tried, and do not tell for how many threads they are: the world counts.

#include "calls.hpp"
#include <limits>
#include <memory>
#include <mutex>
#include <unordered_map>

using namespace boost_selectors::simulated;

namespace {

struct barrier {
    unsigned size;
    unsigned arrived = 0;
    std::uint64_t round = 0;
};

/// All of the process, since one may be made before the world is.
class barriers {
public:
    static barriers& instance() {
        static auto& it = *new barriers; // Threads may end after all static objects.
        return it;
    }

    void add(pthread_barrier_t* b, unsigned size) {
        std::scoped_lock const l(lock_);
        found_.insert_or_assign(b, std::make_shared<barrier>(barrier{size}));
    }
    void remove(pthread_barrier_t* b) {
        std::scoped_lock const l(lock_);
        found_.erase(b);
    }
    /// It may be destroyed while threads still leave it.
    std::shared_ptr<barrier> find(pthread_barrier_t* b) {
        std::scoped_lock const l(lock_);
        auto const i = found_.find(b);
        return i == found_.end() ? nullptr : i->second;
    }

private:
    /// A child process has nobody who would unlock it.
    barriers() {
        ::pthread_atfork([] { instance().lock_.lock(); }, [] { instance().lock_.unlock(); },
            [] { instance().lock_.unlock(); });
    }

    spin_lock lock_;
    std::unordered_map<pthread_barrier_t*, std::shared_ptr<barrier>> found_;
};

} // namespace

BOOST_SELECTORS_LIBC int pthread_barrier_init(
    pthread_barrier_t* b, pthread_barrierattr_t const* attributes, unsigned size) noexcept {
    int const error = real().pthread_barrier_init(b, attributes, size);
    if (error == 0)
        barriers::instance().add(b, size);
    return error;
}

BOOST_SELECTORS_LIBC int pthread_barrier_destroy(pthread_barrier_t* b) noexcept {
    barriers::instance().remove(b);
    return real().pthread_barrier_destroy(b);
}

BOOST_SELECTORS_LIBC int pthread_barrier_wait(pthread_barrier_t* b) noexcept {
    auto const found = me ? barriers::instance().find(b) : nullptr;
    if (!found)
        return real().pthread_barrier_wait(b);
    here().busy();
    if (++found->arrived == found->size) {
        found->arrived = 0;
        ++found->round;
        here().wake(b, std::numeric_limits<std::size_t>::max());
        here().may_switch();
        return PTHREAD_BARRIER_SERIAL_THREAD;
    }
    for (auto const round = found->round; round == found->round;)
        here().block("a barrier", b);
    return 0;
}
