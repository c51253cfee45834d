// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A server that answers after an hour.

#include <boost_selectors/selectors.hpp>
#include <boost_selectors/simulation.hpp>
#include <chrono>
#include <iostream>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;

sockaddr_in const server_address = [] {
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_port = htons(4000);
    a.sin_addr.s_addr = htonl(0x0a000001); // 10.0.0.1, the first host.
    return a;
}();
auto const* const server = reinterpret_cast<sockaddr const*>(&server_address);

void require(bool condition, char const* what) {
    if (!condition)
        throw std::runtime_error(what);
}

void answer_late() {
    int const s = ::socket(AF_INET, SOCK_DGRAM, 0);
    require(::bind(s, server, sizeof(server_address)) == 0, "bind");
    char question;
    sockaddr_in from{};
    socklen_t size = sizeof(from);
    require(::recvfrom(s, &question, 1, 0, reinterpret_cast<sockaddr*>(&from), &size) == 1, "recv");
    std::this_thread::sleep_for(1h);
    require(::sendto(s, &question, 1, 0, reinterpret_cast<sockaddr*>(&from), size) == 1, "send");
    ::close(s);
}

void ask() {
    std::this_thread::sleep_for(1s); // Until the server listens.
    auto const start = std::chrono::steady_clock::now();
    int const s = ::socket(AF_INET, SOCK_DGRAM, 0);
    require(::sendto(s, "?", 1, 0, server, sizeof(server_address)) == 1, "send");
    auto const selector = boost_selectors::make_selector();
    require(selector->name() == "simulation", "another selector is the default one");
    selector->register_handle(s, boost_selectors::event::read);
    require(selector->select(2h).size() == 1, "no answer came");
    auto const time = std::chrono::steady_clock::now() - start;
    require(time > 1h && time < 1h + 1min, "it did not take an hour");
    ::close(s);
}

} // namespace

int main() {
    try {
        auto const start = std::chrono::steady_clock::now();
        boost_selectors::simulation world;
        world.host("server").run(answer_late);
        world.host("client").run(ask);
        world.run();
        require(world.now() > 1h, "the world's clock");
        require(std::chrono::steady_clock::now() - start < 1min, "it took real time");
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
