#include "app/server/console.h"

#include <array>
#include <span>
#include <string>
#include <utility>

namespace rtcpub {

/// Generated.
std::span<const ConsoleFile> consoleFiles();

namespace {

constexpr std::string_view kStartPage = "/index.html";

/// The page may load and connect to nothing but this server.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src "
    "'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; connect-src 'self'";

/// To Safari before 15.4 'self' means no WebSocket, not even of the page's own host.
std::string policyFor(const std::string& host) {
  constexpr std::string_view kOfHosts =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]";
  std::string policy(kContentSecurityPolicy);
  const bool plain = !host.empty() && host.find_first_not_of(kOfHosts) == std::string::npos;
  return plain ? policy + " ws://" + host + " wss://" + host : policy;
}

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

net::HttpResponse responseOf(const ConsoleFile& file, const std::string& host) {
  return {.status = 200,
          .contentType = std::string(contentType(file.path)),
          .body = std::string(file.body),
          .headers = {{"Cache-Control", "no-cache"},
                      {"Content-Security-Policy", policyFor(host)},
                      // For browsers that don't know frame-ancestors.
                      {"X-Frame-Options", "DENY"}}};
}

}  // namespace

std::vector<net::Route> consoleRoutes() {
  std::vector<net::Route> routes;
  for (const ConsoleFile& file : consoleFiles()) {
    const auto handle = net::atOnce(
        [file](const net::HttpRequest& request) { return responseOf(file, request.host); });
    routes.push_back({.method = "GET", .pattern = std::string(file.path), .handle = handle});
    if (file.path == kStartPage) {
      routes.push_back({.method = "GET", .pattern = "/", .handle = handle});
    }
  }
  return routes;
}

}  // namespace rtcpub
