// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Stands in for Boost.Asio's header of this name: Asio's reactor is selector_reactor.

#ifndef BOOST_ASIO_DETAIL_REACTOR_HPP
#define BOOST_ASIO_DETAIL_REACTOR_HPP

#include <boost_selectors/asio/detail/requirements.hpp>

namespace boost_selectors {
class selector_reactor;
}

namespace boost {
namespace asio {
BOOST_ASIO_INLINE_NAMESPACE_BEGIN
namespace detail {

// Before the class is included: headers that it needs may name the type already.
typedef ::boost_selectors::selector_reactor reactor;

} // namespace detail
BOOST_ASIO_INLINE_NAMESPACE_END
} // namespace asio
} // namespace boost

#include <boost_selectors/asio/detail/selector_reactor.hpp>

#endif
