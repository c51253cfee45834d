// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost_selectors/selectors.hpp>
#include <cerrno>
#include <functional>
#include <iostream>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

using namespace boost_selectors;

int main() {
    int fds[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) == -1)
        throw std::system_error(errno, std::system_category(), "socketpair");
    auto const [server, client] = fds;
    bool done = false;

    keyed_selector<std::function<void(ready_event const&)>> selector;

    std::string unsent;
    selector.register_handle(server, event::read, [&](ready_event const& ready) {
        if (ready.readable()) {
            char bytes[4096];
            auto const n = ::recv(server, bytes, sizeof bytes, 0);
            if (n > 0)
                unsent.append(bytes, static_cast<std::size_t>(n));
        }
        auto const n = ::send(server, unsent.data(), unsent.size(), MSG_NOSIGNAL);
        if (n > 0)
            unsent.erase(0, static_cast<std::size_t>(n));
        // While something is left, nothing more is read.
        selector.modify(server, unsent.empty() ? event::read : event::write);
    });

    std::size_t received = 0;
    std::string const message(1'000'000, 'x');
    std::size_t sent = 0;
    selector.register_handle(client, event::read | event::write, [&](ready_event const& ready) {
        if (ready.writable()) {
            auto const n =
                ::send(client, message.data() + sent, message.size() - sent, MSG_NOSIGNAL);
            if (n > 0)
                sent += static_cast<std::size_t>(n);
            if (sent == message.size())
                selector.modify(client, event::read);
        }
        if (ready.readable()) {
            char bytes[4096];
            auto const n = ::recv(client, bytes, sizeof bytes, 0);
            if (n > 0)
                received += static_cast<std::size_t>(n);
            done = received == message.size();
        }
    });

    while (!done)
        for (auto [ready, callback] : selector.select())
            callback(ready);
    std::cout << received << " bytes came back\n";

    selector.unregister(server);
    selector.unregister(client);
    ::close(server);
    ::close(client);
}
