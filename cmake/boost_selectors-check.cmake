# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Whether FILE, looked at by NM, has code of a reactor of Asio's own.

execute_process(COMMAND ${NM} --demangle --defined-only ${FILE}
  OUTPUT_VARIABLE symbols ERROR_VARIABLE error RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "boost_selectors_check: ${error}")
endif()
set(reactor "boost::asio::([a-zA-Z0-9_]+::)?detail::((epoll|kqueue|select|dev_poll)_reactor|win_iocp_io_context|\
io_uring_socket_service)[:<]")
if(symbols MATCHES "${reactor}")
  message(FATAL_ERROR "error: boost_selectors_check: parts of ${FILE} were compiled with Boost.Asio's \
own ${CMAKE_MATCH_2}. Link boost_selectors::asio to every target that includes Boost.Asio.")
elseif(symbols STREQUAL "")
  message(FATAL_ERROR "error: boost_selectors_check: ${FILE} has no symbols to look at")
endif()
