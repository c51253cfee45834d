# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# boost_selectors::asio: what makes all of a program's Boost.Asio run on selectors.

add_library(boost_selectors_asio INTERFACE)
add_library(boost_selectors::asio ALIAS boost_selectors_asio)
set_target_properties(boost_selectors_asio PROPERTIES EXPORT_NAME asio)
target_link_libraries(boost_selectors_asio INTERFACE boost_selectors)

# The overlay must be found before Boost's own headers.
set(overlay boost_selectors/asio/overlay)
target_include_directories(boost_selectors_asio BEFORE INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include/${overlay}>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/${overlay}>)

# Where it is not, the program shall not compile. These are the include guards of the reactors that
# the overlay replaces, so Boost's own headers find none of them.
foreach(reactor EPOLL KQUEUE DEV_POLL SELECT)
  target_compile_definitions(boost_selectors_asio INTERFACE
    BOOST_ASIO_DETAIL_${reactor}_REACTOR_HPP
    BOOST_ASIO_DETAIL_IMPL_${reactor}_REACTOR_HPP
    BOOST_ASIO_DETAIL_IMPL_${reactor}_REACTOR_IPP)
endforeach()
# The error that says why: before any reactor, Asio takes this for a number. The overlay defines it.
target_compile_definitions(boost_selectors_asio INTERFACE
  BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=boost_selectors_overlay_must_come_before_boost_on_the_include_path)
if(WIN32)
  # There the choice of Asio's socket service depends on it.
  target_compile_definitions(boost_selectors_asio INTERFACE BOOST_ASIO_DISABLE_IOCP)
  target_link_libraries(boost_selectors_asio INTERFACE ws2_32 mswsock)
else()
  target_link_libraries(boost_selectors_asio INTERFACE ${CMAKE_DL_LIBS})
endif()
