// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_CHANNEL_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_CHANNEL_HPP

// What two connected streams share.

#include "packet.hpp"
#include "socket.hpp"
#include "timeline.hpp"
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace boost_selectors::simulated {

class world;
class stream;
struct connection;

/// One direction of a connection: the bytes on their way, and those that have arrived. They never
/// overtake one another; what is lost is sent again, which takes time.
class channel final : public timed {
public:
    channel(connection& c, int to)
        : of_(c)
        , to_(to) {}

    /// @return how many there was room for.
    std::size_t send(buffers from, std::size_t most);
    /// The byte is urgent (tcp(7)): it is read apart from the others.
    void send_urgent(char byte);
    void send_end();
    void send_reset();

    std::size_t read(buffers to, bool keep, std::size_t most) noexcept;
    std::size_t arrived() const noexcept { return arrived_; }
    std::size_t room() const noexcept;
    /// Whether poll() says so: Linux wants a third of the room.
    bool is_writable() const noexcept;
    std::optional<char> urgent() const noexcept { return urgent_; }
    std::optional<char> take_urgent() noexcept { return std::exchange(urgent_, std::nullopt); }
    /// Whether the urgent byte would come next, if it were one of the others.
    bool at_mark() const noexcept { return marked_ && before_mark_ == 0; }
    bool end_sent() const noexcept { return end_sent_; }
    bool ended() const noexcept { return ended_; }
    bool was_reset() const noexcept { return reset_; }

    void due() override;
    void dropped() noexcept override;

private:
    enum class kind { data, urgent, end, reset };
    struct segment {
        kind what;
        std::size_t size;
        char byte; ///< The urgent one.
        std::uint32_t sequence;
        instant at = {};
        bool lost = false; ///< It is sent again, and arrives then.
        std::uint64_t number = 0;
    };

    void send(kind what, std::size_t size, char byte = 0);
    void arrive(segment const& s);
    /// @param begin of its bytes.
    packet packet_of(segment const& s, std::size_t begin) const;

    connection& of_;
    int const to_;
    std::string bytes_; ///< That have arrived, and that are on their way.
    std::size_t begin_ = 0;
    std::size_t arrived_ = 0;
    std::optional<char> urgent_; ///< Arrived, not yet read.
    bool marked_ = false;
    std::size_t before_mark_ = 0; ///< Bytes to be read before the urgent one's place.
    std::deque<segment> transit_;
    std::uint32_t next_sequence_ = 1; ///< TCP's: 0 was SYN's.
    std::uint32_t acknowledged_ = 1;
    unsigned attempts_ = 0;
    instant given_up_ = never;
    bool end_sent_ = false;
    bool ended_ = false;
    bool reset_ = false;
};

struct connection : std::enable_shared_from_this<connection> {
    connection(stream& a, stream& b);

    /// Both sides get the error, as when the network has been away for too long.
    void fail(int error);

    world& in;
    host* hosts[2];
    stream* ends[2]; ///< nullptr: closed.
    endpoint names[2];
    channel ways[2]; ///< To each side.
    bool local;
    bool broken = false;                  ///< Reset, or given up: nothing arrives any more.
    std::shared_ptr<connection> alive[2]; ///< While something is on its way to a side.
};

} // namespace boost_selectors::simulated

#endif
