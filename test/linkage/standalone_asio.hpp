// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_LINKAGE_STANDALONE_ASIO_HPP
#define BOOST_SELECTORS_TEST_LINKAGE_STANDALONE_ASIO_HPP

#include <asio/io_context.hpp>

/// Takes ownership of the pipe end @p reader, reads a byte from it, and then sets @p arrived.
void read_byte(asio::io_context& context, int reader, bool& arrived);

#endif
