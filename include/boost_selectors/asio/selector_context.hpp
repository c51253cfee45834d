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

/// An io_context on a selector that you choose. Code that takes an `io_context&` accepts it.
///
/// @par Example
/// @code
/// selector_context context{std::in_place_type<poll_selector>};
/// boost::asio::ip::tcp::acceptor acceptor(context, {boost::asio::ip::tcp::v4(), 7});
/// @endcode
///
/// @par In another loop
/// For a program whose thread waits in a loop of its own, and not in `run()`. It keeps a work guard
/// of the context. Each time before it waits it calls `poll_one()` until that returns 0, or often
/// enough; in the latter case it does not wait, but looks after its own. Otherwise it waits until
/// native_handle() is readable, but not beyond next_deadline(). What another thread starts (a post,
/// a timer, an operation), that thread follows by wakeup(). Nobody does so when Asio has resolved a
/// name: resolve in another context, and post the result.
///
/// @par Thread safety
/// As io_context: distinct objects safe, shared objects safe, with its exceptions.
class selector_context : public boost::asio::io_context {
public:
    /// On the default backend.
    /// @throws std::system_error as make_selector().
    selector_context()
        : selector_context(make_selector()) {}

    /// On the default backend.
    /// @param concurrency_hint how many threads will run the context: as io_context's.
    /// @throws std::system_error as make_selector().
    explicit selector_context(int concurrency_hint)
        : selector_context(concurrency_hint, make_selector()) {}

    /// On a given selector.
    /// @param selector used by this context alone from now on.
    /// @throws std::system_error errc::invalid_argument if it is null.
    explicit selector_context(std::unique_ptr<base_selector> selector) {
        install_selector(*this, std::move(selector));
    }

    /// On a given selector.
    /// @param concurrency_hint how many threads will run the context: as io_context's.
    /// @param selector used by this context alone from now on.
    /// @throws std::system_error errc::invalid_argument if it is null.
    selector_context(int concurrency_hint, std::unique_ptr<base_selector> selector)
        : io_context(concurrency_hint) {
        install_selector(*this, std::move(selector));
    }

    /// On a selector with a given backend.
    /// @param backend used by this context alone from now on.
    /// @throws std::system_error errc::invalid_argument if it is null.
    template <class Backend, class = std::enable_if_t<std::is_base_of_v<selector_backend, Backend>>>
    explicit selector_context(std::unique_ptr<Backend> backend)
        : selector_context(std::make_unique<base_selector>(std::move(backend))) {}

    /// On a selector with a given backend.
    /// @param concurrency_hint how many threads will run the context: as io_context's.
    /// @param backend used by this context alone from now on.
    /// @throws std::system_error errc::invalid_argument if it is null.
    template <class Backend, class = std::enable_if_t<std::is_base_of_v<selector_backend, Backend>>>
    selector_context(int concurrency_hint, std::unique_ptr<Backend> backend)
        : selector_context(concurrency_hint, std::make_unique<base_selector>(std::move(backend))) {}

    /// @{
    /// Makes the selector, or its backend, from T and its constructor's arguments.
    ///
    /// Throws what that constructor throws.
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
    /// Asio's own way to give a context its first services, such as `config_from_string` (from
    /// Boost 1.88 on). If they make no selector, the context gets one on the default backend.
    explicit selector_context(boost::asio::execution_context::service_maker const& services)
        : io_context(services) {
        boost::asio::use_service<selector_service>(*this);
    }

    /// The same, and a given selector.
    /// @param services Asio's; it makes no selector.
    /// @param selector used by this context alone from now on.
    /// @throws std::system_error errc::invalid_argument if it is null.
    selector_context(boost::asio::execution_context::service_maker const& services,
        std::unique_ptr<base_selector> selector)
        : io_context(services) {
        install_selector(*this, std::move(selector));
    }
#endif

    /// What the context's selector and reactor have done: a snapshot, from any thread.
    /// @see boost_selectors::get_statistics()
    context_statistics get_statistics() const {
        return boost_selectors::get_statistics(const_cast<selector_context&>(*this));
    }

    /// @{
    /// Returns the context's selector: its name, what is registered, its backend.
    /// @return valid as long as the context. Nobody else may select on it.
    base_selector& selector() {
        return own_selector();
    }
    base_selector const& selector() const {
        return own_selector();
    }
    /// @}

    /// Returns a descriptor for another loop: readable while an operation may be able to proceed,
    /// and from wakeup() to the next `poll_one()`.
    ///
    /// @return not to be read from; valid as long as the context. The child of a fork has to ask
    ///     for it again after `notify_fork()`.
    /// @throws std::system_error errc::operation_not_supported if the selector has no such handle
    ///     (`capabilities::pollable`).
    native_handle_type native_handle() {
        reactor().init_task(); // From now on poll_one() asks the selector.
        return own_selector().native_handle();
    }

    /// When `poll_one()` has to be called at the latest: when the next timer expires or somewhat
    /// earlier. From any thread.
    /// @return not in the future if one has expired; nothing if there is none.
    std::optional<std::chrono::steady_clock::time_point> next_deadline() {
        return reactor().next_deadline();
    }

    /// Makes native_handle() readable. From any thread.
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
