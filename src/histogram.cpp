// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <algorithm>
#include <boost_selectors/histogram.hpp>
#include <cmath>
#include <numeric>

namespace boost_selectors {
namespace {

/// The largest value of a bucket, of which each doubling has 16.
std::uint64_t largest_of(std::size_t bucket) noexcept {
    if (bucket < 16)
        return bucket;
    return ((std::uint64_t{bucket % 16 + 16} + 1) << (bucket / 16 - 1)) - 1;
}

} // namespace

std::uint64_t histogram::count() const noexcept {
    return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::uint64_t histogram::quantile(double q) const noexcept {
    std::uint64_t const all = count();
    if (all == 0)
        return 0;
    double const share = q >= 0 && q <= 1 ? q : q < 0 ? 0 : 1;
    auto const rank = std::clamp<std::uint64_t>(
        static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(all))), 1, all);
    std::size_t bucket = 0;
    for (std::uint64_t seen = counts_[0]; seen < rank; seen += counts_[bucket])
        ++bucket;
    return largest_of(bucket);
}

std::uint64_t histogram::count_below_power(unsigned bits) const noexcept {
    bits = std::min(bits, value_bits);
    std::size_t const end =
        bits < part_bits ? std::size_t{1} << bits : std::size_t{parts} * (bits - part_bits + 1);
    return std::accumulate(
        counts_.begin(), counts_.begin() + static_cast<std::ptrdiff_t>(end), std::uint64_t{0});
}

histogram& histogram::operator-=(histogram const& earlier) noexcept {
    for (std::size_t i = 0; i < buckets; ++i)
        counts_[i] -= earlier.counts_[i];
    sum_ -= earlier.sum_;
    return *this;
}

} // namespace boost_selectors
