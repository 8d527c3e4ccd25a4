# librtcpub: all rooms in one static library, since Debian's libwebrtc cannot be linked into a shared one (it is not
# position-independent), with a CMake package and a pkg-config file.
get_property(rooms GLOBAL PROPERTY RTCPUB_ROOMS)
set(objects "")
foreach(room ${rooms})
  list(APPEND objects "$<TARGET_OBJECTS:${room}>")
endforeach()
add_library(rtcpub STATIC ${objects})
add_library(rtcpub::rtcpub ALIAS rtcpub)
set_target_properties(rtcpub PROPERTIES LINKER_LANGUAGE CXX EXPORT_NAME rtcpub)
target_compile_features(rtcpub PUBLIC cxx_std_20)
configure_file("${PROJECT_SOURCE_DIR}/include/rtcpub/version.h.in" "${PROJECT_BINARY_DIR}/include/rtcpub/version.h" @ONLY)
target_include_directories(rtcpub INTERFACE "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>"
                                            "$<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>"
                                            "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
target_link_libraries(rtcpub PUBLIC tl::expected Threads::Threads
                             PRIVATE tg_owt::tg_owt spdlog::spdlog OpenSSL::SSL OpenSSL::Crypto srtp2 jwt gpiod prometheus-cpp-core
                                     gstapp-1.0 gstvideo-1.0 gstrtsp-1.0 gstbase-1.0 gstreamer-1.0 gobject-2.0 glib-2.0 yuv)

install(TARGETS rtcpub EXPORT rtcpub ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
# Where Debian's libwebrtc can't be linked as it is, whoever links librtcpub needs our copy of it, too.
if(RTCPUB_LIBWEBRTC_COPY)
  install(FILES "${RTCPUB_LIBWEBRTC_COPY}" DESTINATION "${CMAKE_INSTALL_LIBDIR}/rtcpub")
  set(RTCPUB_PC_LIBDIRS "-L\${libdir}/rtcpub ")
endif()
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/rtcpub" "${PROJECT_BINARY_DIR}/include/rtcpub"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.h")
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/rtcpub")
install(EXPORT rtcpub NAMESPACE rtcpub:: DESTINATION "${package_dir}" FILE rtcpubTargets.cmake)
include(CMakePackageConfigHelpers)
write_basic_package_version_file(rtcpubConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_SOURCE_DIR}/cmake/rtcpubConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/rtcpubConfigVersion.cmake"
        DESTINATION "${package_dir}")

# pkg-config knows nothing of libwebrtc's own needs: they are listed as CMake knows them.
include(PkgConfigLibraries)
rtcpub_pkgconfig_libraries(RTCPUB_PC_LIBS tg_owt::tg_owt)
file(RELATIVE_PATH RTCPUB_PC_PREFIX "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
configure_file("${PROJECT_SOURCE_DIR}/cmake/rtcpub.pc.in" rtcpub.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/rtcpub.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
