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

install(TARGETS ${targets} EXPORT boost_selectors
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY include/boost_selectors DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT boost_selectors NAMESPACE boost_selectors:: DESTINATION ${package_dir}
  FILE boost_selectors-targets.cmake)

configure_package_config_file(cmake/boost_selectors-config.cmake.in
  ${PROJECT_BINARY_DIR}/boost_selectors-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/boost_selectors-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/boost_selectors-config.cmake
  ${PROJECT_BINARY_DIR}/boost_selectors-config-version.cmake
  DESTINATION ${package_dir})
