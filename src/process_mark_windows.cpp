// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "process_mark.hpp"

namespace boost_selectors::detail {

std::uint64_t process_mark::this_process() noexcept {
    return 1; // There is no fork().
}

} // namespace boost_selectors::detail
