// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost/asio.hpp>
#include <functional>

/// Calls a function after some time.
void after(boost::asio::io_context& context, std::chrono::milliseconds time,
    std::function<void()> function);
