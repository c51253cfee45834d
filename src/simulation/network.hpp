// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_NETWORK_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_NETWORK_HPP

// The hosts' addresses and ports, and the links between hosts.

#include "address.hpp"
#include "packet.hpp"
#include "socket.hpp"
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace boost_selectors::simulated {

class world;
struct connection;

/// The way from one host to another, both directions.
struct link {
    host const* ends[2]{};
    instant least_latency{std::chrono::microseconds(500)};
    instant most_latency{std::chrono::milliseconds(2)};
    double loss = 0;             ///< Of a packet, from 0 to 1.
    double duplication = 0;      ///< Of a datagram.
    std::uint64_t bandwidth = 0; ///< Bytes a second, 0: no limit.
    bool cut = false;            ///< Nothing passes.
    /// By chance, besides what the test wants.
    struct fault {
        bool cut = false;
        double loss = 0;
        instant least_latency{0};
        instant most_latency{0};
    } chance;
    bool held = false;           ///< What passes waits ...
    std::vector<timed*> waiting; ///< ... here.
    instant free[2]{};           ///< When the last packet of a direction has been sent.
    instant last_arrival{};      ///< Of a link of a host to itself.
};

class network {
public:
    explicit network(world& w)
        : in_(w) {}

    link& between(host const& a, host const& b);

    /// The host that has the address, as seen from @p from.
    host* find_host(host& from, ip_address const& a);
    host* find_host(std::string_view name);
    /// Whether a socket of the host may have that address.
    bool is_own(host const& h, ip_address const& a) const noexcept;
    /// Whether what is sent from one to the other is lost.
    bool is_cut(host const& a, host const& b);
    /// Whether it has to wait; then @p t is put on the timeline when it need not any more.
    bool is_held(host const& a, host const& b, timed& t);
    void release(link& l);
    /// It will not happen, not even after release().
    void cancel(timed& t) noexcept;
    void repair();
    void note(std::shared_ptr<connection> const& c);
    /// The open sockets of the host, a line each.
    std::vector<std::string> describe_sockets(host const& h) const;
    /// All connections between the two hosts.
    void reset(host const& a, host const& b);
    void end_host(host& h, bool peers_are_told);
    /// Gives all descriptors back.
    void close_all();
    /// Whether something happens that does so with that probability.
    bool happens(double probability);
    ip_address address_of(host const& h, int domain) const noexcept;
    /// The source address of a packet to @p to.
    ip_address source(host const& from, ip_address const& to, int domain) const noexcept;

    /// @param may whether its state allows it.
    outcome bind(any_socket& s, sockaddr const* name, socklen_t size, bool may = true);
    /// Does nothing if the socket is bound.
    outcome bind_to_any_port(any_socket& s, ip_address const& a);
    void unbind(any_socket& s) noexcept;
    /// The error if the socket can't send there: an IPv6 socket may be bound to addresses of one kind.
    outcome check_family(any_socket const& s, ip_address const& to) const noexcept;
    /// The local socket that is bound to the path, for a socket of the type.
    /// @return 0, or the negative error number.
    outcome find_path(host const& h, int type, std::string const& path, any_socket*& found) const;

    /// When a packet that is sent now arrives.
    /// @param number is set for note_arrival().
    /// @return nullopt: never, it is lost.
    std::optional<instant> send(packet const& p, std::uint64_t& number);
    /// Records a packet that was sent otherwise.
    /// @return its number.
    std::uint64_t note(packet const& p, bool lost);
    void note_arrival(host const& to, std::uint64_t number);

    /// Ports of one protocol. A port belongs to one socket of a host, or to one for each address.
    class ports {
    public:
        /// Takes the port, one that is free if it is 0.
        /// @return 0, or the negative error number.
        outcome take(world& w, any_socket& s, endpoint& e);
        /// Whether another socket has the port, or listens there if the socket is to listen, too.
        bool is_taken(any_socket const& s, ip_address const& a, std::uint16_t port,
            bool to_listen = false) const noexcept;
        void give_back(any_socket& s, endpoint const& e) noexcept;
        /// The socket keeps its port.
        void change_address(any_socket& s, ip_address const& a) noexcept;
        /// The socket that gets what is sent to the endpoint.
        /// @param listening of those that listen.
        any_socket* find(host const& h, endpoint const& e, bool listening = false) const noexcept;
        /// All that could get it, as those of a group do.
        std::vector<any_socket*> all(host const& h, endpoint const& e) const;

    private:
        std::multimap<std::pair<std::uint32_t, std::uint16_t>, std::pair<ip_address, any_socket*>>
            taken_;
    };

    std::int64_t next_id() noexcept { return ++ids_; }

    ports tcp;
    ports udp;
    socket_table sockets;
    /// How many sockets of a host have joined a multicast group, by group and host.
    std::map<std::pair<ip_address, std::uint32_t>, unsigned> members;

private:
    std::optional<instant> arrival(host const& from, host const& to, std::size_t size);
    ports& ports_of(any_socket const& s) noexcept { return s.type == SOCK_STREAM ? tcp : udp; }

    world& in_;
    std::int64_t ids_ = 0;
    unsigned autobound_ = 0;
    /// Local sockets by host, type and path. Files have no type, while each type has abstract names of
    /// its own (unix(7)). nullptr: closed, but the file is still there.
    using path_key = std::tuple<std::uint32_t, int, std::string>;
    static path_key key_of(host const& h, int type, std::string const& path);
    std::map<path_key, any_socket*> paths_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, link> links_;
    std::vector<std::weak_ptr<connection>> connections_; ///< Those that may be open.
    std::size_t most_connections_ = 64;                  ///< Then the closed ones are forgotten.
};

} // namespace boost_selectors::simulated

#endif
