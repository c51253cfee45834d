// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)
#ifndef BOOST_SELECTORS_SRC_SIMULATION_PACKET_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_PACKET_HPP

#include "address.hpp"
#include <cstdint>
#include <string_view>

namespace boost_selectors::simulated {

struct host;

/// A packet of the network, for those who look at it. TCP's have the flags of RFC 9293.
struct packet {
    enum flags : std::uint8_t { fin = 1, syn = 2, rst = 4, psh = 8, ack = 16, urg = 32 };

    host const& from;
    host const& to;
    endpoint source;
    endpoint destination;
    std::string_view content;
    std::uint8_t tcp = 0; ///< Its flags; 0: it is one of UDP.
    std::uint32_t sequence = 0;
    std::uint32_t acknowledged = 0;

    bool is_v4() const noexcept { return destination.ip.is_v4(); }
};

} // namespace boost_selectors::simulated

#endif
