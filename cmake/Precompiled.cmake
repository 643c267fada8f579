# The headers that nearly every file reads, read once: a third of the time of a build. Not in a
# release, so that each file is known to name what it needs.
option(BAILIFF_PCH "Precompile the headers of the standard library and of GoogleTest" ON)
if(BAILIFF_PCH AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 warns wrongly of these within std::string, and of a precompiled header no longer knows
  # that it is a system's. A release, without, has these warnings.
  target_compile_options(bailiff_warnings INTERFACE -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow
                                                    -Wno-stringop-overread -Wno-maybe-uninitialized)
endif()
set(standard_headers <algorithm> <array> <atomic> <charconv> <chrono> <cstdint> <filesystem> <functional>
  <map> <memory> <mutex> <optional> <set> <span> <string> <string_view> <thread> <unordered_map>
  <variant> <vector> <tl/expected.hpp>)
file(WRITE "${PROJECT_BINARY_DIR}/precompiled.cpp" "int main() {}\n")

# bailiff_precompiled(NAME library|program headers...): what targets of this kind reuse. One for each
# kind, as code of a library and of a program is compiled otherwise.
function(bailiff_precompiled name kind)
  if(kind STREQUAL "library")
    add_library(${name} STATIC "${PROJECT_BINARY_DIR}/precompiled.cpp")
  else()
    add_executable(${name} "${PROJECT_BINARY_DIR}/precompiled.cpp")
  endif()
  target_link_libraries(${name} PRIVATE bailiff_language bailiff_warnings)
  target_precompile_headers(${name} PRIVATE ${ARGN})
endfunction()
