// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_TIMELINE_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_TIMELINE_HPP

// What is to happen, in the order of virtual time.

#include <chrono>
#include <cstdint>
#include <set>

namespace boost_selectors::simulated {

/// Virtual time since the world began.
using instant = std::chrono::nanoseconds;
inline constexpr instant never = instant::max();

/// Something that can be put on a timeline, where it is at most once.
class timed {
public:
    timed() = default;
    timed(timed const&) = delete;
    timed& operator=(timed const&) = delete;

    /// Its time has come; it is no longer on the timeline.
    virtual void due() = 0;
    /// The timeline is gone. For those that nobody owns.
    virtual void dropped() noexcept {}

    instant when() const noexcept { return at_; }

protected:
    ~timed() = default;

private:
    friend class timeline;

    instant at_ = never; ///< Never: not on the timeline.
    std::uint64_t order_ = 0;
};

class timeline {
public:
    timeline() = default;
    ~timeline() { clear(); }

    void clear() {
        while (!events_.empty()) {
            timed& t = **events_.begin();
            cancel(t);
            t.dropped();
        }
    }

    /// Of two with the same time, the one that was added first comes first.
    void add(timed& t, instant at) {
        cancel(t);
        if (at == never)
            return;
        t.at_ = at;
        t.order_ = ++added_;
        if (spare_.empty()) {
            events_.insert(&t);
        } else {
            spare_.value() = &t;
            events_.insert(std::move(spare_));
        }
    }

    void cancel(timed& t) noexcept {
        if (t.at_ == never)
            return;
        spare_ = events_.extract(&t);
        t.at_ = never;
    }

    bool empty() const noexcept { return events_.empty(); }
    std::size_t size() const noexcept { return events_.size(); }

    /// Precondition: not empty.
    instant first() const noexcept { return (*events_.begin())->at_; }

    /// Calls due() of the first, if its time has come.
    bool run_one(instant now) {
        if (events_.empty() || first() > now)
            return false;
        timed& t = **events_.begin();
        cancel(t);
        t.due();
        return true;
    }

private:
    struct earlier {
        bool operator()(timed const* a, timed const* b) const noexcept {
            return a->at_ != b->at_ ? a->at_ < b->at_ : a->order_ < b->order_;
        }
    };

    std::set<timed*, earlier> events_;
    std::set<timed*, earlier>::node_type
        spare_; ///< So that a wait with a timeout allocates nothing.
    std::uint64_t added_ = 0;
};

} // namespace boost_selectors::simulated

#endif
