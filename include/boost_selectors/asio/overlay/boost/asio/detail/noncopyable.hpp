// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Stands in for Boost.Asio's header of this name, and has the same class. Asio includes it before
// it uses BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE, whose value the build sets to the name below.
// If Boost's own header is found, nobody defines that name, and the compiler's error shows it.

#ifndef BOOST_ASIO_DETAIL_NONCOPYABLE_HPP
#define BOOST_ASIO_DETAIL_NONCOPYABLE_HPP

#include <boost_selectors/asio/detail/requirements.hpp>

#define boost_selectors_overlay_must_come_before_boost_on_the_include_path 2 // Asio's default.

#include <boost/asio/detail/push_options.hpp>

namespace boost {
namespace asio {
BOOST_ASIO_INLINE_NAMESPACE_BEGIN
namespace detail {

class noncopyable {
protected:
    noncopyable() {}
    ~noncopyable() {}

private:
    noncopyable(noncopyable const&);
    noncopyable const& operator=(noncopyable const&);
};

} // namespace detail

using boost::asio::detail::noncopyable;

BOOST_ASIO_INLINE_NAMESPACE_END
} // namespace asio
} // namespace boost

#include <boost/asio/detail/pop_options.hpp>

#endif
