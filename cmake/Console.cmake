# rtcpub_console(TARGET) bundles the web console by esbuild and adds it to the target, as a C++ source.
find_program(ESBUILD esbuild)
if(NOT ESBUILD)
  message(FATAL_ERROR "esbuild, which builds the web console, is not there: apt install esbuild")
endif()

function(rtcpub_console target)
  set(web "${PROJECT_SOURCE_DIR}/web")
  set(bundle "${CMAKE_CURRENT_BINARY_DIR}/console")
  set(embed "${PROJECT_SOURCE_DIR}/cmake/EmbedConsole.cmake")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${web}/src/*" "${web}/vendor/*")
  list(FILTER sources EXCLUDE REGEX "_test\\.ts$")
  add_custom_command(
    OUTPUT console_files.cc
    COMMAND ${CMAKE_COMMAND} -E rm -rf "${bundle}"
    COMMAND ${ESBUILD} console=src/main.ts src/index.html src/favicon.svg src/manifest.webmanifest
            src/icons/icon-180.png src/icons/icon-192.png src/icons/icon-512.png
            --bundle --minify --format=iife --charset=utf8
            --target=chrome100,firefox110,safari15.4 --legal-comments=inline --log-level=warning
            --loader:.html=copy --loader:.svg=copy --loader:.webmanifest=copy --loader:.png=copy
            --entry-names=[name] "--outdir=${bundle}"
    COMMAND ${CMAKE_COMMAND} "-DINPUT=${bundle}" "-DOUTPUT=${CMAKE_CURRENT_BINARY_DIR}/console_files.cc" -P "${embed}"
    WORKING_DIRECTORY "${web}"
    DEPENDS ${sources} "${embed}"
    COMMENT "Building the web console"
    VERBATIM)
  target_sources(${target} PRIVATE console_files.cc)
endfunction()
