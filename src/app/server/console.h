#pragma once

#include <string_view>

#include "net/web_server.h"

namespace rtcpub {

/// One file of the web console, as embedded in the program by cmake/EmbedConsole.cmake.
struct ConsoleFile {
  std::string_view path;  ///< "/index.html"
  std::string_view body;
};

/// The console's file for a path, "/" included; 404 when there is none.
net::HttpResponse consoleResponse(std::string_view path);

}  // namespace rtcpub
