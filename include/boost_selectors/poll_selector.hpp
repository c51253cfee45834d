// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_POLL_SELECTOR_HPP
#define BOOST_SELECTORS_POLL_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>

namespace boost_selectors {

/// A selector over poll(2), ppoll(2) where there is one, and on Windows
/// [WSAPoll](https://learn.microsoft.com/en-us/windows/win32/api/winsock2/nf-winsock2-wsapoll).
///
/// Its cost grows with the number of handles. Level and oneshot triggering. On Windows, a handle
/// that is closed without having been unregistered falls silent, and before Windows 10 version 2004
/// the system does not tell that a connect has failed.
///
/// @see https://pubs.opengroup.org/onlinepubs/9699919799/functions/poll.html
class BOOST_SELECTORS_DECL poll_selector final : public base_selector {
public:
    /// @throws std::system_error if the wake-up's descriptors can't be created.
    poll_selector();
};

} // namespace boost_selectors

#endif
