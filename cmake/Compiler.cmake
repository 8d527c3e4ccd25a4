# The compiler's settings for everything of ours.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Debian's libwebrtc is built with its assertions on; with NDEBUG its classes would have another layout here than there.
foreach(config RELEASE RELWITHDEBINFO MINSIZEREL)
  string(REGEX REPLACE "[-/]DNDEBUG" "" CMAKE_CXX_FLAGS_${config} "${CMAKE_CXX_FLAGS_${config}}")
endforeach()
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()
find_program(MOLD mold)
if(MOLD AND CMAKE_CROSSCOMPILING)
  # GCC looks for TARGET-ld.mold then, which no package has; mold links for every architecture.
  find_path(MOLD_AS_LD ld HINTS /usr/libexec/mold NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
  add_link_options("-B${MOLD_AS_LD}")
elseif(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_library(rtcpub_warnings INTERFACE)
target_compile_options(rtcpub_warnings INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
                                                 -Wno-missing-field-initializers -Werror)

if(RTCPUB_SANITIZE)
  add_compile_options(-fsanitize=${RTCPUB_SANITIZE} -fno-omit-frame-pointer -g1)
  if(RTCPUB_SANITIZE MATCHES undefined)
    add_compile_options(-fno-sanitize-recover=undefined -fno-sanitize=vptr)
  endif()
  add_link_options(-fsanitize=${RTCPUB_SANITIZE})
  if(RTCPUB_SANITIZE MATCHES thread)
    add_compile_options(-Wno-tsan)  # Asio has fences, which GCC says it can't follow; it uses them beside atomics that it can
  endif()
endif()
