# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# An overlay port, for sources that lie where this file does:
#   vcpkg install boost-selectors --overlay-ports=packaging/vcpkg

get_filename_component(source "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

vcpkg_check_features(OUT_FEATURE_OPTIONS features
  FEATURES
    asio BOOST_SELECTORS_ASIO
    io-uring BOOST_SELECTORS_IO_URING
    simulation BOOST_SELECTORS_SIMULATION)
vcpkg_cmake_configure(
  SOURCE_PATH "${source}"
  OPTIONS ${features} -DBUILD_TESTING=OFF -DBOOST_SELECTORS_BUILD_EXAMPLES=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME boost_selectors CONFIG_PATH lib/cmake/boost_selectors)
vcpkg_fixup_pkgconfig()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include")
vcpkg_install_copyright(FILE_LIST "${source}/LICENSE_1_0.txt")
