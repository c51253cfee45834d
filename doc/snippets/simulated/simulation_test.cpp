// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A client that must notice that its server can't be reached any more.

// tag::test[]
#include <boost/asio.hpp>
#include <boost_selectors/simulation.hpp>
#include <iostream>
#include <thread>

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

// The programs: they know nothing of the simulation.

void serve() {
    asio::io_context context;
    tcp::acceptor acceptor(context, {tcp::v4(), 4000});
    for (;;) {
        tcp::socket client = acceptor.accept();
        char byte;
        boost::system::error_code ec;
        while (asio::read(client, asio::buffer(&byte, 1), ec))
            asio::write(client, asio::buffer(&byte, 1), ec);
    }
}

// Asks the server each second. Returns after how many seconds no answer came within three.
long long watch_server() {
    asio::io_context context;
    tcp::socket server(context);
    asio::connect(server, tcp::resolver(context).resolve("server", "4000"));
    auto const start = std::chrono::steady_clock::now();
    for (;;) {
        char byte = '?';
        bool answered = false;
        asio::write(server, asio::buffer(&byte, 1));
        asio::async_read(
            server, asio::buffer(&byte, 1), [&](auto ec, std::size_t) { answered = !ec; });
        context.restart();
        context.run_for(3s);
        if (!answered)
            return (std::chrono::steady_clock::now() - start) / 1s;
        std::this_thread::sleep_for(1s);
    }
}

// The test.

int main() {
    boost_selectors::simulation world{{.seed = 7}};
    world.link("client", "server").latency(5ms, 20ms).loss(0.01);
    world.at(24h, [&] { world.link("client", "server").cut(); });
    world.host("server").service(serve);
    world.host("client").run([] {
        std::this_thread::sleep_for(1s); // Until the server listens.
        long long const seconds = watch_server();
        std::cout << "The server was gone after " << seconds / 3600 << " hours\n";
    });
    world.run();
}
// end::test[]
