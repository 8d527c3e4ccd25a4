#include "app/server/console.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

#include "net/http_rules.h"

namespace rtcpub {

/// Generated.
std::span<const ConsoleFile> consoleFiles();

namespace {

/// The page may load and connect to nothing but this server.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src "
    "'self' blob:; "
    "connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

std::string_view contentType(std::string_view path) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kTypes{{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".json", "application/json"},
  }};
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

}  // namespace

net::HttpResponse consoleResponse(std::string_view path) {
  if (path == "/") path = "/index.html";
  const auto files = consoleFiles();
  const auto found = std::ranges::find(files, path, &ConsoleFile::path);
  if (found == files.end()) {
    return net::errorResponse(404, "nothing is at " + std::string(path.substr(0, 100)) +
                                       ": the console is at /, the channels at /api/channels");
  }
  return {.status = 200,
          .contentType = std::string(contentType(path)),
          .body = std::string(found->body),
          .headers = {{"Cache-Control", "no-cache"},
                      {"Content-Security-Policy", std::string(kContentSecurityPolicy)}}};
}

}  // namespace rtcpub
