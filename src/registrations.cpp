// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "registrations.hpp"
#include <algorithm>

namespace boost_selectors::detail {

registration* registrations::find(native_handle_type handle) noexcept {
    std::uint32_t const index = by_handle_.find(handle);
    return index == handle_table::none ? nullptr : &slots_[index];
}

registration* registrations::insert(selector_key const& key) {
    if (free_ == registration::nowhere) {
        if (slots_.size() == capacity)
            return nullptr;
        slots_.emplace_back();
        free_ = static_cast<std::uint32_t>(slots_.size() - 1);
    }
    by_handle_.insert(key.handle, free_);
    registration& r = slots_[free_];
    free_ = r.next;
    std::uint64_t const generation = r.generation + 1;
    r = registration{};
    r.handle = key.handle;
    r.wanted = key.wanted;
    r.data = key.data;
    r.generation = generation;
    return &r;
}

void registrations::erase(registration& r) noexcept {
    dequeue(r);
    by_handle_.erase(r.handle);
    r.handle = invalid_native_handle;
    r.next = free_;
    free_ = index_of(r);
}

void registrations::clear() noexcept {
    for (registration& r : slots_)
        if (r.in_use())
            erase(r);
}

void registrations::dequeue(registration& r) noexcept {
    r.ready = event::none;
    r.flags = event_flags::none;
    if (!r.queued)
        return;
    r.queued = false;
    (r.prev == registration::nowhere ? head_ : slots_[r.prev].next) = r.next;
    (r.next == registration::nowhere ? tail_ : slots_[r.next].prev) = r.prev;
}

bool registrations::any_ready() const noexcept {
    for (std::uint32_t i = head_; i != registration::nowhere; i = slots_[i].next)
        if (slots_[i].ready != event::none)
            return true;
    return false;
}

void registrations::pop_front() noexcept {
    registration& r = slots_[head_];
    r.queued = false;
    head_ = r.next;
    (head_ == registration::nowhere ? tail_ : slots_[head_].prev) = registration::nowhere;
}

void registrations::hand_out(
    std::vector<ready_event>& list, std::size_t max, std::uint64_t list_number) {
    if (head_ != registration::nowhere)
        list.reserve(std::min(max, size()));
    while (head_ != registration::nowhere && list.size() < max) {
        registration& r = slots_[head_];
        if (r.ready != event::none) {
            list.push_back({r.key(), r.ready, has(r.flags, event_flags::hang_up),
                has(r.flags, event_flags::error)});
            r.listed_in = list_number;
            r.listed_at = static_cast<std::uint32_t>(list.size() - 1);
            r.ready = event::none;
            r.flags = event_flags::none;
        }
        pop_front();
    }
    for (std::uint32_t i = head_; i != registration::nowhere; i = slots_[i].next) {
        registration& r = slots_[i];
        if (r.wanted.mode == trigger::level) {
            r.ready = event::none;
            r.flags = event_flags::none;
        }
    }
}

} // namespace boost_selectors::detail
