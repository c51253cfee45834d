// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_IOCP_SELECTOR_HPP
#define BOOST_SELECTORS_IOCP_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>

namespace boost_selectors {

/// A selector over Windows's I/O completion ports: the default there.
///
/// A port tells the completion of operations, not readiness; so the socket driver, AFD, is asked to
/// complete a poll request when a socket gets ready: what WSAPoll and select do inside, and what
/// wepoll, mio and libuv do. Its cost grows with the number of ready handles alone. Level and
/// oneshot triggering.
///
/// @see https://learn.microsoft.com/en-us/windows/win32/fileio/i-o-completion-ports
class BOOST_SELECTORS_DECL iocp_selector final : public base_selector {
public:
    /// @throws std::system_error if the port, or the handle of the driver, can't be created.
    iocp_selector();
};

} // namespace boost_selectors

#endif
