# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Reads a vcpkg port, with stubs in place of vcpkg's functions. Checks that the sources, the features
# and the options that it names exist, and that its version is VERSION.

foreach(name vcpkg_cmake_install vcpkg_cmake_config_fixup vcpkg_fixup_pkgconfig)
  cmake_language(EVAL CODE "function(${name})\nendfunction()")
endforeach()

function(require_file path)
  if(NOT EXISTS ${path})
    message(FATAL_ERROR "the port names ${path}, which does not exist")
  endif()
endfunction()

cmake_path(GET PORT PARENT_PATH folder)
file(READ ${folder}/vcpkg.json manifest)

function(vcpkg_check_features)
  cmake_parse_arguments(arg "" "OUT_FEATURE_OPTIONS" "FEATURES" ${ARGN})
  file(READ ${source}/CMakeLists.txt build)
  while(arg_FEATURES)
    list(POP_FRONT arg_FEATURES feature option)
    string(JSON description ERROR_VARIABLE error GET "${manifest}" features ${feature} description)
    if(error OR NOT build MATCHES "option\\(${option} ")
      message(FATAL_ERROR "the port names the feature ${feature} and the option ${option}")
    endif()
  endwhile()
endfunction()

function(vcpkg_cmake_configure)
  cmake_parse_arguments(arg "" "SOURCE_PATH" "OPTIONS" ${ARGN})
  require_file(${arg_SOURCE_PATH}/CMakeLists.txt)
endfunction()

function(vcpkg_install_copyright)
  cmake_parse_arguments(arg "" "" "FILE_LIST" ${ARGN})
  require_file(${arg_FILE_LIST})
endfunction()

set(CURRENT_PACKAGES_DIR ${CMAKE_CURRENT_BINARY_DIR}/no_such_folder)
include(${PORT})

string(JSON version GET "${manifest}" version)
if(NOT version STREQUAL VERSION)
  message(FATAL_ERROR "vcpkg.json has the version ${version}, the library ${VERSION}")
endif()
