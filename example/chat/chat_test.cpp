// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// tag::first[]
#define BOOST_TEST_MODULE chat
#include "chat.hpp"
#include <boost/test/included/unit_test.hpp>
#include <boost_selectors/simulation.hpp>
#include <string>
#include <thread>

using namespace std::chrono_literals;
using boost::asio::ip::tcp;

BOOST_AUTO_TEST_CASE(all_hear_what_one_says) {
    boost_selectors::simulation world;
    world.host("server").service([] { chat::serve(4000); });
    for (char const* const name : {"ann", "bob"})
        world.host(name).run([] {
            std::this_thread::sleep_for(1s); // Until the server listens.
            tcp::iostream server("server", "4000");
            std::this_thread::sleep_for(1s); // Until both are there.
            server << "hello" << std::endl;
            for (int i = 0; i < 2; ++i) {
                std::string line;
                BOOST_REQUIRE(std::getline(server, line));
                BOOST_TEST(line == "hello");
            }
        });
    world.run();
}
// end::first[]

// tag::time[]
BOOST_AUTO_TEST_CASE(who_is_silent_for_an_hour_is_disconnected) {
    boost_selectors::simulation world;
    world.host("server").service([] { chat::serve(4000); });
    world.host("ann").run([] {
        std::this_thread::sleep_for(1s);
        tcp::iostream server("server", "4000");
        std::this_thread::sleep_for(59min);
        std::string line;
        server << "still here" << std::endl;
        BOOST_TEST(!std::getline(std::getline(server, line), line));
    });
    world.run();
    BOOST_TEST((world.now() > 1h + 59min && world.now() < 2h));
}
// end::time[]

// tag::seeds[]
void talk(std::string const& name) {
    std::this_thread::sleep_for(1s);
    tcp::iostream server("server", "4000");
    std::this_thread::sleep_for(1min); // Until all are there: packets are lost. It costs nothing.
    for (int i = 0; i < 10; ++i) {
        std::this_thread::sleep_for(10ms);
        server << name << " says " << i << std::endl;
    }
    for (int i = 0; i < 30; ++i) {
        std::string line;
        BOOST_REQUIRE(std::getline(server, line));
        BOOST_TEST_INFO("heard: " << line);
        BOOST_TEST_REQUIRE(line.size() == std::string("ann says 0").size());
    }
}

BOOST_AUTO_TEST_CASE(lines_stay_whole) {
    auto const found = boost_selectors::explore(1000, [](std::uint64_t seed) {
        boost_selectors::simulation world{{.seed = seed}};
        world.chaos(1);
        world.host("server").service([] { chat::serve(4000); });
        for (char const* const name : {"ann", "bob", "eve"}) {
            world.host(name).run([name] { talk(name); });
            world.link(name, "server").latency(5ms, 50ms).loss(0.05);
        }
        world.run();
    });
    BOOST_TEST(found.failed.empty());
}
// end::seeds[]
