# libwebrtc as Debian has it, libtgowt-dev: finds out which one this is, and makes it fit the Abseil that is here.
# Its users have RTCPUB_LIBWEBRTC, the day of its source as a number: what differs by that stands in src/engine/compat.
# Sets RTCPUB_LIBWEBRTC_COPY where not Debian's archive is linked but a copy.
option(RTCPUB_UNTRIED "Build against a libwebrtc or an Abseil that nobody tried" OFF)

function(rtcpub_untried text)
  if(RTCPUB_UNTRIED)
    message(WARNING "${text}.")
  else()
    message(FATAL_ERROR "${text}. docs/platforms.md lists what was tried; -D RTCPUB_UNTRIED=ON goes on nevertheless.")
  endif()
endfunction()

find_package(tg_owt QUIET)
if(NOT tg_owt_FOUND)
  message(FATAL_ERROR "libwebrtc is not there: apt install libtgowt-dev (Debian 12 and later)")
endif()
get_target_property(archive tg_owt::tg_owt IMPORTED_LOCATION_NONE)

# It says of itself from which day's source it is.
set(tried 2022-10-09)
execute_process(COMMAND grep -a -o -m1 "WebRTC source stamp [0-9-]*" "${archive}" OUTPUT_VARIABLE stamp)
string(REGEX MATCH "[0-9]+-[0-9]+-[0-9]+" RTCPUB_LIBWEBRTC "${stamp}")
list(JOIN tried ", " tried_days)
if(NOT RTCPUB_LIBWEBRTC)
  message(FATAL_ERROR "${archive} doesn't say of which day it is; wanted is one of ${tried_days}")
elseif(NOT RTCPUB_LIBWEBRTC IN_LIST tried)
  rtcpub_untried("${archive} is libwebrtc of ${RTCPUB_LIBWEBRTC}; wanted is one of ${tried_days}")
endif()

# Abseil's names carry its release, such as absl::debian5. Those that the archive was built with, and those of the headers:
find_path(ABSL_INCLUDE_DIR absl/base/options.h)
if(NOT ABSL_INCLUDE_DIR)
  message(FATAL_ERROR "Abseil, which libwebrtc's headers include, is not there: apt install libabsl-dev")
endif()
file(STRINGS "${ABSL_INCLUDE_DIR}/absl/base/options.h" abseil_here REGEX "^#define ABSL_OPTION_INLINE_NAMESPACE_NAME ")
string(REGEX REPLACE "^.* " "" abseil_here "${abseil_here}")
execute_process(COMMAND grep -a -o -m1 "4absl[0-9]debian[0-9]*" "${archive}" OUTPUT_VARIABLE name)
if(name MATCHES "4absl([0-9])(debian[0-9]+)")  # its length stands before the name, and more digits may follow it
  string(SUBSTRING "${CMAKE_MATCH_2}" 0 "${CMAKE_MATCH_1}" abseil_of_archive)
endif()

# Debian 13 has a newer Abseil than the one its libwebrtc was built against: whatever names a string_view can't be linked.
# A copy of the archive with the new names can: they are as long, and what the two sides share (string_view, optional,
# variant, InlinedVector, AnyInvocable, Cleanup, the table of ASCII's properties) is the same in both releases, by a
# comparison of their sources. Of other pairs nobody knows.
set(same_layout "debian5 debian7")
if(NOT abseil_of_archive STREQUAL abseil_here)
  if(NOT "${abseil_of_archive} ${abseil_here}" IN_LIST same_layout)
    rtcpub_untried("libwebrtc was built against the Abseil of absl::${abseil_of_archive}, and here is that of absl::${abseil_here}; nobody compared the two")
  endif()
  set(RTCPUB_LIBWEBRTC_COPY "${PROJECT_BINARY_DIR}/libwebrtc/libtg_owt.a")
  if("${archive}" IS_NEWER_THAN "${RTCPUB_LIBWEBRTC_COPY}")
    file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/libwebrtc")
    execute_process(COMMAND sed "s/7${abseil_of_archive}/7${abseil_here}/g" "${archive}"
                    OUTPUT_FILE "${RTCPUB_LIBWEBRTC_COPY}.new" COMMAND_ERROR_IS_FATAL ANY)
    file(RENAME "${RTCPUB_LIBWEBRTC_COPY}.new" "${RTCPUB_LIBWEBRTC_COPY}")
  endif()
  set_target_properties(tg_owt::tg_owt PROPERTIES IMPORTED_LOCATION_NONE "${RTCPUB_LIBWEBRTC_COPY}")
endif()
message(STATUS "libwebrtc of ${RTCPUB_LIBWEBRTC}, absl::${abseil_of_archive}, headers absl::${abseil_here}")
string(REPLACE "-" "" RTCPUB_LIBWEBRTC "${RTCPUB_LIBWEBRTC}")
target_compile_definitions(tg_owt::tg_owt INTERFACE "RTCPUB_LIBWEBRTC=${RTCPUB_LIBWEBRTC}")
