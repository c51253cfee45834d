// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_EVENT_SINK_HPP
#define BOOST_SELECTORS_EVENT_SINK_HPP

#include <boost_selectors/config.hpp>
#include <boost_selectors/event.hpp>
#include <boost_selectors/selector_key.hpp>
#include <boost_selectors/token.hpp>
#include <cstdint>
#include <memory>
#include <optional>

namespace boost_selectors {

/// What a system may report about a handle besides its events; a bitmask.
enum class event_flags : std::uint8_t {
    none = 0,    ///< No flag.
    hang_up = 1, ///< The other side has hung up (POLLHUP).
    error = 2    ///< The handle has an error (POLLERR), or was closed (POLLNVAL).
};

/// Returns the flags that are in @p a or in @p b.
constexpr event_flags operator|(event_flags a, event_flags b) noexcept {
    return static_cast<event_flags>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

/// Adds the flags of @p b to @p a.
constexpr event_flags& operator|=(event_flags& a, event_flags b) noexcept {
    return a = a | b;
}

/// Returns whether @p set and @p flags have a flag in common.
constexpr bool has(event_flags set, event_flags flags) noexcept {
    return (static_cast<unsigned>(set) & static_cast<unsigned>(flags)) != 0;
}

/// The object to which a backend reports ready handles. Valid only during
/// selector_backend::collect().
///
/// A backend that wraps another one passes on the sink that it received, or a sink that it defines
/// itself (see forwarding_sink).
class BOOST_SELECTORS_DECL event_sink {
public:
    event_sink(event_sink const&) = delete;
    event_sink& operator=(event_sink const&) = delete;

    /// Reports that a registration is ready.
    ///
    /// If it is called several times for one registration, the events add up. Events that were not
    /// wanted are ignored. An override must not throw.
    ///
    /// @param id the token that selector_backend::add() received. The registration may have ended.
    /// @param events the events that the system reported.
    /// @param flags the flags that the system reported. Each counts as all events that were wanted.
    /// @return false if the registration has ended; then the event was dropped and counted as
    ///     stale.
    virtual bool report(token id, event events, event_flags flags = event_flags::none) noexcept = 0;

    /// Counts an event that the backend itself dropped because the registration has ended.
    virtual void note_stale() noexcept = 0;

    /// Returns the key of a registration, or nullopt if it has ended.
    virtual std::optional<selector_key> find(token id) const noexcept = 0;

    /// Calls `f(selector_key const&, token)` for each registration. Precondition: @p f does not
    /// register, modify or unregister a handle.
    template <class F>
    void for_each_registration(F f) {
        visit([](void* context, selector_key const& key,
                  token id) { (*static_cast<F*>(context))(key, id); },
            std::addressof(f));
    }

protected:
    event_sink() = default;
    virtual ~event_sink() = default;

    /// The function that visit() calls for each registration. It receives visit()'s `context`.
    using visitor = void (*)(void* context, selector_key const& key, token id);

private:
    friend class forwarding_sink;

    virtual void visit(visitor call, void* context) = 0;
};

/// An event_sink that forwards every call to another sink. Override the functions that are to do
/// something else.
class BOOST_SELECTORS_DECL forwarding_sink : public event_sink {
public:
    /// Makes a sink that forwards to @p target.
    /// @param target not owned.
    explicit forwarding_sink(event_sink& target) noexcept
        : target_(target) {}

    bool report(token id, event events, event_flags flags = event_flags::none) noexcept override;
    void note_stale() noexcept override;
    std::optional<selector_key> find(token id) const noexcept override;

private:
    void visit(visitor call, void* context) override;

    event_sink& target_;
};

} // namespace boost_selectors

#endif
