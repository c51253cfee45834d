// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <boost_selectors/asio.hpp>
#include <cstdlib>
#include <iostream>

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::asio::awaitable;
using boost::asio::detached;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;

awaitable<void> answer(beast::tcp_stream stream, std::string text) {
    try {
        beast::flat_buffer buffer;
        for (bool again = true; again;) {
            stream.expires_after(std::chrono::seconds(30));
            http::request<http::empty_body> request;
            co_await http::async_read(stream, buffer, request, use_awaitable);

            http::response<http::string_body> response(http::status::ok, request.version(), text);
            response.keep_alive(again = request.keep_alive());
            response.prepare_payload();
            co_await http::async_write(stream, response, use_awaitable);
        }
    } catch (boost::system::system_error const&) { // The client is gone, or too slow.
    }
}

awaitable<void> serve(tcp::acceptor acceptor, std::string text) {
    for (;;) {
        auto socket = co_await acceptor.async_accept(use_awaitable);
        co_spawn(
            acceptor.get_executor(), answer(beast::tcp_stream(std::move(socket)), text), detached);
    }
}

int main(int argc, char* argv[]) {
    auto const port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 5000);
    boost_selectors::selector_context context;
    std::string const text = "served on " + std::string(context.selector().name()) + '\n';
    std::cout << text << std::flush;
    co_spawn(
        context, serve({context, {boost::asio::ip::address_v4::loopback(), port}}, text), detached);
    context.run();
}
