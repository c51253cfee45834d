// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SELECT_SELECTOR_HPP
#define BOOST_SELECTORS_SELECT_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>

namespace boost_selectors {

/// A selector over select(2), which every system has.
///
/// On POSIX systems it is not limited by FD_SETSIZE: it allocates its sets, as large as needed. The
/// cost of a wait grows with the highest handle number, on Windows with the number of registered
/// handles. It supports level and oneshot triggering.
///
/// @see https://pubs.opengroup.org/onlinepubs/9699919799/functions/pselect.html
class BOOST_SELECTORS_DECL select_selector final : public base_selector {
public:
    /// Makes a selector with nothing registered.
    /// @throws std::system_error if the descriptors for wakeup() can't be created.
    select_selector();
};

} // namespace boost_selectors

#endif
