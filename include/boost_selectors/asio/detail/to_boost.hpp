// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_ASIO_DETAIL_TO_BOOST_HPP
#define BOOST_SELECTORS_ASIO_DETAIL_TO_BOOST_HPP

#include <boost/asio/error.hpp>
#include <boost/system/errc.hpp>
#include <boost/system/error_code.hpp>
#include <boost_selectors/error.hpp>
#include <system_error>

namespace boost_selectors::detail {

/// Converts an error to the one that Asio would have reported.
inline boost::system::error_code to_boost(std::error_code const& ec) {
    if (ec == error::already_registered)
        return boost::system::errc::make_error_code(boost::system::errc::file_exists);
    if (ec == std::errc::operation_not_permitted) // A kind of file that the system can't watch.
        return boost::asio::error::operation_not_supported;
    if (ec == std::errc::not_enough_memory)
        return boost::asio::error::no_memory;
    if (ec.category() == std::system_category())
        return {ec.value(), boost::asio::error::get_system_category()};
    return ec;
}

/// Returns whether a wait failed because of a shortage that may be over in a moment.
inline bool is_transient(std::error_code const& ec) noexcept {
    return ec == std::errc::not_enough_memory || ec == std::errc::no_buffer_space ||
           ec == std::errc::resource_unavailable_try_again ||
           ec == std::errc::device_or_resource_busy;
}

} // namespace boost_selectors::detail

#endif
