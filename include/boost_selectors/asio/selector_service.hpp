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

/// The service that owns an execution context's selector.
///
/// A context that has none when its first I/O object is made gets one with the default backend.
/// @see https://www.boost.org/doc/libs/release/doc/html/boost_asio/reference/execution_context.html
class selector_service
    : public boost::asio::detail::execution_context_service_base<selector_service> {
public:
    /// Owns a selector on the default backend. @throws std::system_error as make_selector().
    explicit selector_service(boost::asio::execution_context& context)
        : selector_service(context, make_selector()) {}

    /// Owns @p selector. @throws std::system_error errc::invalid_argument if it is null.
    selector_service(
        boost::asio::execution_context& context, std::unique_ptr<base_selector> selector)
        : execution_context_service_base(context)
        , selector_(std::move(selector)) {
        if (!selector_)
            detail::throw_error(
                std::make_error_code(std::errc::invalid_argument), "selector_service: no selector");
    }

    /// The selector; valid as long as the context.
    base_selector& selector() noexcept { return *selector_; }

private:
    // The reactor, which is made after this service, unregisters everything before.
    void shutdown() override {}

    std::unique_ptr<base_selector> selector_;
};

/// Gives a context its selector: one that is no selector_context, such as a thread_pool.
///
/// With Boost 1.88 or later there is selector_service_maker as well.
///
/// @param context one in which no I/O object (socket, timer, signal set, ...) has been made yet.
/// @param selector used by this context alone from now on.
/// @throws boost::asio::service_already_exists if it has a selector already.
/// @throws std::system_error errc::invalid_argument if @p selector is null.
inline void install_selector(
    boost::asio::execution_context& context, std::unique_ptr<base_selector> selector) {
    boost::asio::make_service<selector_service>(context, std::move(selector));
}

/// Gives a context a selector on @p backend: the other form, for a backend.
///
/// @param context as there.
/// @param backend used by this context alone from now on.
/// @throws boost::asio::service_already_exists if it has a selector already.
/// @throws std::system_error errc::invalid_argument if @p backend is null.
template <class Backend, class = std::enable_if_t<std::is_base_of_v<selector_backend, Backend>>>
void install_selector(boost::asio::execution_context& context, std::unique_ptr<Backend> backend) {
    install_selector(context, std::make_unique<base_selector>(std::move(backend)));
}

} // namespace boost_selectors

#endif
