# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Installation, and the package for find_package(boost_selectors).

include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/boost_selectors)
set(targets boost_selectors)
if(BOOST_SELECTORS_ASIO)
  list(APPEND targets boost_selectors_asio)
endif()
if(TARGET boost_selectors_simulation)
  list(APPEND targets boost_selectors_simulation boost_selectors_simulation_objects)
endif()

install(TARGETS ${targets} EXPORT boost_selectors
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  OBJECTS DESTINATION ${CMAKE_INSTALL_LIBDIR}/boost_selectors
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY include/boost_selectors DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr") # As Debian has it.
  install(FILES LICENSE_1_0.txt RENAME copyright
    DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/boost-selectors-dev)
else()
  install(FILES LICENSE_1_0.txt DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()
install(EXPORT boost_selectors NAMESPACE boost_selectors:: DESTINATION ${package_dir}
  FILE boost_selectors-targets.cmake)

configure_package_config_file(cmake/boost_selectors-config.cmake.in
  ${PROJECT_BINARY_DIR}/boost_selectors-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/boost_selectors-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/boost_selectors-config.cmake
  ${PROJECT_BINARY_DIR}/boost_selectors-config-version.cmake
  cmake/boost_selectors-functions.cmake
  cmake/boost_selectors-check.cmake
  cmake/boost_selectors-conformance.cpp.in
  DESTINATION ${package_dir})

if(NOT WIN32)
  include(cmake/pkg_config.cmake)
endif()

if(NOT top_level)
  return()
endif()

# `cpack -G DEB` in the build folder, which was configured with -DCMAKE_INSTALL_PREFIX=/usr.
set(CPACK_PACKAGE_NAME boost-selectors-dev)
set(CPACK_PACKAGE_CONTACT "The boost_selectors authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE_1_0.txt)
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libboost-dev (>= 1.81) | libboost1.81-dev")
if("io_uring" IN_LIST BOOST_SELECTORS_BACKENDS)
  set(CPACK_DEBIAN_PACKAGE_DEPENDS liburing-dev)
endif()
include(CPack)
