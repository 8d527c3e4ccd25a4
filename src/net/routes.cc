#include "net/routes.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>
#include <utility>

#include "core/text/query.h"
#include "core/text/text.h"

namespace rtcpub::net {

namespace {

constexpr std::size_t kMaxQuoted = 100;
constexpr std::string_view kAllOfServer = "*";

/// Of RFC 9110 section 9 and RFC 5789.
constexpr std::array<std::string_view, 9> kMethods{"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                                   "CONNECT", "OPTIONS", "TRACE", "PATCH"};

/// What the pattern's `*` stands for in a path that fits; empty where it has none.
std::optional<std::string> match(std::string_view pattern, std::string_view path) {
  const auto [before, after] = text::splitAt(pattern, '*');
  if (!after) return path == pattern ? std::optional(std::string()) : std::nullopt;
  if (path.size() <= before.size() + after->size()) return std::nullopt;
  if (!path.starts_with(before) || !path.ends_with(*after)) return std::nullopt;
  path.remove_prefix(before.size());
  path.remove_suffix(after->size());
  if (path.find('/') != std::string_view::npos) return std::nullopt;
  auto segment = query::percentDecode(path);
  return segment ? std::optional(*std::move(segment)) : std::nullopt;
}

HttpResponse noContent(std::string allow) {
  return {.status = 204, .contentType = {}, .body = {}, .headers = {{"Allow", std::move(allow)}}};
}

}  // namespace

Route::Handler atOnce(std::function<HttpResponse(const HttpRequest&)> answer) {
  return [answer = std::move(answer)](const HttpRequest& request, const Respond& respond) {
    respond(answer(request));
  };
}

Routes::Routes(std::vector<Route> routes, std::string whereThingsAre)
    : routes_(std::move(routes)), whereThingsAre_(std::move(whereThingsAre)) {
  assert(std::ranges::all_of(
      routes_, [](const Route& route) { return std::ranges::count(route.pattern, '*') <= 1; }));
}

tl::expected<Routes::Found, HttpResponse> Routes::find(std::string_view method,
                                                       std::string_view path) const {
  if (std::ranges::find(kMethods, method) == kMethods.end()) {
    return tl::unexpected(errorResponse(
        501, "the method " + text::printable(method, kMaxQuoted) + " is not known here"));
  }
  for (const Route& route : routes_) {
    if (route.method != method) continue;
    if (auto segment = match(route.pattern, path)) return Found{&route, *std::move(segment)};
  }
  const std::string allow = allowed(path);
  if (allow.empty()) {
    return tl::unexpected(
        errorResponse(404, "there is nothing at " + text::printable(path, kMaxQuoted) +
                               (whereThingsAre_.empty() ? "" : ": " + whereThingsAre_)));
  }
  if (method == "OPTIONS") return tl::unexpected(noContent(allow));
  auto refusal = errorResponse(405, std::string(method) + " is not possible here, but " + allow);
  refusal.headers.emplace_back("Allow", allow);
  return tl::unexpected(std::move(refusal));
}

/// "GET, HEAD, OPTIONS"; empty: there is nothing at this path.
std::string Routes::allowed(std::string_view path) const {
  std::vector<std::string_view> methods;
  const auto add = [&methods](std::string_view method) {
    if (std::ranges::find(methods, method) == methods.end()) methods.push_back(method);
  };
  for (const Route& route : routes_) {
    if (path != kAllOfServer && !match(route.pattern, path)) continue;
    add(route.method);
    if (route.method == "GET") add("HEAD");
  }
  if (!methods.empty()) add("OPTIONS");
  std::string joined;
  for (const auto method : methods) joined += (joined.empty() ? "" : ", ") + std::string(method);
  return joined;
}

}  // namespace rtcpub::net
