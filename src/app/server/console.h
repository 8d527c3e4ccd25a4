#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/routes.h"
#include "rtcpub/result.h"

namespace rtcpub {

/// One file of the web console, as embedded in the program by cmake/EmbedConsole.cmake.
struct ConsoleFile {
  std::string_view path;  ///< "/index.html"
  std::string_view body;
};

/// Where pages come from that may have the console in a frame, as its routes take it. Errors:
/// kInvalidArgument.
Result<std::vector<std::string>> consoleEmbedders(const std::vector<std::string>& origins);

/// The console's door: one route for each file, and "/". It is open, since the page itself says
/// nothing of anybody; what it shows it asks for with its user's token. Browsers show it in a frame
/// of `embedders`' pages only.
std::vector<net::Route> consoleRoutes(const std::vector<std::string>& embedders);

}  // namespace rtcpub
