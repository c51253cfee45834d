// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SELECT_SELECTOR_HPP
#define BOOST_SELECTORS_SELECT_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>

namespace boost_selectors {

/// A selector over select(), which every system has.
///
/// On POSIX systems it is not bound by FD_SETSIZE: it brings sets of its own, as large as needed.
/// Its cost grows with the highest handle number. Level and oneshot triggering.
///
/// @see https://pubs.opengroup.org/onlinepubs/9699919799/functions/pselect.html
class BOOST_SELECTORS_DECL select_selector final : public base_selector {
public:
    /// @throws std::system_error if the wake-up's descriptors can't be created.
    select_selector();
};

} // namespace boost_selectors

#endif
