// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_DEFAULT_SELECTOR_HPP
#define BOOST_SELECTORS_DEFAULT_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>

namespace boost_selectors {

/// A selector on the default backend, as make_selector() returns it, but as a class.
///
/// The default is the backend that the environment variable BOOST_SELECTORS_BACKEND names, or else
/// the most preferred backend that works here: see make_backend(). name() returns the name of that
/// backend.
class BOOST_SELECTORS_DECL default_selector final : public base_selector {
public:
    /// Makes a selector on the default backend.
    /// @throws std::system_error as make_backend().
    default_selector();
};

} // namespace boost_selectors

#endif
