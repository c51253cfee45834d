// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)
#ifndef BOOST_SELECTORS_SRC_SIMULATION_PACKET_FILE_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_PACKET_FILE_HPP

// Packets in the format pcapng, which Wireshark and tcpdump read.

#include "packet.hpp"
#include "timeline.hpp"
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace boost_selectors::simulated {

/// Each host is an interface of the file, whose packets are those that it sends. Call ferror() to learn
/// of write errors.
class packet_file {
public:
    explicit packet_file(std::FILE* to);

    /// In the order of their numbers.
    void add_host(host const& h, ip_address const& v4, ip_address const& v6);
    /// @param at since 1970.
    /// @param lost it will not arrive.
    void add(packet const& p, instant at, bool lost);

private:
    void add_part(
        packet const& p, std::string_view content, std::uint32_t offset, instant at, bool lost);
    void write_block(std::uint32_t type, std::string const& body);

    std::FILE* const to_;
};

} // namespace boost_selectors::simulated

#endif
