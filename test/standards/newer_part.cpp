// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A program that is linked from objects in C++17 and in C++20.

#include "echo.hpp"
#include "parts.hpp"
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <span>

static_assert(__cplusplus >= 202002L, "this part is C++20");

using namespace boost_selectors;
using standards::check;

namespace {

boost::asio::awaitable<void> wait_a_moment(bool& done) {
    boost::asio::steady_timer timer(
        co_await boost::asio::this_coro::executor, std::chrono::milliseconds(1));
    co_await timer.async_wait(boost::asio::use_awaitable);
    done = true;
}

} // namespace

int main() {
    auto const context = standards::make_context_elsewhere();
    check(standards::echo(*context, "mixed") == "mixed", "the echo");
    bool done = false;
    boost::asio::co_spawn(*context, wait_a_moment(done), [](std::exception_ptr) {});
    context->restart();
    context->run();
    check(done, "the coroutine");
    auto& selector = static_cast<selector_context&>(*context).selector();
    auto* const backend = selector.backend_as<standards::counting_backend>();
    check(backend && backend->waits() > 0, "the backend of the other part");

    boost::asio::local::stream_protocol::socket left(*context), right(*context);
    boost::asio::local::connect_pair(left, right);
    auto const bare = standards::make_selector_elsewhere();
    std::span<ready_event const> const list =
        standards::select_elsewhere(*bare, left.native_handle());
    check(list.size() == 1 && list[0].writable(), "the list of the other part");
    check(standards::walk_elsewhere(*bare) == 1, "the map in the other part");
    std::error_code ec;
    bare->unregister(right, ec);
    check(ec == error::not_registered, "the error");

    keyed_selector<int> keyed;
    keyed.register_handle(left, event::write, 5);
    check(standards::is_keyed_elsewhere(keyed, left, 5), "the keyed selector in the other part");
    std::puts("No errors detected");
}
