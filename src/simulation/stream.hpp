// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_STREAM_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_STREAM_HPP

// Sockets of connections: TCP, and local stream sockets.

#include "channel.hpp"
#include "network.hpp"
#include "socket.hpp"
#include <deque>
#include <memory>
#include <vector>

namespace boost_selectors::simulated {

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
    std::string describe() const override;
    void close() override;
    void vanish() override;
    short events() const override;
    bool at_mark() const override;

    void fail(int error);
    bool is_listening() const noexcept override { return state_ == state::listening; }

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
        std::uint64_t number = 0; ///< Of the last packet, for the recording.
        instant give_up = never;
    };

    outcome connect_locally(sockaddr const* name, socklen_t size);
    outcome start_again();
    outcome send_urgent(buffers from);
    outcome receive_urgent(buffers to, message& m);
    void go_on_connecting();
    void reset_waiting();
    void tell_blocked();
    bool send_request();
    stream* listener() const;
    std::shared_ptr<stream> make_peer(stream& at);
    world& in() const noexcept;
    channel& incoming() const noexcept { return connection_->ways[side_]; }
    channel& outgoing() const noexcept { return connection_->ways[1 - side_]; }

    state state_ = state::fresh;
    socket_name remote_;
    std::shared_ptr<std::string> peer_path_;
    bool just_connected_ = false; ///< connect() has not said so yet.
    bool reading_ended_ = false;  ///< shutdown(SHUT_RD)
    bool writing_ended_ = false;  ///< shutdown(SHUT_WR)
    std::size_t backlog_ = 0;
    std::deque<std::shared_ptr<stream>> accepted_;
    std::vector<std::weak_ptr<any_socket>> blocked_; ///< Local ones that wait to be among these.
    std::shared_ptr<connection> connection_;
    int side_ = 0;
    opening opening_{*this};
    std::shared_ptr<stream> waiting_peer_; ///< The other side, until it can be accepted.
};

} // namespace boost_selectors::simulated

#endif
