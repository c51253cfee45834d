// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_KEYED_SELECTOR_HPP
#define BOOST_SELECTORS_KEYED_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>
#include <boost_selectors/make_selector.hpp>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <system_error>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace boost_selectors {

/// A selector that owns a value of type T for each registered handle. The value takes the place of
/// base_selector's untyped `data` pointer, which corresponds to Python's `data`.
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
/// Distinct objects: safe. Shared objects: unsafe, except wakeup(), which any thread and any signal
/// handler may call.
template <class T>
class keyed_selector {
    struct node {
        T value;
    };

public:
    /// A ready handle and its value.
    struct element {
        ready_event const& ready; ///< Valid until the next select().
        T& value;                 ///< Valid until the next select() after unregister().
    };

    /// The ready handles that select() returned, as a view of elements.
    class list {
    public:
        /// An input iterator over the elements.
        class iterator {
        public:
            using iterator_category = std::input_iterator_tag; ///< Single pass.
            using value_type = element;                        ///< The type of the elements.
            using difference_type = std::ptrdiff_t;            ///< Required of iterators.
            using pointer = void;                              ///< There is no operator->.
            using reference = element;                         ///< Elements are returned by value.

            /// Makes an iterator that belongs to no list.
            iterator() = default;

            /// Returns the ready handle and its value.
            element operator*() const noexcept {
                return {*at_, static_cast<node*>(at_->key.data)->value};
            }

            /// @{
            /// Moves to the next entry. Skips entries whose events have become event::none since
            /// select() returned, because the handle was unregistered, for example.
            iterator& operator++() noexcept {
                ++at_;
                skip();
                return *this;
            }
            iterator operator++(int) noexcept {
                iterator const old = *this;
                ++*this;
                return old;
            }
            /// @}

            /// @{
            /// Compares the positions of two iterators of the same list.
            friend bool operator==(iterator const& a, iterator const& b) noexcept {
                return a.at_ == b.at_;
            }
            friend bool operator!=(iterator const& a, iterator const& b) noexcept {
                return !(a == b);
            }
            /// @}

        private:
            friend class list;
            iterator(ready_event const* at, ready_event const* end) noexcept
                : at_(at)
                , end_(end) {
                skip();
            }

            void skip() noexcept {
                while (at_ != end_ && at_->events == event::none)
                    ++at_;
            }

            ready_event const* at_ = nullptr;
            ready_event const* end_ = nullptr;
        };

        /// @{
        /// Return the range of the entries. The iterator skips those that have ended.
        iterator begin() const noexcept { return {ready_.begin(), ready_.end()}; }
        iterator end() const noexcept { return {ready_.end(), ready_.end()}; }
        /// @}

        /// Returns whether there is no entry that the iterator does not skip.
        bool empty() const noexcept { return begin() == end(); }

    private:
        friend class keyed_selector;
        explicit list(ready_list ready) noexcept
            : ready_(ready) {}

        ready_list ready_;
    };

    /// Makes a selector on the default backend.
    /// @throws std::system_error as make_selector().
    keyed_selector()
        : keyed_selector(make_selector()) {}

    /// Uses a given selector.
    ///
    /// @param selector owned from now on. Precondition: it is open, and nothing is registered.
    /// @throws std::system_error errc::invalid_argument if @p selector is null.
    explicit keyed_selector(std::unique_ptr<base_selector> selector)
        : selector_(std::move(selector)) {
        if (!selector_)
            detail::throw_error(
                std::make_error_code(std::errc::invalid_argument), "keyed_selector: no selector");
    }

    /// Makes a selector on a given backend.
    ///
    /// @param backend owned from now on. Nothing else may use it.
    /// @throws std::system_error errc::invalid_argument if @p backend is null.
    template <class Backend, class = std::enable_if_t<std::is_base_of_v<selector_backend, Backend>>>
    explicit keyed_selector(std::unique_ptr<Backend> backend)
        : keyed_selector(std::make_unique<base_selector>(std::move(backend))) {}

    /// @{
    /// Registers @p handle, and stores @p value for it.
    ///
    /// @param handle a descriptor, or an object with a native_handle().
    /// @param wanted the events to report, at least one, and their trigger.
    /// @param value moved from, even if the call fails.
    /// @return the stored value; valid until the next select() after unregister(). The form with
    ///     `ec` returns null if it fails.
    /// @throws std::system_error as base_selector::register_handle(). Then the value is destroyed.
    T& register_handle(handle_argument handle, interest wanted, T value) {
        std::error_code ec;
        T* const kept = register_handle(handle, wanted, std::move(value), ec);
        if (ec)
            detail::throw_error(ec, "keyed_selector::register_handle");
        return *kept;
    }
    T* register_handle(handle_argument handle, interest wanted, T value, std::error_code& ec) {
        auto owned = std::make_unique<node>(node{std::move(value)});
        auto const [place, is_new] = nodes_.try_emplace(handle.get());
        fresh_place const guard{*this, place, is_new};
        selector_->register_handle(handle, wanted, owned.get(), ec);
        if (ec)
            return nullptr;
        place->second = std::move(owned);
        return &place->second->value;
    }
    /// @}

    /// @{
    /// Changes the events and the trigger of a registered handle, and keeps its value.
    ///
    /// @param handle a registered descriptor, or an object with a native_handle().
    /// @param wanted the events to report from now on, at least one, and their trigger.
    /// @throws std::system_error as base_selector::modify(). If that function drops the
    ///     registration, the value is removed too.
    void modify(handle_argument handle, interest wanted) {
        std::error_code ec;
        modify(handle, wanted, ec);
        if (ec)
            detail::throw_error(ec, "keyed_selector::modify");
    }
    void modify(handle_argument handle, interest wanted, std::error_code& ec) {
        dropped_value const guard(*this, handle.get(), ec);
        selector_->modify(handle, wanted, ec);
    }
    /// @}

    /// @{
    /// Unregisters @p handle.
    ///
    /// The next select() destroys the handle's value. So a callback may unregister its own handle.
    ///
    /// @param handle a registered descriptor, or an object with a native_handle().
    /// @throws std::system_error as base_selector::unregister().
    void unregister(handle_argument handle) {
        std::error_code ec;
        unregister(handle, ec);
        if (ec)
            detail::throw_error(ec, "keyed_selector::unregister");
    }
    void unregister(handle_argument handle, std::error_code& ec) {
        retired_.emplace_back();
        selector_->unregister(handle, ec);
        if (ec)
            retired_.pop_back();
        else
            retire(handle.get());
    }
    /// @}

    /// @{
    /// Unregisters @p handle, and returns its value.
    ///
    /// @param handle a registered descriptor, or an object with a native_handle().
    /// @return the value, moved out. The form with `ec` returns nullopt if it fails.
    /// @throws std::system_error as base_selector::unregister().
    T extract(handle_argument handle) {
        std::error_code ec;
        unregister(handle, ec);
        if (ec)
            detail::throw_error(ec, "keyed_selector::extract");
        return std::move(retired_.back()->value);
    }
    std::optional<T> extract(handle_argument handle, std::error_code& ec) {
        unregister(handle, ec);
        if (ec)
            return std::nullopt;
        return std::move(retired_.back()->value);
    }
    /// @}

    /// @{
    /// Returns the value of @p handle; null if the handle is not registered.
    T* find(handle_argument handle) noexcept {
        auto found = nodes_.find(handle.get());
        return found == nodes_.end() ? nullptr : &found->second->value;
    }
    T const* find(handle_argument handle) const noexcept {
        return const_cast<keyed_selector*>(this)->find(handle);
    }
    /// @}

    /// @{
    /// Waits as base_selector::select() does, and returns the ready handles with their values.
    ///
    /// @return a list that is valid until the next select().
    /// @throws std::system_error as base_selector::select().
    list select() {
        destroy_retired();
        return list(selector_->select());
    }
    list select(std::error_code& ec) {
        destroy_retired();
        return list(selector_->select(ec));
    }

    template <class Rep, class Period>
    list select(std::chrono::duration<Rep, Period> timeout,
        std::size_t max_events = base_selector::unlimited) {
        destroy_retired();
        return list(selector_->select(timeout, max_events));
    }
    template <class Rep, class Period>
    list select(
        std::chrono::duration<Rep, Period> timeout, std::size_t max_events, std::error_code& ec) {
        destroy_retired();
        return list(selector_->select(timeout, max_events, ec));
    }
    template <class Rep, class Period>
    list select(std::chrono::duration<Rep, Period> timeout, std::error_code& ec) {
        return select(timeout, base_selector::unlimited, ec);
    }
    /// @}

    /// Returns the number of registered handles.
    std::size_t size() const noexcept { return nodes_.size(); }

    /// Returns whether no handle is registered.
    bool empty() const noexcept { return nodes_.empty(); }

    /// Ends the current wait, or else the next one: see base_selector::wakeup().
    void wakeup() noexcept { selector_->wakeup(); }

    /// @{
    /// Returns the underlying selector, for inspection. Register no handles with it directly:
    /// keyed_selector has no values for them.
    base_selector& selector() noexcept { return *selector_; }
    base_selector const& selector() const noexcept { return *selector_; }
    /// @}

private:
    using node_map = std::unordered_map<native_handle_type, std::unique_ptr<node>>;

    /// Erases a map entry that was made for a value, if it is still empty.
    struct fresh_place {
        ~fresh_place() {
            if (is_new && !place->second)
                selector.nodes_.erase(place);
        }
        keyed_selector& selector;
        typename node_map::iterator place;
        bool is_new;
    };

    /// Removes the value of a handle whose registration was dropped.
    struct dropped_value {
        dropped_value(keyed_selector& s, native_handle_type h, std::error_code& e)
            : selector(s)
            , handle(h)
            , ec(e) {
            selector.retired_.emplace_back();
            ec = error::closed; // Counts as failed if modify() throws; else modify() sets it.
        }
        ~dropped_value() {
            if (ec && selector.find(handle) && !selector.selector_->find(handle))
                selector.retire(handle);
            else
                selector.retired_.pop_back();
        }
        keyed_selector& selector;
        native_handle_type handle;
        std::error_code& ec;
    };

    // Nodes outlive their registration until the next select(): a list that is being iterated may
    // still refer to them.
    node& retire(native_handle_type handle) noexcept {
        auto const found = nodes_.find(handle);
        retired_.back() = std::move(found->second); // The caller has added this element.
        nodes_.erase(found);
        return *retired_.back();
    }

    /// Destroys the retired values. Their destructors may retire further values.
    void destroy_retired() { auto const destroyed = std::exchange(retired_, {}); }

    node_map nodes_;
    std::vector<std::unique_ptr<node>> retired_;
    std::unique_ptr<base_selector> selector_;
};

} // namespace boost_selectors

#endif
