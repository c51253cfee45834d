// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_ENTRIES_HPP
#define BOOST_SELECTORS_SRC_ENTRIES_HPP

#include <cstddef>
#include <vector>

namespace boost_selectors::detail {

/// The data of a backend for each registration, by the registration's index.
template <class Entry>
class entry_table : public std::vector<Entry> {
public:
    /// Returns the entry for a new registration; grows the table if necessary.
    Entry& place(std::size_t index) {
        if (index >= this->size())
            this->resize(index + 1);
        return (*this)[index];
    }
};

/// The indices of the entries whose readiness must be requested before the next wait. The entries'
/// member `queued` ensures that each index is in the queue only once.
template <class Entry>
class entry_queue {
public:
    explicit entry_queue(entry_table<Entry>& entries) noexcept
        : entries_(entries) {}

    /// Reserves memory for all entries, so that push() can't fail.
    void reserve() { indices_.reserve(entries_.capacity()); }

    void push(std::size_t index) noexcept {
        if (entries_[index].queued)
            return;
        indices_.push_back(index);
        entries_[index].queued = true;
    }

    /// Calls ask(entry) for each queued entry until a call returns false. The entry of that call
    /// stays in the queue, too.
    template <class Ask>
    void drain(Ask ask) {
        while (!indices_.empty()) {
            Entry& e = entries_[indices_.back()];
            if (!ask(e))
                return;
            e.queued = false;
            indices_.pop_back();
        }
    }

    void clear() noexcept {
        for (std::size_t const index : indices_)
            entries_[index].queued = false;
        indices_.clear();
    }

private:
    entry_table<Entry>& entries_;
    std::vector<std::size_t> indices_;
};

} // namespace boost_selectors::detail

#endif
