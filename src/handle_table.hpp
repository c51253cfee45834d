// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_HANDLE_TABLE_HPP
#define BOOST_SELECTORS_SRC_HANDLE_TABLE_HPP

#include <boost_selectors/native_handle.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace boost_selectors::detail {

/// Maps each handle to an index. It is a hash table with linear probing, which allocates only to
/// grow. std::unordered_map needs an allocation for each registration, and four times the memory.
class handle_table {
public:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    /// Returns the index of the handle, or `none`.
    std::uint32_t find(native_handle_type handle) const noexcept {
        return entries_.empty() ? none : entries_[place_of(handle)].index;
    }

    /// @pre The handle has no index.
    void insert(native_handle_type handle, std::uint32_t index) {
        if (4 * (size_ + 1) > 3 * entries_.size())
            grow();
        entries_[place_of(handle)] = {handle, index};
        ++size_;
    }

    /// @pre The handle has an index.
    void erase(native_handle_type handle) noexcept {
        std::size_t hole = place_of(handle);
        // An entry that a search would no longer reach past the hole moves into the hole.
        for (std::size_t i = next(hole); entries_[i].index != none; i = next(i)) {
            std::size_t const distance = (i - home_of(entries_[i].handle)) & mask();
            if (distance < ((i - hole) & mask()))
                continue;
            entries_[hole] = entries_[i];
            hole = i;
        }
        entries_[hole].index = none;
        --size_;
    }

    std::size_t size() const noexcept { return size_; }

private:
    struct entry {
        native_handle_type handle = invalid_native_handle;
        std::uint32_t index = none;
    };

    std::size_t mask() const noexcept { return entries_.size() - 1; }
    std::size_t next(std::size_t i) const noexcept { return (i + 1) & mask(); }

    std::size_t home_of(native_handle_type handle) const noexcept {
        constexpr std::uint64_t golden_ratio = 0x9E3779B97F4A7C15; // Knuth's multiplicative hash.
        return static_cast<std::size_t>((static_cast<std::uint64_t>(handle) * golden_ratio) >> 32) &
               mask();
    }

    /// Returns the position of the handle, or the position at which to insert it.
    std::size_t place_of(native_handle_type handle) const noexcept {
        std::size_t i = home_of(handle);
        while (entries_[i].index != none && entries_[i].handle != handle)
            i = next(i);
        return i;
    }

    void grow() {
        std::vector<entry> old(entries_.empty() ? 8 : 2 * entries_.size());
        old.swap(entries_);
        for (entry const& e : old)
            if (e.index != none)
                entries_[place_of(e.handle)] = e;
    }

    std::vector<entry> entries_; ///< Its size is a power of two; at least a quarter is free.
    std::size_t size_ = 0;
};

} // namespace boost_selectors::detail

#endif
