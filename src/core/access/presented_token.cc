#include "core/access/presented_token.h"

#include <string>

namespace rtcpub {
namespace {

/// Half of what a request's head may have (docs/network.md).
constexpr std::size_t kLongest = 8192;
constexpr std::string_view kCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";

/// Names of this machine, and addresses that never leave it.
bool isThisMachine(std::string_view host) {
  const bool isLoopback =
      host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
  return isLoopback || host == "::1" || host == "localhost" || host.ends_with(".localhost");
}

}  // namespace

Result<void> checkPresentedToken(std::string_view token, const ServerUrl& server) {
  if (token.empty()) return {};
  if (token.size() > kLongest) {
    return fail(ErrorCode::kInvalidArgument, "the token is over 8192 characters long");
  }
  if (token.find_first_not_of(kCharacters) != std::string_view::npos) {
    return fail(ErrorCode::kInvalidArgument,
                "the token has characters that no token has: is it whole, alone, and on one line?");
  }
  if (!server.tls && !isThisMachine(server.host)) {
    return fail(ErrorCode::kInvalidArgument,
                "a token needs TLS, since whoever is in between could read it: call the server by "
                "wss://");
  }
  return {};
}

}  // namespace rtcpub
