// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_REGISTRATIONS_HPP
#define BOOST_SELECTORS_SRC_REGISTRATIONS_HPP

#include "handle_table.hpp"
#include <boost_selectors/event_sink.hpp>
#include <boost_selectors/ready_event.hpp>
#include <boost_selectors/token.hpp>
#include <cstdint>
#include <vector>

namespace boost_selectors::detail {

/// A registered handle and its state. Lives in a slot of `registrations`.
struct registration {
    static constexpr std::uint32_t nowhere = handle_table::none;

    native_handle_type handle = invalid_native_handle;
    std::uint32_t prev = nowhere; ///< The previous one in the queue of ready registrations.
    std::uint32_t next = nowhere; ///< The next one in that queue; also links free slots.
    std::uint32_t listed_at = 0;  ///< Position in the last list that contains this registration.
    interest wanted = event::none;
    event ready = event::none;             ///< Reported, but not yet handed out.
    event_flags flags = event_flags::none; ///< Likewise.
    bool queued = false;
    bool armed = true; ///< False if it is oneshot and has fired.
    void* data = nullptr;
    std::uint64_t generation = 0; ///< Counts the registrations that this slot has had.
    std::uint64_t listed_in = 0;  ///< The number of that list.

    bool in_use() const noexcept { return handle != invalid_native_handle; }
    selector_key key() const noexcept { return {handle, wanted, data}; }
};

/// The registrations of one selector, which can be found by handle and by token, and the queue of
/// those that were reported ready. Slots are reused. Tokens are not: a token contains the number of
/// its slot's uses.
class registrations {
public:
    static constexpr std::size_t capacity = std::size_t{1} << token_index_bits;

    registration* find(native_handle_type handle) noexcept;
    registration* find(token id) noexcept;
    registration const* find(token id) const noexcept {
        return const_cast<registrations*>(this)->find(id);
    }
    token token_of(registration const& r) const noexcept;

    /// Returns null if there are too many registrations.
    registration* insert(selector_key const& key);
    void erase(registration& r) noexcept;
    void clear() noexcept;

    std::size_t size() const noexcept { return by_handle_.size(); }
    std::vector<registration>& slots() noexcept { return slots_; }

    /// Marks @p r as ready. If it is already in the queue, it keeps its place.
    void enqueue(registration& r, event ready, event_flags flags) noexcept;
    void dequeue(registration& r) noexcept;

    /// Returns whether a reported event has not been handed out yet.
    bool any_ready() const noexcept;

    /// Moves ready registrations from the head of the queue to @p list until the list holds @p max.
    /// The others keep their place, so that they come first next time. But level-triggered ones
    /// lose their readiness, because the system will report it again. If memory runs out, all
    /// registrations stay in the queue.
    void hand_out(std::vector<ready_event>& list, std::size_t max, std::uint64_t list_number);

private:
    void pop_front() noexcept;

    std::uint32_t index_of(registration const& r) const noexcept {
        return static_cast<std::uint32_t>(&r - slots_.data());
    }

    handle_table by_handle_;
    std::vector<registration> slots_;
    std::uint32_t free_ = registration::nowhere;
    std::uint32_t head_ = registration::nowhere;
    std::uint32_t tail_ = registration::nowhere;
};

// The functions that run for each event are inline.

inline registration* registrations::find(token id) noexcept {
    std::size_t const index = boost_selectors::index_of(id);
    if (index >= slots_.size())
        return nullptr;
    registration& r = slots_[index];
    return r.in_use() && r.generation == generation_of(id) ? &r : nullptr;
}

inline token registrations::token_of(registration const& r) const noexcept {
    return make_token(r.generation, index_of(r));
}

inline void registrations::enqueue(registration& r, event ready, event_flags flags) noexcept {
    r.ready |= ready;
    r.flags |= flags;
    if (r.queued)
        return;
    r.queued = true;
    r.prev = tail_;
    r.next = registration::nowhere;
    std::uint32_t const index = index_of(r);
    (tail_ == registration::nowhere ? head_ : slots_[tail_].next) = index;
    tail_ = index;
}

} // namespace boost_selectors::detail

#endif
