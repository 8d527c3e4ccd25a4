#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "auth/token_key.h"
#include "core/access/token_verifier.h"
#include "rtcpub/server.h"
#include "rtcpub/token.h"

namespace rtcpub {

/// The tokens of a server that asks for them: what verifies them, and what makes new ones. Any
/// thread.
class TokenDesk {
 public:
  /// `asks`: a server that doesn't has no key and makes no token.
  TokenDesk(const ServerOptions& options, bool asks);

  /// Reads the keys, or reads them again; the server's own is made if there is none. Errors:
  /// kInvalidArgument, kNotFound, kIo; then what makes new ones stays what it was, also on the
  /// disk. kUnsupported: it asks for no tokens.
  Result<std::shared_ptr<const TokenVerifier>> load();

  [[nodiscard]] const std::string& audience() const { return audience_; }
  /// Errors: as TokenIssuer::issue() has them; kUnsupported where no tokens are asked for.
  [[nodiscard]] Result<std::string> issue(const TokenOptions& options) const;
  /// Leaves word of where the console is, and of what robots must pin (empty: nothing), for whoever
  /// makes tokens on this machine.
  void leaveWord(const std::vector<std::string>& urls, const std::string& fingerprint) const;

 private:
  const bool asks_;
  const std::string audience_;
  const std::string givenDir_;
  const std::vector<std::string> files_;
  mutable std::mutex mutex_;
  std::optional<auth::TokenKey> key_;
};

}  // namespace rtcpub
