// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_SELECTOR_SERVICE_HPP
#define BOOST_SELECTORS_ASIO_SELECTOR_SERVICE_HPP

#include <boost/asio/execution_context.hpp>
#include <boost_selectors/base_selector.hpp>
#include <boost_selectors/make_selector.hpp>
#include <memory>
#include <system_error>
#include <type_traits>
#include <utility>

namespace boost_selectors {

/// The Asio service that owns the selector of an execution context.
///
/// If a context has no selector when its first I/O object is made, it gets one on the default
/// backend.
/// @see https://www.boost.org/doc/libs/release/doc/html/boost_asio/reference/execution_context.html
class selector_service
    : public boost::asio::detail::execution_context_service_base<selector_service> {
public:
    /// Makes a selector on the default backend, and owns it.
    /// @throws std::system_error as make_selector().
    explicit selector_service(boost::asio::execution_context& context)
        : selector_service(context, make_selector()) {}

    /// Takes ownership of @p selector.
    /// @throws std::system_error errc::invalid_argument if @p selector is null.
    selector_service(
        boost::asio::execution_context& context, std::unique_ptr<base_selector> selector)
        : execution_context_service_base(context)
        , selector_(std::move(selector)) {
        if (!selector_)
            detail::throw_error(
                std::make_error_code(std::errc::invalid_argument), "selector_service: no selector");
    }

    /// Returns the selector. It is valid during the lifetime of the context.
    base_selector& selector() noexcept { return *selector_; }

private:
    // There is nothing to do: the reactor is made after this service, so it is shut down before it,
    // and unregisters everything.
    void shutdown() override {}

    std::unique_ptr<base_selector> selector_;
};

/// Sets the selector of a context that is not a selector_context, such as a thread_pool.
///
/// With Boost 1.88 or later, selector_service_maker does the same when the context is made.
///
/// @param context a context in which no I/O object (socket, timer, signal set, ...) has been made
///     yet.
/// @param selector owned by the context from now on. Nothing else may use it.
/// @throws boost::asio::service_already_exists if the context already has a selector.
/// @throws std::system_error errc::invalid_argument if @p selector is null.
inline void install_selector(
    boost::asio::execution_context& context, std::unique_ptr<base_selector> selector) {
    boost::asio::make_service<selector_service>(context, std::move(selector));
}

/// Sets the selector of a context to one on @p backend. Otherwise the same as the form that takes a
/// selector.
///
/// @param context as for that form.
/// @param backend owned by the context from now on. Nothing else may use it.
/// @throws boost::asio::service_already_exists if the context already has a selector.
/// @throws std::system_error errc::invalid_argument if @p backend is null.
template <class Backend, class = std::enable_if_t<std::is_base_of_v<selector_backend, Backend>>>
void install_selector(boost::asio::execution_context& context, std::unique_ptr<Backend> backend) {
    install_selector(context, std::make_unique<base_selector>(std::move(backend)));
}

} // namespace boost_selectors

#endif
