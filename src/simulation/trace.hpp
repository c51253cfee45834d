// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_TRACE_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_TRACE_HPP

// What happened in a world: a record for each event, and a hash of all of them.

#include "timeline.hpp"
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace boost_selectors::simulated {

/// The name of an event, with its hash made by the compiler.
struct event_name {
    consteval event_name(char const* name)
        : text(name)
        , hash(0xcbf29ce484222325) {
        for (char const c : std::string_view(name))
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    }

    char const* text;
    std::uint64_t hash;
};

class trace {
public:
    struct record {
        instant at;
        std::uint32_t host; ///< Its number from 1; 0: the world itself.
        std::uint32_t thread;
        char const* what;
        std::int64_t handle; ///< By the world's own numbering, -1: none.
        std::int64_t result;

        bool operator==(record const&) const = default;
    };

    explicit trace(std::size_t kept)
        : kept_(kept) {}

    void add(instant at, std::uint32_t host, std::uint32_t thread, event_name what,
        std::int64_t handle, std::int64_t result) {
        mix(static_cast<std::uint64_t>(at.count()));
        mix(std::uint64_t{host} << 32 | thread);
        mix(what.hash);
        mix(static_cast<std::uint64_t>(handle));
        mix(static_cast<std::uint64_t>(result));
        record const r{at, host, thread, what.text, handle, result};
        if (thread == 0 && faults_.size() < most_faults)
            faults_.push_back(r);
        if (last_.size() < kept_)
            last_.push_back(r);
        else if (kept_ > 0)
            last_[count_ % kept_] = r;
        ++count_;
    }

    std::uint64_t hash() const noexcept { return hash_; }
    std::uint64_t count() const noexcept { return count_; }

    /// Calls `f(record const&)` for those that are kept, the oldest first.
    template <class F>
    void for_each_kept(F f) const {
        for (std::size_t i = 0; i < last_.size(); ++i)
            f(last_[count_ > last_.size() ? (count_ + i) % last_.size() : i]);
    }

    std::vector<record> const& faults() const noexcept { return faults_; }

private:
    static constexpr std::size_t most_faults = 1000;

    void mix(std::uint64_t x) noexcept {
        hash_ = (hash_ ^ x) * 0x9e3779b97f4a7c15;
        hash_ ^= hash_ >> 32;
    }

    std::uint64_t hash_ = 0xcbf29ce484222325;
    std::uint64_t count_ = 0;
    std::size_t kept_;
    std::vector<record> last_;
    std::vector<record> faults_; ///< The first ones.
};

} // namespace boost_selectors::simulated

#endif
