// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "backends.hpp"
#include <system_error>

namespace boost_selectors {

std::unique_ptr<selector_backend> detail::make_io_uring_backend() {
    throw std::system_error(std::make_error_code(std::errc::not_supported),
        "io_uring: boost_selectors was built without liburing");
}

} // namespace boost_selectors
