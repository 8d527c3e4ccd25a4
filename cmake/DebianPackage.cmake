# What the project is made of comes from Debian: who lacks something is told the package that has it.

# rtcpub_find_package(DEBIAN-PACKAGE NAME [VERSION] [OPTION...]) is find_package(NAME ... REQUIRED).
macro(rtcpub_find_package debian name)
  find_package(${name} ${ARGN} QUIET)
  if(NOT ${name}_FOUND)
    set(rtcpub_wanted "${ARGN}")
    list(FILTER rtcpub_wanted INCLUDE REGEX "^[0-9]")
    set(rtcpub_found "is not there")
    if(${name}_CONSIDERED_VERSIONS)
      set(rtcpub_found "is wanted, and here is ${${name}_CONSIDERED_VERSIONS}")
    endif()
    list(JOIN rtcpub_wanted " " rtcpub_wanted)
    string(STRIP "${name} ${rtcpub_wanted}" rtcpub_wanted)
    message(FATAL_ERROR "${rtcpub_wanted} ${rtcpub_found}: apt install ${debian}")
  endif()
endmacro()

# rtcpub_pkg_config(DEBIAN-PACKAGE PREFIX MODULE...) makes the target PkgConfig::PREFIX.
macro(rtcpub_pkg_config debian prefix)
  pkg_check_modules(${prefix} QUIET IMPORTED_TARGET ${ARGN})
  if(NOT ${prefix}_FOUND)
    message(FATAL_ERROR "${ARGN} (by pkg-config) is not there: apt install ${debian}")
  endif()
endmacro()
