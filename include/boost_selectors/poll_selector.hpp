// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_POLL_SELECTOR_HPP
#define BOOST_SELECTORS_POLL_SELECTOR_HPP

#include <boost_selectors/base_selector.hpp>

namespace boost_selectors {

/// A selector over poll(2); on Linux and FreeBSD over ppoll(2), on Windows over
/// [WSAPoll](https://learn.microsoft.com/en-us/windows/win32/api/winsock2/nf-winsock2-wsapoll).
///
/// The cost of a wait grows with the number of registered handles. It supports level and oneshot
/// triggering. On Windows, a handle that is closed before it is unregistered is no longer reported.
/// Before Windows 10 version 2004, the system does not report that a connect has failed.
///
/// @see https://pubs.opengroup.org/onlinepubs/9699919799/functions/poll.html
class BOOST_SELECTORS_DECL poll_selector final : public base_selector {
public:
    /// Makes a selector with nothing registered.
    /// @throws std::system_error if the descriptors for wakeup() can't be created.
    poll_selector();
};

} // namespace boost_selectors

#endif
