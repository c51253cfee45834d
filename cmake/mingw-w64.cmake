# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# A toolchain: from Linux to 64-bit Windows by MinGW-w64, with the tests run by Wine.

set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_FIND_ROOT_PATH /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)

# Boost's headers serve for every system; the folder must hold no other header.
set(Boost_NO_BOOST_CMAKE ON)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES BOOST_INCLUDEDIR)

find_program(wine NAMES wine64 wine PATHS /usr/lib/wine)
if(wine)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${wine})
endif()
