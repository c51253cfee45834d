// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_KQUEUE_SELECTOR_HPP
#define BOOST_SELECTORS_KQUEUE_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>

namespace boost_selectors {

/// A selector over kqueue(2): the default on macOS and the BSDs. On Linux it can be built over
/// libkqueue, which is meant for trying it out.
///
/// Its cost grows with the number of ready handles alone. Level, edge and oneshot triggering; no
/// event::priority. A handle that is closed without having been unregistered falls silent; regular
/// files are refused with EPERM.
///
/// libkqueue returns at most 512 events by one call.
///
/// @see https://man.freebsd.org/cgi/man.cgi?query=kqueue
class BOOST_SELECTORS_DECL kqueue_selector final : public base_selector {
public:
    /// @throws std::system_error if the descriptors of kqueue or of the wake-up can't be created.
    kqueue_selector();
};

} // namespace boost_selectors

#endif
