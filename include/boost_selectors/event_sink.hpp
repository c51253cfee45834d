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

/// What a system may tell about a handle besides its events; a bitmask.
enum class event_flags : std::uint8_t {
    none = 0,
    hang_up = 1, ///< The other side has hung up (POLLHUP).
    error = 2    ///< The handle has an error (POLLERR), or was closed (POLLNVAL).
};

/// The flags of both.
constexpr event_flags operator|(event_flags a, event_flags b) noexcept {
    return static_cast<event_flags>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

/// Adds flags.
constexpr event_flags& operator|=(event_flags& a, event_flags b) noexcept {
    return a = a | b;
}

/// Whether @p set and @p flags have a flag in common.
constexpr bool has(event_flags set, event_flags flags) noexcept {
    return (static_cast<unsigned>(set) & static_cast<unsigned>(flags)) != 0;
}

/// Where a backend reports what it found. Valid during selector_backend::collect() only.
///
/// A backend that wraps another one hands on the sink that it got, or one of its own (see
/// forwarding_sink).
class BOOST_SELECTORS_DECL event_sink {
public:
    event_sink(event_sink const&) = delete;
    event_sink& operator=(event_sink const&) = delete;

    /// Reports that a registration is ready.
    ///
    /// May be called several times for one registration; the events add up. They are cut to what
    /// was wanted. An override must not throw.
    ///
    /// @param id as given to selector_backend::add(); also of a registration that has ended.
    /// @param events what the system said.
    /// @param flags each of them counts as everything that was wanted.
    /// @return false if the registration has ended; the event was dropped and counted as stale.
    virtual bool report(token id, event events, event_flags flags = event_flags::none) noexcept = 0;

    /// Counts an event that the backend dropped itself because its registration has ended.
    virtual void note_stale() noexcept = 0;

    /// Returns the key of a registration, or nothing if it has ended.
    virtual std::optional<selector_key> find(token id) const noexcept = 0;

    /// Calls `f(selector_key const&, token)` for each registration. @p f must not register,
    /// modify or unregister anything.
    template <class F>
    void for_each_registration(F f) {
        visit([](void* context, selector_key const& key,
                  token id) { (*static_cast<F*>(context))(key, id); },
            std::addressof(f));
    }

protected:
    event_sink() = default;
    virtual ~event_sink() = default;

    /// What visit() calls for each registration, with the context that it was given.
    using visitor = void (*)(void* context, selector_key const& key, token id);

private:
    friend class forwarding_sink;

    virtual void visit(visitor call, void* context) = 0;
};

/// An event_sink that hands everything to another one: override what is to be different.
class BOOST_SELECTORS_DECL forwarding_sink : public event_sink {
public:
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
