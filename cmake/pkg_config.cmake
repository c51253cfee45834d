# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# The same for pkg-config: boost_selectors, boost_selectors-asio for Boost.Asio, and
# boost_selectors-simulation.

# boost_selectors_flags(<variable> <prefix> <item>...): " -DA -DB"
function(boost_selectors_flags variable prefix)
  list(TRANSFORM ARGN PREPEND " ${prefix}")
  list(JOIN ARGN "" text)
  set(${variable} "${text}" PARENT_SCOPE)
endfunction()

set(folder ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH prefix_from_here /${folder} /)
get_target_property(definitions boost_selectors INTERFACE_COMPILE_DEFINITIONS)
if(NOT definitions)
  set(definitions)
endif()
boost_selectors_flags(definitions -D ${definitions})
set(private_libraries ${CMAKE_THREAD_LIBS_INIT})
set(private_packages)
if("io_uring" IN_LIST BOOST_SELECTORS_BACKENDS)
  list(APPEND private_packages liburing)
endif()
if(libkqueue_FOUND)
  list(APPEND private_packages libkqueue)
endif()
list(JOIN private_packages ", " private_packages)
boost_selectors_flags(private_libraries "" ${private_libraries})
get_target_property(type boost_selectors TYPE)
set(libraries)
set(packages)
if(type STREQUAL "STATIC_LIBRARY") # There is no other, so nobody shall need `--static` for it.
  set(libraries ${private_libraries})
  set(packages ${private_packages})
endif()
configure_file(cmake/boost_selectors.pc.in ${PROJECT_BINARY_DIR}/boost_selectors.pc @ONLY)
set(files ${PROJECT_BINARY_DIR}/boost_selectors.pc)

if(BOOST_SELECTORS_ASIO)
  get_target_property(definitions boost_selectors_asio INTERFACE_COMPILE_DEFINITIONS)
  boost_selectors_flags(definitions -D ${definitions})
  boost_selectors_flags(libraries -l ${CMAKE_DL_LIBS})
  configure_file(cmake/boost_selectors-asio.pc.in ${PROJECT_BINARY_DIR}/boost_selectors-asio.pc @ONLY)
  list(APPEND files ${PROJECT_BINARY_DIR}/boost_selectors-asio.pc)
endif()
if(TARGET boost_selectors_simulation)
  configure_file(cmake/boost_selectors-simulation.pc.in
    ${PROJECT_BINARY_DIR}/boost_selectors-simulation.pc @ONLY)
  list(APPEND files ${PROJECT_BINARY_DIR}/boost_selectors-simulation.pc)
endif()
install(FILES ${files} DESTINATION ${folder})
