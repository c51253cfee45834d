// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_DATAGRAM_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_DATAGRAM_HPP

// Datagrams: UDP, and local datagram sockets.

#include "network.hpp"
#include "socket.hpp"
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace boost_selectors::simulated {

class datagram final : public any_socket {
public:
    using any_socket::any_socket;

    static void connect_pair(
        std::shared_ptr<datagram> const& a, std::shared_ptr<datagram> const& b);

    outcome bind(sockaddr const* name, socklen_t size) override;
    outcome connect(sockaddr const* name, socklen_t size) override;
    outcome send(buffers from, message& m) override;
    outcome receive(buffers to, message& m) override;
    outcome shutdown(int how) override;
    void local_name(sockaddr* to, socklen_t* size) override;
    outcome peer_name(sockaddr* to, socklen_t* size) override;
    std::size_t available() const override;
    std::string describe() const override;
    void close() override;
    short events() const override;

    /// Joins a multicast group (IP_ADD_MEMBERSHIP), or leaves it.
    outcome join(ip_address const& group);
    outcome leave(ip_address const& group);

private:
    struct flight;
    struct received {
        socket_name from;
        std::vector<char> bytes;
        std::shared_ptr<std::string>
            path; ///< The name that a local sender has when it is asked for.
    };

    bool names_v4(sockaddr const* to, socklen_t size) const noexcept;
    std::optional<socket_name> read_destination(sockaddr const* to, socklen_t size) const;
    /// @param member to which socket of a group; nullptr: to the one that has the endpoint then.
    void fly(received const& r, host& to, endpoint const& at,
        std::shared_ptr<datagram> const& member = nullptr);
    void fly_to_group(received const& r, endpoint const& at);
    bool gets(endpoint const& of_group) const;
    /// @return the value of an option of IPv4 or IPv6, which is on at first.
    bool is_on(int level, int name) const;
    outcome send_locally(std::vector<char> bytes, std::optional<socket_name> const& to);
    outcome find_local(std::string const& path, std::shared_ptr<datagram>& found) const;
    /// @param p nullptr: none.
    void set_peer(std::shared_ptr<datagram> const& p);
    void disconnect();
    bool is_full() const noexcept;
    void lose_received();
    /// Those that could not send, since it was full, may try again.
    void tell_senders();
    bool takes_from(datagram const& sender) const noexcept;
    bool hears(socket_name const& from) const noexcept;
    void arrive(received r);
    void refuse(endpoint const& to);
    world& in() const noexcept;

    std::optional<socket_name> remote_;
    std::weak_ptr<datagram> peer_; ///< Of a local socket that is connected.
    std::shared_ptr<std::string> peer_path_;
    std::set<ip_address> groups_; ///< Those that it has joined.
    bool reading_ended_ = false;
    bool writing_ended_ = false;
    std::deque<received> received_;
    std::size_t received_bytes_ = 0;
    std::vector<std::weak_ptr<any_socket>> connected_; ///< Those whose peer it is.
    std::vector<std::weak_ptr<any_socket>> blocked_;   ///< Others that wait for room here.
};

} // namespace boost_selectors::simulated

#endif
