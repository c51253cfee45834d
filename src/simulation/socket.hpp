// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_SOCKET_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_SOCKET_HPP

// What the sockets of a world have in common.
//
// Their functions never wait. They return what the system call returns, or the negative error number;
// -EAGAIN where the caller may wait for a change of the socket.

#include "address.hpp"
#include "timeline.hpp"
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <sys/uio.h>
#include <utility>
#include <vector>

namespace boost_selectors::simulated {

struct host;
class any_socket;

/// Somebody who wants to know when a socket changes: a selector, or a thread in poll().
class watcher {
public:
    virtual void changed(any_socket& s) = 0;

protected:
    ~watcher() = default;
};

/// The buffers of a call.
struct buffers {
    iovec const* first;
    std::size_t count;

    std::size_t size() const noexcept;
};

/// What a message has besides its bytes. A socket's name is an endpoint, or a path of local sockets.
struct message {
    sockaddr* name = nullptr;
    socklen_t* name_size = nullptr;
    int flags = 0; ///< For the call; after it, those of the message (MSG_TRUNC).
};

using outcome = std::int64_t;

class any_socket : public std::enable_shared_from_this<any_socket> {
public:
    any_socket(host& h, int domain, int type, int protocol);
    virtual ~any_socket() = default;
    any_socket(any_socket const&) = delete;
    any_socket& operator=(any_socket const&) = delete;

    virtual outcome bind(sockaddr const* name, socklen_t size) = 0;
    virtual outcome connect(sockaddr const* name, socklen_t size) = 0;
    virtual outcome listen(int backlog);
    virtual bool is_listening() const noexcept { return false; }
    /// @param accepted is set if it returns 0.
    virtual outcome accept(std::shared_ptr<any_socket>& accepted);
    virtual outcome send(buffers from, message& m) = 0;
    virtual outcome receive(buffers to, message& m) = 0;
    virtual outcome shutdown(int how) = 0;
    virtual void local_name(sockaddr* to, socklen_t* size) = 0;
    virtual outcome peer_name(sockaddr* to, socklen_t* size) = 0;
    /// The bytes that can be read at once (FIONREAD).
    virtual std::size_t available() const = 0;
    /// Whether the read position is at the urgent mark (SIOCATMARK).
    virtual bool at_mark() const { return false; }
    /// What it is and where it is bound, for people.
    virtual std::string describe() const = 0;
    /// The last descriptor is gone.
    virtual void close() = 0;
    /// As close() of a host without power: nobody is told.
    virtual void vanish() {}
    /// The events of poll(2) that are true now.
    virtual short events() const = 0;

    /// Wakes all who wait for it.
    void change();
    void watch(watcher& w) { watchers_.push_back(&w); }
    void unwatch(watcher& w) noexcept;

    /// What accept() gives has the options of the socket that listens.
    void inherit_options(any_socket const& from);

    /// SO_ERROR.
    int take_error() noexcept { return std::exchange(error_, 0); }
    /// For one that another call is to get.
    void put_error_back(int error) noexcept { error_ = error; }

    // A call that waits keeps a socket open whose last descriptor is closed meanwhile.
    void begin_call() noexcept { ++calls_; }
    void end_call() {
        if (--calls_ == 0 && descriptors == 0)
            close();
    }
    /// Those calls never end: their threads have been stopped.
    void forget_calls() {
        if (std::exchange(calls_, 0) > 0 && descriptors == 0)
            close();
    }
    void last_descriptor_closed() {
        if (calls_ == 0)
            close();
    }

    host& owner;
    int const domain;
    int const type;
    int const protocol;
    std::int64_t const id; ///< By the world's numbering, which the trace has.
    socket_name local;     ///< Its own name, if it is bound.
    /// A local socket's, which its peer tells as long as it has it.
    std::shared_ptr<std::string> const path = std::make_shared<std::string>();
    bool bound = false;
    bool names_port = false;    ///< bind() was given a port, and not 0 ...
    bool names_address = false; ///< ... and an address that is no wildcard.
    unsigned descriptors = 1;   ///< Those that dup() has made, too.
    bool non_blocking = false;
    bool reuse_address = false;
    bool reuse_port = false;
    bool v6_only = false;
    bool broadcast = false;
    int linger = -1;            ///< In seconds, -1: off.
    instant receive_timeout{0}; ///< Zero: none.
    instant send_timeout{0};
    std::map<std::pair<int, int>, std::vector<char>> options; ///< As set, by level and name.

protected:
    int error_ = 0;

private:
    std::vector<watcher*> watchers_;
    unsigned calls_ = 0; ///< That are in progress.
};

/// All sockets, by descriptor. Each has the number of a real descriptor, which nobody else gets.
class socket_table {
public:
    /// @return the descriptor, or the negative error number.
    outcome add(std::shared_ptr<any_socket> s, bool close_on_exec);
    /// Another descriptor for it, which a real dup() has made.
    void add_descriptor(int fd, std::shared_ptr<any_socket> s);
    /// @return nullptr: it is none of the world's.
    any_socket* find(int fd) const noexcept {
        auto const i = static_cast<std::size_t>(fd);
        return i < sockets_.size() ? sockets_[i].get() : nullptr;
    }
    std::shared_ptr<any_socket> share(int fd) const;
    bool has_room(host const& h) const noexcept;
    std::vector<int> of(host const& h) const;
    /// The number is given back by the caller, who closes the real descriptor.
    void remove(int fd);

private:
    void put(int fd, std::shared_ptr<any_socket> s);

    std::vector<std::shared_ptr<any_socket>> sockets_;
};

} // namespace boost_selectors::simulated

#endif
