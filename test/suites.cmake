# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# The core

set(core_tests core_test make_selector_test keyed_selector_test base_selector_test memory_test)
foreach(backend epoll io_uring)
  if(backend IN_LIST BOOST_SELECTORS_BACKENDS)
    list(APPEND core_tests ${backend}_test)
  endif()
endforeach()
if(WIN32)
  list(APPEND core_tests windows_test)
endif()
foreach(name IN LISTS core_tests ITEMS conformance_test)
  boost_selectors_test_program(${name} ${name}.cpp boost_selectors::selectors)
endforeach()
foreach(name IN LISTS core_tests)
  add_test(NAME ${name} COMMAND ${name})
  boost_selectors_require_success_line(${name})
endforeach()
if("${CMAKE_CROSSCOMPILING_EMULATOR}" MATCHES "qemu")
  # QEMU 7.2 aborts when the child of a process with several threads starts a thread.
  set(case a_backend_that_another_thread_was_using_is_not_used_in_a_child)
  set_tests_properties(base_selector_test PROPERTIES ENVIRONMENT "BOOST_TEST_RUN_FILTERS=!${case}")
  add_test(NAME base_selector_test.${case} COMMAND base_selector_test --run_test=${case})
  set_tests_properties(base_selector_test.${case} PROPERTIES DISABLED ON)
endif()
set(suites ${BOOST_SELECTORS_BACKENDS} default)
if(NOT WIN32)
  list(APPEND suites user)
endif()
foreach(suite IN LISTS suites)
  boost_selectors_suite(conformance ${suite} conformance_test --run_test=${suite})
endforeach()

# The Asio layer: each program runs on every backend.

if(BOOST_SELECTORS_ASIO)
  add_subdirectory(asio)
endif()
if(CMAKE_CROSSCOMPILING AND BOOST_SELECTORS_ASIO AND BOOST_SELECTORS_BUILD_EXAMPLES)
  # Here a program cannot detect by itself that parts of it were compiled for another reactor. The
  # documentation names symbols to look for. They must be absent from a program on boost_selectors,
  # and present in one on plain Asio.
  set(foreign "'asio::detail::(select_reactor|win_iocp_io_context)'")
  add_test(NAME foreign_reactor.absent
    COMMAND sh -c "! ${CMAKE_NM} -C $<TARGET_FILE:asio_echo_server> | grep -qE ${foreign}")
  add_test(NAME foreign_reactor.present
    COMMAND sh -c "${CMAKE_NM} -C $<TARGET_FILE:echo_load> | grep -qE ${foreign}")
endif()
if(BOOST_SELECTORS_BUILD_EXAMPLES AND NOT CMAKE_CROSSCOMPILING AND NOT WIN32)
  add_subdirectory(example)
endif()
