# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

find_package(boost_selectors 0.1 REQUIRED)
link_libraries(boost_selectors::asio)
