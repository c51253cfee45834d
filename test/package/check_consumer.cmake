# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Builds the consumer with OPTIONS and checks the outcome. OUTCOME is
#   runs:    it compiles, and runs on the selector that the environment names;
#   fails:   it does not compile;
#   passes:  it compiles and succeeds, whichever reactor it uses;
#   refused: it compiles, but ends at start with an error that names the file with another reactor;
#   checked: its build fails, and names the object file with another reactor.

file(REMOVE_RECURSE ${WORK})
string(REPLACE " " ";" options "${OPTIONS}")
set(ENV{CXXFLAGS} "${FLAGS}")
unset(ENV{BOOST_SELECTORS_BACKEND})

execute_process(
  COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK} -DCMAKE_CXX_COMPILER=${COMPILER}
    -DCMAKE_PREFIX_PATH=${PREFIX} -DLIBRARY=${LIBRARY} ${options}
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${NAME} could not be configured:\n${output}")
endif()

if(OPTIONS MATCHES "cpath")
  set(ENV{CPATH} ${WORK}/boost)
endif()
execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK} --target consumer
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(OUTCOME STREQUAL "checked")
  string(REGEX REPLACE "[ \n]+" " " output "${output}")
  set(object "mixed_foreign.cpp.o")
  if(result EQUAL 0 OR NOT output MATCHES "error: boost_selectors_check: .* own epoll_reactor"
      OR NOT output MATCHES "${object}\\)?: definition of|own epoll_reactor, in ${object}\\.")
    message(FATAL_ERROR "${NAME}: the build did not name the object file:\n${output}")
  endif()
  return()
endif()
if(NOT result EQUAL 0)
  # The first error must come from boost_selectors, and so name the remedy.
  string(REGEX MATCH "error: [^\n]*" first_error "${output}")
  if(NOT OUTCOME STREQUAL "fails" OR NOT first_error MATCHES "boost_selectors")
    message(FATAL_ERROR "${NAME} did not compile:\n${output}")
  endif()
  message("did not compile: ${first_error}")
  return()
endif()
if(OUTCOME STREQUAL "fails")
  message(FATAL_ERROR "${NAME} compiled")
endif()

function(run backend)
  set(ENV{BOOST_SELECTORS_BACKEND} "${backend}")
  execute_process(COMMAND ${WORK}/consumer
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  message("${backend}: exit status ${result}: ${output}")
  set(result ${result} PARENT_SCOPE)
  set(output "${output}" PARENT_SCOPE)
endfunction()

run("poll")
if(OUTCOME STREQUAL "refused")
  set(file /consumer)
  if(OPTIONS MATCHES "shared")
    set(file /libforeign)
  endif()
  if(result EQUAL 0 OR NOT output MATCHES "own reactor, in [^ ]*${file}")
    message(FATAL_ERROR "${NAME} was not refused")
  endif()
  return()
endif()
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${NAME} does not run:\n${output}")
endif()
if(OUTCOME STREQUAL "passes")
  return()
endif()
# A program that succeeds with an unknown selector does not use one.
run("no such selector")
if(NOT result EQUAL 1)
  message(FATAL_ERROR "${NAME} silently uses Asio's own reactor")
endif()
