// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_SELECTOR_CONTEXT_HPP
#define BOOST_SELECTORS_ASIO_SELECTOR_CONTEXT_HPP

#include <boost/asio/io_context.hpp>
#include <boost_selectors/asio/detail/selector_reactor.hpp>
#include <boost_selectors/asio/selector_service.hpp>
#include <boost_selectors/asio/selector_service_maker.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace boost_selectors {

/// An io_context on a selector that you choose. It can be passed to code that takes an
/// `io_context&`.
///
/// @par Example
/// @code
/// selector_context context{std::in_place_type<poll_selector>};
/// boost::asio::ip::tcp::acceptor acceptor(context, {boost::asio::ip::tcp::v4(), 7});
/// @endcode
///
/// @par In another event loop
/// A program whose thread waits in another event loop, and not in `run()`, can run the context from
/// that loop:
/// - It keeps a work guard of the context.
/// - Before each wait, it calls `poll_one()` until that returns 0, or up to a maximum number of
///   times.
/// - If `poll_one()` returned 0, the loop waits until native_handle() is readable, but no longer
///   than until next_deadline(). If the maximum number was reached, the loop does not block: it
///   only checks its other events.
/// - After another thread starts work on the context (a post, a timer, an operation), that thread
///   must call wakeup().
/// - Asio's resolver does not call wakeup() when it has resolved a name. So resolve names in
///   another context, post the result to this one, and call wakeup().
///
/// @par Thread safety
/// As io_context: distinct objects are safe; shared objects are safe, with the exceptions that
/// io_context documents.
class selector_context : public boost::asio::io_context {
public:
    /// Makes a context on the default backend.
    /// @throws std::system_error as make_selector().
    selector_context()
        : selector_context(make_selector()) {}

    /// Makes a context on the default backend.
    /// @param concurrency_hint how many threads will run the context, as for io_context.
    /// @throws std::system_error as make_selector().
    explicit selector_context(int concurrency_hint)
        : selector_context(concurrency_hint, make_selector()) {}

    /// Makes a context on a given selector.
    /// @param selector owned by the context from now on. Nothing else may use it.
    /// @throws std::system_error errc::invalid_argument if @p selector is null.
    explicit selector_context(std::unique_ptr<base_selector> selector) {
        install_selector(*this, std::move(selector));
    }

    /// Makes a context on a given selector.
    /// @param concurrency_hint how many threads will run the context, as for io_context.
    /// @param selector owned by the context from now on. Nothing else may use it.
    /// @throws std::system_error errc::invalid_argument if @p selector is null.
    selector_context(int concurrency_hint, std::unique_ptr<base_selector> selector)
        : io_context(concurrency_hint) {
        install_selector(*this, std::move(selector));
    }

    /// Makes a context on a selector with a given backend.
    /// @param backend owned by the context from now on. Nothing else may use it.
    /// @throws std::system_error errc::invalid_argument if @p backend is null.
    template <class Backend, class = std::enable_if_t<std::is_base_of_v<selector_backend, Backend>>>
    explicit selector_context(std::unique_ptr<Backend> backend)
        : selector_context(std::make_unique<base_selector>(std::move(backend))) {}

    /// Makes a context on a selector with a given backend.
    /// @param concurrency_hint how many threads will run the context, as for io_context.
    /// @param backend owned by the context from now on. Nothing else may use it.
    /// @throws std::system_error errc::invalid_argument if @p backend is null.
    template <class Backend, class = std::enable_if_t<std::is_base_of_v<selector_backend, Backend>>>
    selector_context(int concurrency_hint, std::unique_ptr<Backend> backend)
        : selector_context(concurrency_hint, std::make_unique<base_selector>(std::move(backend))) {}

    /// @{
    /// Makes a context on a selector of type T, or on a selector with a backend of type T.
    ///
    /// Passes @p args to T's constructor, and throws what that constructor throws.
    /// @tparam T a class derived from base_selector or from selector_backend.
    template <class T, class... Args,
        class = decltype(make_selector(std::in_place_type<T>, std::declval<Args>()...))>
    explicit selector_context(std::in_place_type_t<T> type, Args&&... args)
        : selector_context(make_selector(type, std::forward<Args>(args)...)) {}
    template <class T, class... Args,
        class = decltype(make_selector(std::in_place_type<T>, std::declval<Args>()...))>
    selector_context(int concurrency_hint, std::in_place_type_t<T> type, Args&&... args)
        : selector_context(concurrency_hint, make_selector(type, std::forward<Args>(args)...)) {}
    /// @}

#if defined(BOOST_SELECTORS_HAS_SERVICE_MAKER)
    /// Makes a context with the services that @p services makes (Boost 1.88 and later).
    /// @param services an Asio service maker, such as `config_from_string`. If it makes no
    ///     selector, the context gets one on the default backend.
    explicit selector_context(boost::asio::execution_context::service_maker const& services)
        : io_context(services) {
        boost::asio::use_service<selector_service>(*this);
    }

    /// Makes a context with the services that @p services makes, on a given selector.
    /// @param services an Asio service maker. Precondition: it makes no selector.
    /// @param selector owned by the context from now on. Nothing else may use it.
    /// @throws std::system_error errc::invalid_argument if @p selector is null.
    selector_context(boost::asio::execution_context::service_maker const& services,
        std::unique_ptr<base_selector> selector)
        : io_context(services) {
        install_selector(*this, std::move(selector));
    }
#endif

    /// Returns what the context's selector and reactor have done. May be called from any thread.
    /// @see boost_selectors::get_statistics()
    context_statistics get_statistics() const {
        return boost_selectors::get_statistics(const_cast<selector_context&>(*this));
    }

    /// @{
    /// Returns the context's selector, to query its name, its registrations or its backend.
    /// @return valid during the lifetime of the context. Do not call its select(): only the context
    ///     may.
    base_selector& selector() {
        return own_selector();
    }
    base_selector const& selector() const {
        return own_selector();
    }
    /// @}

    /// Returns a descriptor that another event loop can watch. It is readable while an operation
    /// may be able to proceed, and from wakeup() until the next `poll_one()`.
    ///
    /// @return valid during the lifetime of the context. It must not be read from. The child of a
    ///     fork must call native_handle() again after `notify_fork()`.
    /// @throws std::system_error errc::operation_not_supported if the selector has no such
    ///     descriptor (`capabilities::pollable`).
    native_handle_type native_handle() {
        reactor().init_task(); // From now on, poll_one() polls the selector.
        return own_selector().native_handle();
    }

    /// Returns the time by which `poll_one()` must be called: when the next timer expires, or
    /// somewhat earlier. May be called from any thread.
    /// @return a time that is not in the future if a timer has expired; nullopt if there is no such
    ///     time.
    std::optional<std::chrono::steady_clock::time_point> next_deadline() {
        return reactor().next_deadline();
    }

    /// Makes native_handle() readable. May be called from any thread.
    void wakeup() {
        own_selector().wakeup();
    }

private:
    selector_reactor& reactor() {
        return boost::asio::use_service<selector_reactor>(*this);
    }

    base_selector& own_selector() const {
        return boost::asio::use_service<selector_service>(const_cast<selector_context&>(*this))
            .selector();
    }
};

} // namespace boost_selectors

#endif
