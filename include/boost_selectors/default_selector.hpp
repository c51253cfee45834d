// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_DEFAULT_SELECTOR_HPP
#define BOOST_SELECTORS_DEFAULT_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>

namespace boost_selectors {

/// A selector on the most efficient backend that works here, or on the one that the environment
/// variable BOOST_SELECTORS_BACKEND names: make_selector() as a class. name() is the backend's.
class BOOST_SELECTORS_DECL default_selector final : public base_selector {
public:
    /// @throws std::system_error as make_backend() does.
    default_selector();
};

} // namespace boost_selectors

#endif
