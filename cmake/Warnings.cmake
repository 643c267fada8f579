# Strict for developers, off for packagers (-DBAILIFF_WARNINGS=OFF).
option(BAILIFF_WARNINGS "Many warnings, each an error" ON)
add_library(bailiff_warnings INTERFACE)
if(BAILIFF_WARNINGS)
  target_compile_options(bailiff_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(bailiff_warnings INTERFACE -Wthread-safety)
  endif()
endif()
