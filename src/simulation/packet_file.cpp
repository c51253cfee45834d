// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)
#include "packet_file.hpp"
#include "host.hpp"
#include <algorithm>
#include <netinet/in.h>

// The format: draft-ietf-opsawg-pcapng. The headers: IEEE 802.3, RFC 791, 8200, 768, 9293.

namespace boost_selectors::simulated {
namespace {

constexpr std::uint32_t section_block = 0x0a0d0d0a;
constexpr std::uint32_t interface_block = 1;
constexpr std::uint32_t name_block = 4;
constexpr std::uint32_t packet_block = 6;
/// libpcap reads files of several interfaces of this kind, and not those of plain IP.
constexpr std::uint16_t ethernet = 1;
/// With the headers, its length has 16 bits. One datagram is never larger; what TCP sends may be.
constexpr std::size_t largest_content = 65'535 - 20 - 20;

/// A number as this machine has it.
template <class T>
void append(std::string& to, T number) {
    to.append(reinterpret_cast<char const*>(&number), sizeof(number));
}

/// The bytes, and zeros up to a multiple of four.
void append_padded(std::string& to, std::string_view bytes) {
    to.append(bytes);
    to.append((4 - bytes.size() % 4) % 4, '\0');
}

void append_option(std::string& to, std::uint16_t code, std::string_view value) {
    append(to, code);
    append(to, static_cast<std::uint16_t>(value.size()));
    append_padded(to, value);
}

void append_16(std::string& to, std::size_t number) {
    to += static_cast<char>(number >> 8);
    to += static_cast<char>(number);
}

void append_32(std::string& to, std::size_t number) {
    append_16(to, number >> 16);
    append_16(to, number);
}

void append_address(std::string& to, ip_address const& a, bool v4) {
    to.append(reinterpret_cast<char const*>(a.bytes.data()) + (v4 ? 12 : 0), v4 ? 4 : 16);
}

void append_addresses(std::string& to, packet const& p) {
    append_address(to, p.source.ip, p.is_v4());
    append_address(to, p.destination.ip, p.is_v4());
}

/// RFC 1071.
std::uint16_t checksum(std::string_view bytes) noexcept {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        sum += std::uint32_t{static_cast<unsigned char>(bytes[i])} << (i % 2 == 0 ? 8 : 0);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

void put_16(std::string& in, std::size_t place, std::uint16_t number) noexcept {
    in[place] = static_cast<char>(number >> 8);
    in[place + 1] = static_cast<char>(number);
}

/// The transport's header and the content.
std::string segment_of(packet const& p, std::string_view content, std::uint32_t offset) {
    std::string s;
    append_16(s, p.source.port);
    append_16(s, p.destination.port);
    if (p.tcp) {
        append_32(s, p.sequence + offset);
        append_32(s, p.acknowledged);
        append_16(s, 5 << 12 | p.tcp); // The header's length, in words.
        append_16(s, 65'535);          // The window.
        append_16(s, 0);
        append_16(s, p.tcp & packet::urg ? content.size() : 0);
    } else {
        append_16(s, 8 + content.size());
        append_16(s, 0);
    }
    s.append(content);
    std::string pseudo;
    append_addresses(pseudo, p);
    append_32(pseudo, s.size());
    append_32(pseudo, p.tcp ? IPPROTO_TCP : IPPROTO_UDP);
    std::uint16_t const sum = checksum(pseudo + s);
    constexpr std::uint16_t none = 0; // UDP's, so 0 is written otherwise.
    put_16(s, p.tcp ? 16 : 6, sum == none && !p.tcp ? 0xffff : sum);
    return s;
}

std::string frame_header_of(packet const& p) {
    std::string h;
    for (host const* const end : {&p.to, &p.from}) {
        append_16(h, 0x0200); // An address of local meaning.
        append_32(h, end->id);
    }
    append_16(h, p.is_v4() ? 0x0800 : 0x86dd);
    return h;
}

std::string header_of(packet const& p, std::size_t size) {
    constexpr char hops = 64;
    std::size_t const protocol = p.tcp ? IPPROTO_TCP : IPPROTO_UDP;
    std::string h;
    if (p.is_v4()) {
        constexpr std::size_t length = 20;
        append_16(h, 0x4500); // Version 4, a header of five words.
        append_16(h, length + size);
        append_16(h, 0);
        append_16(h, 0x4000); // It is no fragment.
        h += hops;
        h += static_cast<char>(protocol);
        append_16(h, 0);
        append_addresses(h, p);
        put_16(h, 10, checksum(h));
    } else {
        append_32(h, std::size_t{6} << 28); // Version 6.
        append_16(h, size);
        h += static_cast<char>(protocol);
        h += hops;
        append_addresses(h, p);
    }
    return h;
}

} // namespace

packet_file::packet_file(std::FILE* to)
    : to_(to) {
    std::string body;
    append(body, std::uint32_t{0x1a2b3c4d}); // So that readers know the order of bytes.
    append(body, std::uint16_t{1});          // Version 1.0.
    append(body, std::uint16_t{0});
    append(body, std::int64_t{-1}); // Its length is not known.
    write_block(section_block, body);
}

void packet_file::write_block(std::uint32_t type, std::string const& body) {
    auto const length = static_cast<std::uint32_t>(body.size() + 3 * sizeof(std::uint32_t));
    std::string block;
    append(block, type);
    append(block, length);
    block += body;
    append(block, length);
    std::fwrite(block.data(), 1, block.size(), to_);
    std::fflush(to_); // The program may end by a signal.
}

void packet_file::add_host(host const& h, ip_address const& v4, ip_address const& v6) {
    std::string body;
    append(body, ethernet);
    append(body, std::uint16_t{0});
    append(body, std::uint32_t{0}); // Packets are never cut off.
    append_option(body, 2, h.name);
    append_option(body, 9, "\x09"); // Times are in nanoseconds.
    append_option(body, 0, {});
    write_block(interface_block, body);

    body.clear();
    for (bool const is_v4 : {true, false}) {
        std::string record;
        append_address(record, is_v4 ? v4 : v6, is_v4);
        record += h.name;
        record += '\0';
        append_option(body, is_v4 ? 1 : 2, record);
    }
    append_option(body, 0, {});
    write_block(name_block, body);
}

void packet_file::add(packet const& p, instant at, bool lost) {
    std::size_t done = 0;
    do {
        auto const part = p.tcp ? p.content.substr(done, largest_content) : p.content;
        add_part(p, part, static_cast<std::uint32_t>(done), at, lost);
        done += part.size();
    } while (done < p.content.size());
}

void packet_file::add_part(
    packet const& p, std::string_view content, std::uint32_t offset, instant at, bool lost) {
    std::string const segment = segment_of(p, content, offset);
    std::string const bytes = frame_header_of(p) + header_of(p, segment.size()) + segment;
    auto const time = static_cast<std::uint64_t>(at.count());
    std::string body;
    append(body, p.from.id - 1);
    append(body, static_cast<std::uint32_t>(time >> 32));
    append(body, static_cast<std::uint32_t>(time));
    append(body, static_cast<std::uint32_t>(bytes.size()));
    append(body, static_cast<std::uint32_t>(bytes.size()));
    append_padded(body, bytes);
    if (lost)
        append_option(body, 1, "lost");
    append_option(body, 0, {});
    write_block(packet_block, body);
}

} // namespace boost_selectors::simulated
