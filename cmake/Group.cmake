# bailiff_group(NAME [LINK_PRIVATE libs...] [LINK groups...]): one static library of all *.cpp here.
# LINK_PRIVATE holds the one foreign library that this folder may see; LINK the rings below it.
function(bailiff_group name)
  cmake_parse_arguments(ARG "" "" "LINK;LINK_PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  add_library(bailiff_${name} STATIC ${sources})
  target_include_directories(bailiff_${name} PUBLIC "${PROJECT_SOURCE_DIR}")
  target_link_libraries(bailiff_${name} PUBLIC bailiff_language ${ARG_LINK} $<$<NOT:$<STREQUAL:${name},guard>>:bailiff_guard>
                                        PRIVATE bailiff_warnings ${ARG_LINK_PRIVATE})
  if(BAILIFF_PCH AND ARG_LINK_PRIVATE MATCHES "PkgConfig")  # its flags make another header of it
    target_precompile_headers(bailiff_${name} PRIVATE ${standard_headers})
  elseif(BAILIFF_PCH)
    target_precompile_headers(bailiff_${name} REUSE_FROM bailiff_standard)
  endif()
endfunction()

# bailiff_tests(NAME [WHOLE] LINK libs...): one test program of all *_test.cpp here.
function(bailiff_tests name)
  cmake_parse_arguments(ARG "WHOLE" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_test ${sources})
  target_include_directories(${name}_test PRIVATE "${PROJECT_SOURCE_DIR}")
  target_compile_definitions(${name}_test PRIVATE BAILIFF_SOURCE="${PROJECT_SOURCE_DIR}"
                                                  BAILIFF_BINARY="${PROJECT_BINARY_DIR}")
  target_link_libraries(${name}_test PRIVATE bailiff_warnings ${ARG_LINK} GTest::gmock_main)
  # What is tested is optimised; to optimise the tests takes longer than to run them.
  target_compile_options(${name}_test PRIVATE -O0)
  if(BAILIFF_PCH)
    target_precompile_headers(${name}_test REUSE_FROM bailiff_test_headers)
  endif()
  set(label unit)
  if(name STREQUAL "tidy")
    set(label tidy)
  endif()
  # One entry a case where starting the program is cheap; one for all of it under a sanitizer, and
  # where the cases make large messages at start.
  if(BAILIFF_SANITIZE OR ARG_WHOLE)
    add_test(NAME ${name} COMMAND ${name}_test)
    set_tests_properties(${name} PROPERTIES TIMEOUT 600 LABELS ${label}
      ENVIRONMENT "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/tsan.suppressions")
  else()
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST
                         DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120 LABELS ${label})
  endif()
endfunction()
