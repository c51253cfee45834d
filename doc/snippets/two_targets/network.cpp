// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "network.hpp"
#include <memory>
#include <utility>

void after(boost::asio::io_context& context, std::chrono::milliseconds time,
    std::function<void()> function) {
    auto const timer = std::make_shared<boost::asio::steady_timer>(context, time);
    timer->async_wait(
        [timer, function = std::move(function)](boost::system::error_code) { function(); });
}
