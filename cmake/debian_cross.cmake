# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# A toolchain: Debian's cross compiler for Linux on CMAKE_SYSTEM_PROCESSOR, which a preset sets. QEMU
# runs the tests, unless this machine's processor can.

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES CMAKE_SYSTEM_PROCESSOR)
set(CMAKE_CXX_COMPILER ${CMAKE_SYSTEM_PROCESSOR}-linux-gnu-g++)
set(CMAKE_EXE_LINKER_FLAGS_INIT -static) # Shared libraries are not where a program looks for them.
set(CMAKE_DISABLE_FIND_PACKAGE_PkgConfig ON) # It finds this machine's libraries.

if(NOT CMAKE_SYSTEM_PROCESSOR STREQUAL "i686")
  # QEMU's select() aborts on a descriptor above 1023. With this limit the tests that need more
  # descriptors are skipped, and say so.
  set(CMAKE_CROSSCOMPILING_EMULATOR prlimit --nofile=1024 qemu-${CMAKE_SYSTEM_PROCESSOR})
  if(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
    # QEMU 7.2 lets a load-acquire pass an earlier store-release, which ARM forbids: two threads that
    # each store true and then load the other one's value can both load false. Not on one processor.
    list(PREPEND CMAKE_CROSSCOMPILING_EMULATOR taskset 1)
  endif()
endif()
