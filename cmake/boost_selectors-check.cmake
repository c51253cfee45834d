# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Whether FILE, looked at by NM, has code of a reactor of Asio's own.

execute_process(COMMAND ${NM} --demangle --defined-only --print-file-name ${FILE}
  OUTPUT_VARIABLE symbols ERROR_VARIABLE error RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "boost_selectors_check: ${error}")
endif()
set(reactor "boost::asio::([a-zA-Z0-9_]+::)?detail::((epoll|kqueue|select|dev_poll)_reactor|win_iocp_io_context|\
io_uring_socket_service)[:<]")
if(symbols MATCHES "${reactor}")
  set(name ${CMAKE_MATCH_2})
  # A symbol's line begins with the file's name; in an archive, the object file's comes then.
  string(REGEX MATCHALL "[^\n:]+: ?[0-9a-f]+ [^\n]*${reactor}" objects "${symbols}")
  list(TRANSFORM objects REPLACE ":.*" "")
  list(REMOVE_DUPLICATES objects)
  list(REMOVE_ITEM objects ${FILE})
  list(JOIN objects " and " objects)
  if(objects)
    string(PREPEND objects ", in ")
  endif()
  message(FATAL_ERROR "error: boost_selectors_check: parts of ${FILE} were compiled with Boost.Asio's \
own ${name}${objects}. Link boost_selectors::asio to every target that includes Boost.Asio.")
elseif(symbols STREQUAL "")
  message(FATAL_ERROR "error: boost_selectors_check: ${FILE} has no symbols to look at")
endif()
