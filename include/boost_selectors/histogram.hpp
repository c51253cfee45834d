// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_HISTOGRAM_HPP
#define BOOST_SELECTORS_HISTOGRAM_HPP

#include <array>
#include <boost_selectors/config.hpp>
#include <cstddef>
#include <cstdint>

namespace boost_selectors {

namespace detail {
class live_histogram;
}

/// How often values of each size have occurred: see context_statistics.
///
/// A snapshot, which never changes by itself. The difference of two snapshots says what has occurred
/// between them. Values are counted in buckets that are 1/16 of their value wide, so each value that
/// is returned is too large by 6.3 % at most. Values of 2^40 (durations: 18 minutes) and more are
/// counted as 2^40 - 1. An object has about 5 kB.
/// @par Thread safety
/// As that of an int.
class histogram {
public:
    /// How many values have occurred.
    BOOST_SELECTORS_DECL std::uint64_t count() const noexcept;

    /// The sum of all values, exactly.
    std::uint64_t sum() const noexcept { return sum_; }

    /// The value that a share @p q of all values does not exceed: 0.5 gives the median.
    ///
    /// @param q from 0 to 1; what is outside, or is not a number, counts as the nearest, or as 1.
    /// @return 0 if there are no values.
    BOOST_SELECTORS_DECL std::uint64_t quantile(double q) const noexcept;

    /// The largest value; 0 if there are no values.
    std::uint64_t(max)() const noexcept { return quantile(1); }

    /// How many values are less than 2^@p bits, exactly; all of them if @p bits is 40 or more.
    BOOST_SELECTORS_DECL std::uint64_t count_below_power(unsigned bits) const noexcept;

    /// The values that have occurred since @p earlier, which must be an earlier snapshot of the same
    /// values.
    BOOST_SELECTORS_DECL histogram& operator-=(histogram const& earlier) noexcept;

    /// Returns the values that have occurred between two snapshots; see operator-=().
    friend histogram operator-(histogram later, histogram const& earlier) noexcept {
        return later -= earlier;
    }

private:
    friend class detail::live_histogram;

    // A value below 16 has a bucket of its own. From there on, each doubling has 16 buckets.
    static constexpr unsigned parts = 16;
    static constexpr unsigned part_bits = 4;
    static constexpr unsigned value_bits = 40;
    static constexpr std::size_t buckets = std::size_t{parts} * (value_bits - part_bits + 1);

    std::array<std::uint64_t, buckets> counts_{};
    std::uint64_t sum_ = 0;
};

} // namespace boost_selectors

#endif
