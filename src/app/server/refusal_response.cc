#include "app/server/refusal_response.h"

#include <string>

namespace rtcpub {
namespace {

constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;

/// By what one may come in after all; empty: by nothing that can be told.
std::string challenge(const Refusal& refusal) {
  const std::string scheme = "Bearer realm=\"rtcpub\"";
  if (refusal.status == kForbidden) return scheme + ", error=\"insufficient_scope\"";
  if (refusal.status != kUnauthorized) return {};
  // Who sent none gets no error code, as that section says.
  return refusal.code == "no-token" ? scheme : scheme + ", error=\"invalid_token\"";
}

}  // namespace

net::HttpResponse refusalResponse(const Refusal& refusal) {
  auto response = net::errorResponse(refusal.status, refusal.message, refusal.code);
  if (auto wanted = challenge(refusal); !wanted.empty()) {
    response.headers.emplace_back("WWW-Authenticate", std::move(wanted));
  }
  if (refusal.retryAfter) {
    response.headers.emplace_back("Retry-After", std::to_string(refusal.retryAfter->count()));
  }
  return response;
}

}  // namespace rtcpub
