# rtcpub_precompile(TARGET [HEADER...]): with RTCPUB_PRECOMPILE these headers, and the standard library's, are read once
# for the target instead of once for each source. That is for a build from scratch only: afterwards ccache does better,
# clang-tidy can't read what GCC made, and GCC 12 warns of the standard library as if that were ours.
function(rtcpub_precompile target)
  if(RTCPUB_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE <algorithm> <array> <charconv> <chrono> <functional> <map> <memory>
                                                <optional> <string> <string_view> <tl/expected.hpp> <variant> <vector> ${ARGN})
    target_compile_options(${target} PRIVATE -w)
  endif()
endfunction()

# rtcpub_room(NAME DIRECTORY [FOLDERS folder...] [DEPENDS target...] [EXTERNAL target...] [PRECOMPILE header...])
#
# One folder of the house as a static library `rtcpub_NAME` of its *.cc files and those of its FOLDERS, and their
# *_test.cc files as the test program `NAME_test`. DEPENDS are other rooms (seen by includers, too), EXTERNAL third-party
# libraries, PRECOMPILE large headers of theirs that most files include.
function(rtcpub_room name directory)
  cmake_parse_arguments(arg "" "" "FOLDERS;DEPENDS;EXTERNAL;PRECOMPILE" ${ARGN})
  set(patterns "${directory}/*.cc")
  foreach(folder ${arg_FOLDERS})
    list(APPEND patterns "${directory}/${folder}/*.cc")
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${patterns})
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")

  add_library(rtcpub_${name} STATIC ${sources})
  target_include_directories(rtcpub_${name} PUBLIC "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/include")
  target_link_libraries(rtcpub_${name} PUBLIC ${arg_DEPENDS} tl::expected PRIVATE rtcpub_warnings ${arg_EXTERNAL})
  rtcpub_precompile(rtcpub_${name} ${arg_PRECOMPILE})
  set_property(GLOBAL APPEND PROPERTY RTCPUB_ROOMS rtcpub_${name})

  if(RTCPUB_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE rtcpub_${name} rtcpub_warnings ${arg_EXTERNAL} GTest::gtest GTest::gmock
                                               GTest::gtest_main)
    add_test(NAME ${name} COMMAND ${name}_test)
    set_tests_properties(${name} PROPERTIES TIMEOUT 300 LABELS unit)
  endif()
endfunction()
