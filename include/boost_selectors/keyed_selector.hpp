// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_KEYED_SELECTOR_HPP
#define BOOST_SELECTORS_KEYED_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>
#include <boost_selectors/make_selector.hpp>
#include <chrono>
#include <memory>
#include <ranges>
#include <unordered_map>
#include <utility>
#include <vector>

namespace boost_selectors {

/// A selector that owns a T for each handle: Python's `data`, with a type and an owner.
///
/// @par Example
/// @code
/// keyed_selector<std::function<void(ready_event const&)>> selector;
/// selector.register_handle(socket, event::read, [&](ready_event const&) { on_readable(); });
/// for (auto [ready, callback] : selector.select())
///     callback(ready);
/// @endcode
///
/// @par Thread safety
/// Distinct objects: safe. Shared objects: unsafe, but for wakeup(), which any thread and any
/// signal handler may call.
template <class T>
class keyed_selector {
    struct node {
        T value;
    };

public:
    /// A ready handle and what it owns.
    struct element {
        ready_event const& ready; ///< Valid until the next select().
        T& value;                 ///< Valid until the next select() after unregister().
    };

private:
    static auto elements(std::span<ready_event const> list) {
        return list | std::views::filter([](ready_event const& ready) {
            return ready.events != event::none;
        }) | std::views::transform([](ready_event const& ready) {
            return element{ready, static_cast<node*>(ready.key.data)->value};
        });
    }

public:
    /// On the default selector. @throws std::system_error as make_selector().
    keyed_selector()
        : keyed_selector(make_selector()) {}

    /// On a selector of one's choice.
    ///
    /// @param selector an open selector with nothing registered.
    /// @throws std::system_error errc::invalid_argument if it is null.
    explicit keyed_selector(std::unique_ptr<base_selector> selector)
        : selector_(std::move(selector)) {
        if (!selector_)
            throw std::system_error(
                std::make_error_code(std::errc::invalid_argument), "keyed_selector: no selector");
    }

    /// Starts watching @p handle, and keeps @p value for it.
    ///
    /// @param handle a descriptor, or an object with a native_handle().
    /// @param wanted what to report; at least one event.
    /// @param value moved from, also if the call fails.
    /// @return the kept value; valid until the next select() after unregister().
    /// @throws std::system_error as base_selector::register_handle(); the value is then gone.
    T& register_handle(handle_argument handle, interest wanted, T value) {
        auto owned = std::make_unique<node>(node{std::move(value)});
        auto const [place, is_new] = nodes_.try_emplace(handle.get());
        try {
            selector_->register_handle(handle, wanted, owned.get());
        } catch (...) {
            if (is_new)
                nodes_.erase(place);
            throw;
        }
        place->second = std::move(owned);
        return place->second->value;
    }

    /// Changes what is wanted; the value stays.
    /// @throws std::system_error as base_selector::modify(). If that drops the registration, the
    ///     value goes too.
    void modify(handle_argument handle, interest wanted) {
        std::error_code ec;
        selector_->modify(handle, wanted, ec);
        if (!ec)
            return;
        retired_.emplace_back();
        if (find(handle) && !selector_->find(handle))
            retire(handle.get());
        throw std::system_error(ec, "keyed_selector::modify");
    }

    /// Stops watching @p handle.
    ///
    /// What was kept for it is destroyed by the next select(), so that a callback may unregister
    /// itself.
    ///
    /// @throws std::system_error as base_selector::unregister().
    void unregister(handle_argument handle) {
        retired_.emplace_back();
        selector_->unregister(handle);
        retire(handle.get());
    }

    /// As unregister(), and moves out what was kept.
    /// @throws std::system_error as base_selector::unregister().
    T extract(handle_argument handle) {
        retired_.emplace_back();
        selector_->unregister(handle);
        return std::move(retire(handle.get()).value);
    }

    /// @{
    /// What is kept for @p handle; null if it is not registered.
    T* find(handle_argument handle) noexcept {
        auto found = nodes_.find(handle.get());
        return found == nodes_.end() ? nullptr : &found->second->value;
    }
    T const* find(handle_argument handle) const noexcept {
        return const_cast<keyed_selector*>(this)->find(handle);
    }
    /// @}

    /// @{
    /// The same as base_selector::select(), with a value beside each ready handle.
    ///
    /// @return a view of element, to be walked once; valid until the next select(). An entry that
    ///     has been unregistered meanwhile is left out.
    /// @throws std::system_error as base_selector::select().
    auto select() {
        destroy_retired();
        return elements(selector_->select());
    }

    template <class Rep, class Period>
    auto select(std::chrono::duration<Rep, Period> timeout,
        std::size_t max_events = base_selector::unlimited) {
        destroy_retired();
        return elements(selector_->select(timeout, max_events));
    }
    /// @}

    /// How many handles are registered.
    std::size_t size() const noexcept { return nodes_.size(); }

    /// Whether none is.
    bool empty() const noexcept { return nodes_.empty(); }

    /// Ends the wait, or the next one, as base_selector::wakeup().
    void wakeup() noexcept { selector_->wakeup(); }

    /// @{
    /// The selector underneath, to look at. What is registered there directly is not seen here.
    base_selector& selector() noexcept { return *selector_; }
    base_selector const& selector() const noexcept { return *selector_; }
    /// @}

private:
    // Nodes outlive their registration until the next select(): a list that is being walked may
    // still refer to them.
    node& retire(native_handle_type handle) noexcept {
        auto const found = nodes_.find(handle);
        retired_.back() = std::move(found->second); // Its place has been made before.
        nodes_.erase(found);
        return *retired_.back();
    }

    /// A value's destructor may retire others.
    void destroy_retired() { auto const destroyed = std::exchange(retired_, {}); }

    std::unordered_map<native_handle_type, std::unique_ptr<node>> nodes_;
    std::vector<std::unique_ptr<node>> retired_;
    std::unique_ptr<base_selector> selector_;
};

} // namespace boost_selectors

#endif
