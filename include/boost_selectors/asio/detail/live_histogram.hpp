// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_DETAIL_LIVE_HISTOGRAM_HPP
#define BOOST_SELECTORS_ASIO_DETAIL_LIVE_HISTOGRAM_HPP

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/core/bit.hpp>
#include <boost_selectors/histogram.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace boost_selectors {
namespace detail {

/// A number that any thread may read. Only one thread at a time may increase it.
class live_sum {
public:
    void add(std::uint64_t n) noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// A histogram that grows. Any thread may take a snapshot; only one thread at a time may add values.
class live_histogram {
public:
    void add(std::uint64_t value) noexcept {
        counts_[bucket_of(value)].add(1);
        sum_.add(value);
    }
    void add(std::chrono::nanoseconds time) noexcept {
        add(static_cast<std::uint64_t>((std::max)(time.count(), std::chrono::nanoseconds::rep{0})));
    }

    histogram snapshot() const noexcept {
        histogram h;
        for (std::size_t i = 0; i < histogram::buckets; ++i)
            h.counts_[i] = counts_[i].get();
        h.sum_ = sum_.get();
        return h;
    }

private:
    static std::size_t bucket_of(std::uint64_t value) noexcept {
        if (value < histogram::parts)
            return static_cast<std::size_t>(value);
        unsigned const shift =
            static_cast<unsigned>(boost::core::bit_width(value)) - histogram::part_bits - 1;
        return (std::min<std::size_t>)(histogram::buckets - 1,
            histogram::parts * std::size_t{shift} + static_cast<std::size_t>(value >> shift));
    }

    std::array<live_sum, histogram::buckets> counts_;
    live_sum sum_;
};

} // namespace detail
} // namespace boost_selectors

#endif
