// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A library that uses standalone Asio, compiled without boost_selectors::asio.

#include "standalone_asio.hpp"
#include <asio/buffer.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <memory>

void read_byte(asio::io_context& context, int reader, bool& arrived) {
    auto const pipe = std::make_shared<asio::posix::stream_descriptor>(context, reader);
    static char byte;
    pipe->async_read_some(asio::buffer(&byte, 1),
        [pipe, &arrived](asio::error_code ec, std::size_t n) { arrived = !ec && n == 1; });
}
