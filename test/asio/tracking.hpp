// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_ASIO_TRACKING_HPP
#define BOOST_SELECTORS_TEST_ASIO_TRACKING_HPP

/// @file
/// A header for custom handler tracking, which Asio includes as its documentation describes. It
/// logs the calls that reactors make.

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tracking {

struct entry {
    enum class what { registration, events, operation, deregistration } kind;
    std::uintmax_t id;       ///< Of the registration; 0 for an operation.
    std::uintmax_t value;    ///< A registration's handle, or the mask of events.
    std::string operation{}; ///< The operation's name.
    std::size_t bytes = 0;   ///< Transferred by the operation.
};

inline std::vector<entry> log;

/// Called before the reactor acts on events.
inline std::function<void(std::uintmax_t id)> on_events;

inline void registration(
    boost::asio::execution_context&, std::uintmax_t handle, std::uintmax_t id) {
    log.push_back({entry::what::registration, id, handle});
}
inline void deregistration(
    boost::asio::execution_context&, std::uintmax_t handle, std::uintmax_t id) {
    log.push_back({entry::what::deregistration, id, handle});
}
inline void events(boost::asio::execution_context&, std::uintmax_t id, unsigned mask) {
    log.push_back({entry::what::events, id, mask});
    if (on_events)
        on_events(id);
}
template <class Operation>
void operation(
    Operation const&, char const* name, boost::system::error_code const&, std::size_t bytes = 0) {
    log.push_back({entry::what::operation, 0, 0, name, bytes});
}

} // namespace tracking

#define BOOST_ASIO_INHERIT_TRACKED_HANDLER
#define BOOST_ASIO_ALSO_INHERIT_TRACKED_HANDLER
#define BOOST_ASIO_HANDLER_TRACKING_INIT (void)0
#define BOOST_ASIO_HANDLER_LOCATION(args) (void)0
#define BOOST_ASIO_HANDLER_CREATION(args) (void)0
#define BOOST_ASIO_HANDLER_COMPLETION(args) (void)0
#define BOOST_ASIO_HANDLER_INVOCATION_BEGIN(args) (void)0
#define BOOST_ASIO_HANDLER_INVOCATION_END (void)0
#define BOOST_ASIO_HANDLER_OPERATION(args) (void)0
#define BOOST_ASIO_HANDLER_REACTOR_REGISTRATION(args) tracking::registration args
#define BOOST_ASIO_HANDLER_REACTOR_DEREGISTRATION(args) tracking::deregistration args
#define BOOST_ASIO_HANDLER_REACTOR_READ_EVENT 1
#define BOOST_ASIO_HANDLER_REACTOR_WRITE_EVENT 2
#define BOOST_ASIO_HANDLER_REACTOR_ERROR_EVENT 4
#define BOOST_ASIO_HANDLER_REACTOR_EVENTS(args) tracking::events args
#define BOOST_ASIO_HANDLER_REACTOR_OPERATION(args) tracking::operation args

#endif
