// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_DETAIL_DESCRIPTOR_TABLE_HPP
#define BOOST_SELECTORS_ASIO_DETAIL_DESCRIPTOR_TABLE_HPP

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/detail/op_queue.hpp>
#include <boost/asio/detail/reactor_op.hpp>
#include <boost/asio/detail/throw_exception.hpp>
#include <boost/core/bit.hpp>
#include <boost_selectors/asio/detail/optional_mutex.hpp>
#include <boost_selectors/interest.hpp>
#include <boost_selectors/native_handle.hpp>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

namespace boost_selectors {

class selector_reactor;

namespace detail {

enum operation_kind { read_kind = 0, write_kind = 1, except_kind = 2, kinds = 3 };

constexpr event event_of(int kind) noexcept {
    return static_cast<event>(1u << kind);
}

static_assert(event_of(read_kind) == event::read && event_of(write_kind) == event::write &&
              event_of(except_kind) == event::priority);

/// Predicts whether a read succeeds before the selector has reported its descriptor ready. Such a
/// read succeeds if the peer's next message arrives before the answer to the last one was sent.
class speculation {
public:
    bool worth_a_try() const noexcept { return to_skip_ == 0; }

    /// Returns whether the last 64 attempts have all succeeded. Then the selector need not watch
    /// the handle until an attempt fails, even if registering it again costs as much as ten
    /// attempts. This saves an echo server 2 % of its processor time, and a bulk transfer by two
    /// threads 13 % of its time.
    bool sure() const noexcept { return successes_ == many; }

    /// Records an attempt. After each consecutive failure, skips 1, 2, 4, ... 64 attempts.
    void note_try(bool success) noexcept {
        to_skip_ = success ? 0 : static_cast<std::uint8_t>(1u << failures_);
        failures_ = success ? 0 : static_cast<std::uint8_t>((std::min)(failures_ + 1, 6));
        successes_ = success ? static_cast<std::uint8_t>((std::min)(successes_ + 1, many)) : 0;
    }

    void note_skipped() noexcept {
        to_skip_ -= to_skip_ != 0;
        successes_ = 0;
    }

private:
    static constexpr int many = 64;

    std::uint8_t to_skip_ = 0;
    std::uint8_t failures_ = 0;
    std::uint8_t successes_ = 0;
};

/// A descriptor of Asio, with the operations that wait for it. While it is ready, it is itself an
/// operation in Asio's scheduler, which performs the waiting operations. `mutex` guards everything
/// except `next_paused` and `file`.
struct descriptor_state : boost::asio::detail::operation {
    descriptor_state(
        selector_reactor& own_reactor, void* first_identity, bool locking, int spins) noexcept;

    /// Returns the events that operations wait for.
    event waited_for() const noexcept {
        event e = event::none;
        for (int kind = 0; kind < kinds; ++kind)
            if (!operations[kind].empty())
                e |= event_of(kind);
        return e;
    }

    bool closed() const noexcept { return descriptor == invalid_native_handle; }

    bool idle() const noexcept {
        return operations[read_kind].empty() && operations[write_kind].empty() &&
               operations[except_kind].empty();
    }

    selector_reactor& reactor;
    optional_mutex mutex;
    boost::asio::detail::op_queue<boost::asio::detail::reactor_op> operations[kinds];
    void* identity; ///< The `data` of its selector_key; see descriptor_table.
    native_handle_type descriptor = invalid_native_handle; ///< Invalid if it was closed.
    event armed = event::none;      ///< What the selector watches; none if not registered.
    trigger mode = trigger::level;  ///< How it is watched; edge while no operation proceeds.
    event ready = event::none;      ///< Reported; the scheduler performs the operations.
    event remembered = event::none; ///< Reported ready while no operation waited for it.
    speculation reads;
    std::uint8_t unproductive = 0; ///< Consecutive times that no operation could proceed.
    bool queued = false;           ///< In the scheduler's queue.
    bool internal = false;         ///< Asio's own; its operation always returns not_done.

    /// The next state in the reactor's list of paused descriptors. The last state points to itself;
    /// null if the state is not in the list. Guarded by the reactor's mutex.
    descriptor_state* next_paused = nullptr;

    /// The file that the descriptor stood for at first (see file_of()). Contains `displaced` if a
    /// new file has taken the place of the registration, because the descriptor was closed without
    /// Asio's knowledge.
    std::atomic<std::uint64_t> file{0};
    static constexpr std::uint64_t displaced = std::uint64_t{1} << 63;
};

/// All descriptor states of a reactor. The memory of a state is not freed before the reactor is
/// destroyed, so the handling of a late event can always read it. The generation in the identity
/// shows whether the state still stands for the same descriptor.
class descriptor_table {
public:
    descriptor_table(selector_reactor& reactor, bool locking, int spins) noexcept
        : reactor_(reactor)
        , locking_(locking)
        , spins_(spins) {}

    ~descriptor_table() {
        for_each([](descriptor_state& s) { s.~descriptor_state(); });
        for (auto& block : blocks_)
            ::operator delete(block.load(), std::align_val_t(alignof(descriptor_state)));
    }

    descriptor_table(descriptor_table const&) = delete;
    descriptor_table& operator=(descriptor_table const&) = delete;

    /// Precondition: the reactor's mutex is locked.
    descriptor_state& allocate() {
        if (free_ == none && resting_count_ >= rest) {
            free_ = std::exchange(resting_, none);
            resting_count_ = 0;
        }
        if (free_ != none)
            return at(std::exchange(free_, static_cast<std::uint32_t>(at(free_).file)));
        if (size_ == index_mask)
            boost::asio::detail::throw_exception(std::bad_alloc());
        auto const [block, offset] = locate(size_);
        if (offset == 0)
            blocks_[block] = static_cast<descriptor_state*>(
                ::operator new(sizeof(descriptor_state) * block_size(block),
                    std::align_val_t(alignof(descriptor_state))));
        auto* const s = ::new (blocks_[block].load() + offset) descriptor_state(
            reactor_, reinterpret_cast<void*>(std::uintptr_t{size_}), locking_, spins_);
        ++size_;
        return *s;
    }

    /// Adds the state to the free ones. They are linked by their member `file`, which they do not
    /// need otherwise. Precondition: the reactor's mutex is locked.
    void free(descriptor_state& s) noexcept {
        s.file = std::exchange(resting_, index_of(s.identity));
        ++resting_count_;
    }

    /// Gives the state a new identity, for another descriptor. Precondition: the state is locked.
    static void renew_identity(descriptor_state& s) noexcept {
        s.identity = reinterpret_cast<void*>(
            reinterpret_cast<std::uintptr_t>(s.identity) + (std::uintptr_t{1} << index_bits));
    }

    /// Returns the state of that identity. The state may stand for another descriptor now, so
    /// compare the identity under the state's lock.
    descriptor_state& find(void* identity) const noexcept { return at(index_of(identity)); }

    template <class F>
    void for_each(F f) const {
        for_each_below(size_, f);
    }

    /// How many states there are. Precondition: the reactor's mutex is locked.
    std::uint32_t size() const noexcept { return size_; }

    template <class F>
    void for_each_below(std::uint32_t index, F f) const {
        for (std::uint32_t i = 0; i < index; ++i)
            f(at(i));
    }

private:
    static std::uint32_t index_of(void* identity) noexcept {
        return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(identity) & index_mask);
    }

    descriptor_state& at(std::uint32_t index) const noexcept {
        auto const [block, offset] = locate(index);
        return blocks_[block].load(std::memory_order_acquire)[offset];
    }

    static constexpr int pointer_bits = sizeof(void*) * CHAR_BIT;
    static constexpr int index_bits = pointer_bits >= 64 ? 32 : 20;
    static constexpr std::uintptr_t index_mask = (std::uintptr_t{1} << index_bits) - 1;
    /// How many states must be free before one of them is reused. In a 32-bit identity, the
    /// generation has 12 bits. A thread that opens and closes descriptors in the same state
    /// exhausts them in milliseconds. Then a late event would be taken for an event of a new
    /// descriptor.
    static constexpr std::uint32_t rest = pointer_bits >= 64 ? 1 : 1024;
    static constexpr std::uint32_t none = ~std::uint32_t{0};
    static constexpr std::uint32_t first_block = 32; ///< Each further block doubles the table.

    static constexpr std::size_t block_size(std::size_t block) noexcept {
        return block == 0 ? first_block : std::size_t{first_block} << (block - 1);
    }

    struct place {
        std::size_t block;
        std::size_t offset;
    };

    static constexpr place locate(std::uint32_t index) noexcept {
        auto const block = static_cast<std::size_t>(boost::core::bit_width(index / first_block));
        return {block, block == 0 ? index : index - block_size(block)};
    }

    std::array<std::atomic<descriptor_state*>, 28> blocks_{};
    std::uint32_t size_ = 0;
    std::uint32_t free_ = none;
    std::uint32_t resting_ = none; ///< Freed after those in `free_`.
    std::uint32_t resting_count_ = 0;
    selector_reactor& reactor_;
    bool const locking_;
    int const spins_;
};

} // namespace detail
} // namespace boost_selectors

#endif
