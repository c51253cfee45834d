// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_IOCP_SELECTOR_HPP
#define BOOST_SELECTORS_IOCP_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>

namespace boost_selectors {

/// A selector over I/O completion ports: the default on Windows.
///
/// A completion port reports completed operations, not readiness. So the selector sends a poll
/// request to the socket driver, AFD, which completes the request when the socket becomes ready.
/// WSAPoll and select do the same internally, as do wepoll, mio and libuv. The cost of a wait grows
/// only with the number of ready handles. It supports level and oneshot triggering.
///
/// @see https://learn.microsoft.com/en-us/windows/win32/fileio/i-o-completion-ports
class BOOST_SELECTORS_DECL iocp_selector final : public base_selector {
public:
    /// Makes a selector with nothing registered.
    /// @throws std::system_error if the port, or the handle of the driver, can't be created.
    iocp_selector();
};

} // namespace boost_selectors

#endif
