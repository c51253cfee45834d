// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost_selectors/selectors.hpp>
#include <iostream>
#include <unistd.h>

using namespace boost_selectors;

int main() {
    int fds[2];
    if (::pipe(fds) == -1)
        return 1;
    default_selector selector;
    selector.register_handle(fds[0], event::read);

    try { // One form throws ...
        selector.register_handle(fds[0], event::read);
    } catch (std::system_error const& e) {
        if (e.code() == error::already_registered)
            std::cout << "thrown: " << e.code().message() << '\n';
    }

    std::error_code ec; // ... the other one tells.
    selector.unregister(fds[1], ec);
    std::cout << "told: " << ec.message() << '\n';

    ::close(fds[1]);
    selector.register_handle(fds[1], event::write, nullptr, ec);
    if (ec == std::errc::bad_file_descriptor) // The system's errors are as they are.
        std::cout << "told: " << ec.message() << '\n';

    selector.unregister(fds[0]);
    ::close(fds[0]);
}
