// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_STREAM_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_STREAM_HPP

// Connections: TCP, and local stream sockets.

#include "network.hpp"
#include "socket.hpp"
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace boost_selectors::simulated {

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
    struct packet {
        instant at;
        std::size_t size;
        kind what;
        char byte = 0; ///< The urgent one.
    };

    void send(kind what, std::size_t size, char byte = 0);
    void arrive(packet const& p);

    connection& of_;
    int const to_;
    std::string bytes_; ///< Those on their way, too.
    std::size_t begin_ = 0;
    std::size_t arrived_ = 0;
    std::optional<char> urgent_; ///< Arrived, not yet read.
    bool marked_ = false;
    std::size_t before_mark_ = 0; ///< Bytes to be read before the urgent one's place.
    std::deque<packet> transit_;
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
    channel ways[2]; ///< To each side.
    bool local;
    bool broken = false;                  ///< Reset, or given up: nothing arrives any more.
    std::shared_ptr<connection> alive[2]; ///< While something is on its way to a side.
};

class stream final : public any_socket {
public:
    using any_socket::any_socket;
    ~stream() override;

    static void connect_pair(std::shared_ptr<stream> const& a, std::shared_ptr<stream> const& b);

    outcome bind(sockaddr const* name, socklen_t size) override;
    outcome connect(sockaddr const* name, socklen_t size) override;
    outcome listen(int backlog) override;
    outcome accept(std::shared_ptr<any_socket>& accepted) override;
    outcome send(buffers from, message& m) override;
    outcome receive(buffers to, message& m) override;
    outcome shutdown(int how) override;
    void local_name(sockaddr* to, socklen_t* size) override;
    outcome peer_name(sockaddr* to, socklen_t* size) override;
    std::size_t available() const override;
    void close() override;
    void vanish() override;
    short events() const override;
    bool at_mark() const override;

    void fail(int error);
    bool is_listening() const noexcept { return state_ == state::listening; }

private:
    enum class state { fresh, listening, connecting, connected, failed };

    /// A connection being made, at the side that asks for it.
    struct opening final : timed {
        explicit opening(stream& s)
            : of(s) {}

        void due() override { of.go_on_connecting(); }

        stream& of;
        enum class step { request, answer, refusal, acceptance } next = step::request;
        unsigned attempts = 0;
        instant give_up = never;
    };

    outcome connect_locally();
    void give_name_back();
    outcome send_urgent(buffers from);
    outcome receive_urgent(buffers to, message& m);
    void go_on_connecting();
    bool send_request();
    stream* listener() const;
    std::shared_ptr<stream> make_peer(stream& at);
    world& in() const noexcept;
    channel& incoming() const noexcept { return connection_->ways[side_]; }
    channel& outgoing() const noexcept { return connection_->ways[1 - side_]; }

    state state_ = state::fresh;
    socket_name local_;
    socket_name remote_;
    bool bound_ = false;
    bool reading_ended_ = false; ///< shutdown(SHUT_RD)
    std::size_t backlog_ = 0;
    std::deque<std::shared_ptr<stream>> accepted_;
    std::shared_ptr<connection> connection_;
    int side_ = 0;
    opening opening_{*this};
    std::shared_ptr<stream> waiting_peer_; ///< The other side, until it can be accepted.
};

} // namespace boost_selectors::simulated

#endif
