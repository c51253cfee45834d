// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost/asio.hpp>
#include <boost_selectors/asio.hpp>
#include <iostream>

using namespace boost_selectors;

int main() {
    boost::asio::io_context context{selector_service_maker("poll")};
    boost::asio::thread_pool pool(2, selector_service_maker("select"));

    selector_context configured{
        boost::asio::config_from_string("reactor.io_locking=0"), make_selector("poll")};
    std::cout << configured.selector().name() << '\n';
    pool.join();
}
