#include "app/server/console.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

#include "core/address/page_origin.h"

namespace rtcpub {

/// Generated.
std::span<const ConsoleFile> consoleFiles();

namespace {

constexpr std::string_view kStartPage = "/index.html";

/// The page may load and connect to nothing but this server.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src "
    "'self' blob:; base-uri 'none'; form-action 'self'; ";

/// Who may have the page in a frame. It would be clicked by people who see something else there.
std::string frameAncestors(const std::vector<std::string>& embedders) {
  std::string policy = "frame-ancestors";
  for (const std::string& origin : embedders) policy += " " + origin;
  return policy + (embedders.empty() ? " 'none'; " : "; ");
}

/// To Safari before 15.4 'self' means no WebSocket, not even of the page's own host.
std::string connectSources(const std::string& host) {
  constexpr std::string_view kOfHosts =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]";
  const std::string policy = "connect-src 'self'";
  const bool plain = !host.empty() && host.find_first_not_of(kOfHosts) == std::string::npos;
  return plain ? policy + " ws://" + host + " wss://" + host : policy;
}

std::string_view contentType(std::string_view path) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kTypes{{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".json", "application/json"},
      {".webmanifest", "application/manifest+json"},
  }};
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

net::HttpResponse responseOf(const ConsoleFile& file, const std::string& host,
                             const std::vector<std::string>& embedders) {
  net::HttpResponse response{.status = 200,
                             .contentType = std::string(contentType(file.path)),
                             .body = std::string(file.body),
                             .headers = {{"Cache-Control", "no-cache"},
                                         {"Content-Security-Policy",
                                          std::string(kContentSecurityPolicy) +
                                              frameAncestors(embedders) + connectSources(host)}}};
  // For browsers that don't know frame-ancestors. It can't name others: those stay outside then.
  if (embedders.empty()) response.headers.emplace_back("X-Frame-Options", "DENY");
  return response;
}

}  // namespace

Result<std::vector<std::string>> consoleEmbedders(const std::vector<std::string>& origins) {
  std::vector<std::string> embedders;
  for (const std::string& given : origins) {
    auto origin = parsePageOrigin(given);
    if (!origin) return fail(origin.error().code, "embeddingOrigins: " + origin.error().message);
    if (std::ranges::count(embedders, *origin) == 0) embedders.push_back(*std::move(origin));
  }
  return embedders;
}

std::vector<net::Route> consoleRoutes(const std::vector<std::string>& embedders) {
  std::vector<net::Route> routes;
  for (const ConsoleFile& file : consoleFiles()) {
    const auto handle = net::atOnce([file, embedders](const net::HttpRequest& request) {
      return responseOf(file, request.host, embedders);
    });
    routes.push_back({.method = "GET", .pattern = std::string(file.path), .handle = handle});
    if (file.path == kStartPage) {
      routes.push_back({.method = "GET", .pattern = "/", .handle = handle});
    }
  }
  return routes;
}

}  // namespace rtcpub
