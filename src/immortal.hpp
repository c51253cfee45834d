// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_IMMORTAL_HPP
#define BOOST_SELECTORS_SRC_IMMORTAL_HPP

namespace boost_selectors::detail {

/// A global object that is never destroyed, so that the destructors of other static objects can use
/// it.
template <class T>
union immortal {
    immortal()
        : value() {}
    ~immortal() {}
    T value;
};

} // namespace boost_selectors::detail

#endif
