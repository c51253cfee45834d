// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A program in C++17 with common Asio operations, on the backend that the environment names.

#include "echo.hpp"
#include <atomic>
#include <csignal>
#include <future>
#include <vector>

static_assert(__cplusplus < 202002L, "this program is C++17");

namespace asio = boost::asio;
using boost::system::error_code;
using standards::check;

namespace {

void threads_and_strands() {
    asio::thread_pool pool(3);
    auto strand = asio::make_strand(pool);
    int count = 0;
    std::vector<std::unique_ptr<asio::steady_timer>> timers;
    for (int i = 0; i < 50; ++i) {
        timers.push_back(
            std::make_unique<asio::steady_timer>(pool, std::chrono::microseconds(50 * i)));
        timers.back()->async_wait(asio::bind_executor(strand, [&](error_code ec) {
            check(!ec, "a timer");
            ++count; // Guarded by the strand.
        }));
    }
    pool.join();
    check(count == 50, "all timers");
}

void datagrams() {
    asio::io_context context;
    asio::ip::udp::socket receiver(context, {asio::ip::address_v4::loopback(), 0});
    asio::ip::udp::socket sender(context, asio::ip::udp::v4());
    char bytes[16];
    asio::ip::udp::endpoint from;
    std::size_t received = 0;
    receiver.async_receive_from(asio::buffer(bytes), from, [&](error_code ec, std::size_t n) {
        check(!ec, "receive_from");
        received = n;
    });
    asio::post(
        context, [&] { sender.send_to(asio::buffer("four", 4), receiver.local_endpoint()); });
    context.run();
    check(received == 4, "a datagram");
}

void signals() {
    asio::io_context context;
    asio::signal_set set(context, SIGUSR1);
    int signal = 0;
    set.async_wait([&](error_code ec, int number) {
        check(!ec, "a signal");
        signal = number;
    });
    asio::post(context, [] { std::raise(SIGUSR1); });
    context.run();
    check(signal == SIGUSR1, "the signal's number");
}

void names() {
    asio::io_context context;
    asio::ip::tcp::resolver resolver(context);
    bool resolved = false;
    resolver.async_resolve("127.0.0.1", "80",
        [&](error_code ec, auto const& results) { resolved = !ec && !results.empty(); });
    context.run();
    check(resolved, "a name");
}

void cancellation() {
    asio::io_context context;
    asio::ip::udp::socket socket(context, {asio::ip::address_v4::loopback(), 0});
    error_code result;
    socket.async_wait(socket.wait_read, [&](error_code ec) { result = ec; });
    asio::post(context, [&] { socket.cancel(); });
    context.run();
    check(result == asio::error::operation_aborted, "a cancellation");
}

void futures() {
    asio::io_context context;
    asio::steady_timer timer(context, std::chrono::milliseconds(1));
    std::future<void> const done = timer.async_wait(asio::use_future);
    context.run();
    check(done.wait_for(std::chrono::seconds(0)) == std::future_status::ready, "a future");
}

} // namespace

int main() {
    asio::io_context context;
    check(standards::echo(context, "older") == "older", "the echo");
    auto& service = asio::use_service<boost_selectors::selector_service>(context);
    std::printf("on %s\n", std::string(service.selector().name()).c_str());
    threads_and_strands();
    datagrams();
    signals();
    names();
    cancellation();
    futures();
    std::puts("No errors detected");
}
