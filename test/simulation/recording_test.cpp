// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The files for people to look at: the timeline, and the packets as tcpdump reads them.

#define BOOST_TEST_MODULE recording

#include "sockets.hpp"
#include <boost/property_tree/json_parser.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <boost_selectors/simulation.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <regex>
#include <string>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
namespace data = boost::unit_test::data;
using boost::property_tree::ptree;
using boost_selectors::simulation;
using namespace simulation_test;

namespace {

/// A file that is removed at the end.
struct scratch_file {
    std::string name = "recording_test." + std::to_string(::getpid());
    ~scratch_file() { std::remove(name.c_str()); }
};

/// A client greets a server by TCP, while the link is cut for a second, then by UDP.
void greet(simulation& world) {
    world.host("server").service([] { echo(listen_at(4000)); });
    world.host("client").run([] {
        std::this_thread::sleep_for(10ms);
        handle const s = connect_to("server", "4000");
        std::this_thread::sleep_for(1s);
        write_all(s, "hello");
        checked(::shutdown(s, SHUT_WR));
        BOOST_TEST(read_all(s) == "hello");
        resolved const at("server", "4001", SOCK_DGRAM, AF_INET);
        handle const datagrams(::socket(AF_INET, SOCK_DGRAM, 0));
        checked(static_cast<int>(
            ::sendto(datagrams, "again", 5, 0, at.first->ai_addr, at.first->ai_addrlen)));
        std::this_thread::sleep_for(1s);
    });
    world.at(500ms, [&] { world.link("client", "server").cut(); });
    world.at(1500ms, [&] { world.link("client", "server").repair(); });
    world.run();
}

std::string output_of(std::string const& command) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const pipe(
        ::popen(command.c_str(), "r"), &::pclose);
    BOOST_REQUIRE(pipe);
    std::string text;
    char some[4096];
    while (std::size_t const n = std::fread(some, 1, sizeof(some), pipe.get()))
        text.append(some, n);
    return text;
}

std::size_t count(std::string const& text, std::string const& pattern) {
    std::regex const wanted(pattern);
    return static_cast<std::size_t>(
        std::distance(std::sregex_iterator(text.begin(), text.end(), wanted), {}));
}

} // namespace

BOOST_AUTO_TEST_CASE(timeline_has_hosts_threads_arrows_and_faults) {
    scratch_file const file;
    {
        simulation world{{.trace_file = file.name}};
        greet(world);
    }
    ptree trace;
    read_json(file.name, trace);
    using track = std::pair<int, int>;
    std::map<int, std::string> hosts;
    std::map<track, double> ends;
    std::map<int, double> arrows;
    std::vector<std::string> faults;
    std::size_t arrivals = 0;
    std::size_t waits = 0;
    for (auto const& [key, e] : trace) {
        auto const kind = e.get<std::string>("ph");
        track const of{e.get<int>("pid"), e.get<int>("tid")};
        if (kind == "M" && e.get<std::string>("name") == "process_name")
            hosts[of.first] = e.get<std::string>("args.name");
        if (kind == "M")
            continue;
        auto const at = e.get<double>("ts");
        if (kind == "X") {
            // A thousandth of a nanosecond, for what the decimals lose.
            BOOST_TEST(at + 1e-6 >= ends[of]);
            ends[of] = at + e.get<double>("dur");
            waits += e.get<std::string>("name").starts_with("waits for");
        } else if (kind == "i") {
            faults.push_back(e.get<std::string>("name"));
        } else if (kind == "s") {
            arrows[e.get<int>("id")] = at;
        } else if (kind == "f") {
            ++arrivals;
            BOOST_TEST(arrows.contains(e.get<int>("id")));
            BOOST_TEST(arrows[e.get<int>("id")] <= at);
        }
    }
    BOOST_TEST(hosts[1] == "server");
    BOOST_TEST(hosts[2] == "client");
    BOOST_TEST(faults == (std::vector<std::string>{
                             "link is cut: server - client", "link is repaired: server - client"}));
    BOOST_TEST(arrivals == 8u);
    BOOST_TEST(waits >= 6u);
}

BOOST_AUTO_TEST_CASE(recording_changes_nothing) {
    scratch_file const file;
    std::vector<std::uint64_t> hashes;
    for (std::string const& name : {std::string(), file.name}) {
        simulation world{{.trace_file = name}};
        greet(world);
        hashes.push_back(world.trace_hash());
    }
    BOOST_TEST(hashes[0] == hashes[1]);
}

BOOST_AUTO_TEST_CASE(tcpdump_reads_the_packets) {
    scratch_file const file;
    {
        simulation world{{.packet_file = file.name}};
        greet(world);
    }
    auto const text = output_of(TCPDUMP " -nn -vv --nano -r " + file.name + " 2>&1");
    BOOST_TEST_MESSAGE(text);
    BOOST_TEST(count(text, R"(Flags \[S\])") == 1u);
    BOOST_TEST(count(text, R"(Flags \[S\.\])") == 1u);
    // Sent during the cut, and again after 200 and 600 ms.
    BOOST_TEST(count(text,
                   R"(10\.0\.0\.2\.\d+ > 10\.0\.0\.1\.4000: Flags \[P\.\].*seq 1:6, ack 1)") == 3u);
    BOOST_TEST(count(text,
                   R"(10\.0\.0\.1\.4000 > 10\.0\.0\.2\.\d+: Flags \[P\.\].*seq 1:6, ack 7)") == 1u);
    BOOST_TEST(count(text, "UDP, length 5") == 1u);
    BOOST_TEST(count(text, R"(\(correct\)|\[udp sum ok\])") == count(text, "proto (TCP|UDP)"));
    BOOST_TEST(count(text, "incorrect|bad cksum") == 0u);
}

BOOST_DATA_TEST_CASE(tcpdump_reads_much_data, data::make({AF_INET, AF_INET6}), family) {
    scratch_file const file;
    std::string const much(200'000, 'x');
    {
        simulation world{{.packet_file = file.name}};
        world.host("server").service([] { echo(listen_at(4000)); });
        world.host("client").run([&] {
            std::this_thread::sleep_for(10ms);
            handle const s = connect_to("server", "4000", family);
            write_all(s, much);
            std::this_thread::sleep_for(1s);
        });
        world.run();
    }
    auto const text = output_of(TCPDUMP " -nn -vv -r " + file.name + " 2>&1");
    BOOST_TEST(count(text, family == AF_INET6
                               ? R"(IP6 .*fd00::2\.\d+ > fd00::1\.4000: Flags \[S\])"
                               : R"(10\.0\.0\.2\.\d+ > 10\.0\.0\.1\.4000: Flags \[S\])") == 1u);
    BOOST_TEST(count(text, "seq 196486:200001") == 1u);
    BOOST_TEST(count(text, "incorrect|[Bb]ogus|bad") == 0u);
}

BOOST_AUTO_TEST_CASE(file_that_can_not_be_opened_is_an_error) {
    BOOST_CHECK_EXCEPTION(simulation({.trace_file = "/nonexistent/trace"}), std::system_error,
        [](std::system_error const& e) {
            return e.code() == std::errc::no_such_file_or_directory &&
                   std::string(e.what()).find("/nonexistent/trace") != std::string::npos;
        });
    // And there can be another simulation.
    simulation const world;
}

BOOST_AUTO_TEST_CASE(environment_names_the_files) {
    scratch_file const file;
    ::setenv("BOOST_SELECTORS_TRACE", file.name.c_str(), 1);
    {
        simulation world;
        greet(world);
    }
    ::unsetenv("BOOST_SELECTORS_TRACE");
    ptree trace;
    BOOST_CHECK_NO_THROW(read_json(file.name, trace));
}
