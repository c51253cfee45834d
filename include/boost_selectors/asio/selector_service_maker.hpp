// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_SELECTOR_SERVICE_MAKER_HPP
#define BOOST_SELECTORS_ASIO_SELECTOR_SERVICE_MAKER_HPP

#include <boost_selectors/asio/detail/versions.hpp>
#include <boost_selectors/asio/selector_service.hpp>
#include <memory>
#include <string>
#include <utility>

#if defined(BOOST_SELECTORS_HAS_SERVICE_MAKER)

namespace boost_selectors {

/// An Asio service maker that sets the selector of a context (Boost 1.88 and later).
///
/// @par Example
/// @code
/// boost::asio::thread_pool pool(4, boost_selectors::selector_service_maker("poll"));
/// @endcode
class selector_service_maker : public boost::asio::execution_context::service_maker {
public:
    /// Uses the backend that is called @p name.
    /// @param name as for make_selector().
    explicit selector_service_maker(std::string name)
        : factory_([name = std::move(name)] { return make_selector(name); }) {}

    /// Uses a function that makes selectors.
    /// @param factory called for each context; returns the context's selector.
    explicit selector_service_maker(selector_factory factory)
        : factory_(std::move(factory)) {}

    /// Uses a function that makes backends.
    /// @param factory called for each context; returns the backend of the context's selector.
    explicit selector_service_maker(backend_factory factory)
        : factory_([factory = std::move(factory)] {
            return std::make_unique<base_selector>(factory());
        }) {}

    /// Makes a selector and installs it in @p context, as install_selector() does. The context's
    /// constructor calls this function.
    ///
    /// Throws what the factory throws, and what install_selector() throws.
    void make(boost::asio::execution_context& context) const override {
        install_selector(context, factory_());
    }

private:
    selector_factory factory_;
};

} // namespace boost_selectors

#endif

#endif
