#pragma once

#include <string_view>
#include <vector>

#include "net/routes.h"

namespace rtcpub {

/// One file of the web console, as embedded in the program by cmake/EmbedConsole.cmake.
struct ConsoleFile {
  std::string_view path;  ///< "/index.html"
  std::string_view body;
};

/// The console's door: one route for each file, and "/". It is open, since the page itself says
/// nothing of anybody; what it shows it asks for with its user's token.
std::vector<net::Route> consoleRoutes();

}  // namespace rtcpub
