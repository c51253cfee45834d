// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_KQUEUE_SELECTOR_HPP
#define BOOST_SELECTORS_KQUEUE_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>

namespace boost_selectors {

/// A selector over kqueue(2): the default on macOS and the BSDs. On Linux it can be built over
/// libkqueue, to try it out.
///
/// The cost of a wait grows only with the number of ready handles. It supports level, edge and
/// oneshot triggering, but not event::priority. A handle that is closed before it is unregistered
/// is no longer reported. For regular files, register_handle() fails with EPERM.
///
/// libkqueue returns at most 512 events per call.
///
/// @see https://man.freebsd.org/cgi/man.cgi?query=kqueue
class BOOST_SELECTORS_DECL kqueue_selector final : public base_selector {
public:
    /// Makes a selector with nothing registered.
    /// @throws std::system_error if the descriptors for kqueue or for wakeup() can't be created.
    kqueue_selector();
};

} // namespace boost_selectors

#endif
