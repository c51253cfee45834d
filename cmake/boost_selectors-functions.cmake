# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# What the CMake package offers besides its targets.

# boost_selectors_check(<target>)
#
# The build of <target>, a program or a library, fails if code of it was compiled with a reactor of
# Asio's own, that is without boost_selectors::asio. The output names the object files; a linked file
# does not, so the linker does. What a shared library that it links holds is not looked at.
function(boost_selectors_check target)
  if(NOT APPLE AND NOT MSVC)
    foreach(reactor 13epoll_reactor 14kqueue_reactor 14select_reactor 16dev_poll_reactor)
      # The virtual table, which nothing of ours refers to: in a good program this says nothing.
      target_link_options(${target} PRIVATE
        LINKER:--trace-symbol=_ZTVN5boost4asio6detail${reactor}E)
    endforeach()
  endif()
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -DNM=${CMAKE_NM} -DFILE=$<TARGET_FILE:${target}>
      -P ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/boost_selectors-check.cmake
    VERBATIM)
endfunction()

# boost_selectors_add_conformance_test(<name> HEADER <file> SELECTOR <class>
#   [ARGUMENTS <text>] [LIBRARIES <target>...])
#
# A program and a test <name> that puts the class, a selector or a backend that the header defines,
# through the conformance suite. ARGUMENTS is what stands between the parentheses of its constructor:
# one text of C++, such as [[42, boost_selectors::make_backend("poll")]]. Needs Boost.Test's headers.
function(boost_selectors_add_conformance_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADER;SELECTOR;ARGUMENTS" "LIBRARIES")
  foreach(needed HEADER SELECTOR)
    if(NOT arg_${needed})
      message(FATAL_ERROR "boost_selectors_add_conformance_test(${name}): ${needed} is missing")
    endif()
  endforeach()
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR
      "boost_selectors_add_conformance_test(${name}): unknown: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  find_package(Boost 1.81 REQUIRED)
  get_filename_component(header ${arg_HEADER} ABSOLUTE)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/boost_selectors-conformance.cpp.in ${source} @ONLY)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE boost_selectors::selectors Boost::headers ${arg_LIBRARIES})
  target_compile_features(${name} PRIVATE cxx_std_20)
  add_test(NAME ${name} COMMAND ${name})
endfunction()
