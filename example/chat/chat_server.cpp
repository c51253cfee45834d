// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// chat_server PORT; talk to it by telnet or nc.

#include "chat.hpp"
#include <charconv>
#include <cstring>
#include <exception>
#include <iostream>

int main(int argc, char** argv) {
    unsigned short port = 0;
    char const* const text = argc == 2 ? argv[1] : "";
    auto const [end, ec] = std::from_chars(text, text + std::strlen(text), port);
    if (ec != std::errc() || *end) {
        std::cerr << "usage: chat_server PORT\n";
        return 2;
    }
    try {
        chat::serve(port);
    } catch (std::exception const& e) {
        std::cerr << "chat_server: " << e.what() << '\n';
    }
    return 1;
}
