// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// WebSocket++, which does not compile as C++20: an echo server and a client, with and without TLS.

#include "certificate.hpp"
#include <boost_selectors/asio.hpp>
#include <cstdio>
#include <cstdlib>
#include <websocketpp/client.hpp>
#include <websocketpp/config/asio.hpp>
#include <websocketpp/config/asio_client.hpp>
#include <websocketpp/server.hpp>

static_assert(__cplusplus < 202002L, "it does not compile as C++20");

namespace {

using websocketpp::connection_hdl;
using tls_context = websocketpp::lib::shared_ptr<boost::asio::ssl::context>;

constexpr int rounds = 100;

asio_test::certificate const& certificate() {
    static asio_test::certificate const made;
    return made;
}

void check(bool good, char const* what) {
    if (good)
        return;
    std::fprintf(stderr, "wrong: %s\n", what);
    std::exit(1);
}

template <class Endpoint>
void make_silent(Endpoint& endpoint) {
    endpoint.clear_access_channels(websocketpp::log::alevel::all);
    endpoint.clear_error_channels(websocketpp::log::elevel::all);
}

/// Exchanges messages, then closes.
/// @param set_up called with the server and the client before they start.
template <class ServerConfig, class ClientConfig, class SetUp>
void exchange(std::string const& scheme, SetUp set_up) {
    boost::asio::io_context context;
    websocketpp::server<ServerConfig> server;
    websocketpp::client<ClientConfig> client;
    make_silent(server);
    make_silent(client);
    server.init_asio(&context);
    client.init_asio(&context);
    set_up(server, client);

    server.set_message_handler([&](connection_hdl connection, auto message) {
        server.send(connection, message->get_payload(), message->get_opcode());
    });
    server.listen(boost::asio::ip::tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    server.start_accept();
    boost::system::error_code not_listening;
    auto const port = server.get_local_endpoint(not_listening).port();
    check(!not_listening, "listen");

    int answers = 0;
    bool closed = false;
    client.set_open_handler([&](connection_hdl connection) {
        client.send(connection, "0", websocketpp::frame::opcode::text);
    });
    client.set_fail_handler([](connection_hdl) { check(false, "connect"); });
    client.set_message_handler([&](connection_hdl connection, auto message) {
        check(message->get_payload() == std::to_string(answers), "the answer");
        if (++answers < rounds)
            client.send(connection, std::to_string(answers), websocketpp::frame::opcode::text);
        else
            client.close(connection, websocketpp::close::status::normal, "done");
    });
    client.set_close_handler([&](connection_hdl) {
        closed = true;
        server.stop_listening();
    });
    websocketpp::lib::error_code failed;
    auto const connection =
        client.get_connection(scheme + "://localhost:" + std::to_string(port), failed);
    check(!failed, "get_connection");
    client.connect(connection);
    context.run();
    check(answers == rounds && closed, "the exchange");
}

} // namespace

int main() {
    namespace config = websocketpp::config;
    exchange<config::asio, config::asio_client>("ws", [](auto&, auto&) {});
    exchange<config::asio_tls, config::asio_tls_client>("wss", [](auto& server, auto& client) {
        server.set_tls_init_handler([](connection_hdl) {
            return tls_context(new boost::asio::ssl::context(certificate().server_context()));
        });
        client.set_tls_init_handler([](connection_hdl) {
            return tls_context(new boost::asio::ssl::context(certificate().client_context()));
        });
    });
    boost::asio::io_context context;
    boost::asio::steady_timer timer(context);
    auto& service = boost::asio::use_service<boost_selectors::selector_service>(context);
    std::printf("on %s\nNo errors detected\n", std::string(service.selector().name()).c_str());
}
