#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rtcpub/clock.h"
#include "sfu/transport/path.h"

namespace rtcpub::sfu {

inline constexpr std::string_view kTurnRealm = "rtcpub";

struct TurnCredentials {
  std::string username;
  std::string password;
};

/// What credentials for TURN are made of, and checked by, without a list of them: the user's name
/// is its expiry, the password its MAC (draft-uberti-behave-turn-rest-00). Expiries count by the
/// server's own monotonic clock, which nobody sets. Any thread.
class TurnSecret {
 public:
  /// `secret` is random and long.
  explicit TurnSecret(std::string secret);

  /// `session` tells users apart.
  [[nodiscard]] TurnCredentials credentials(std::string_view session, Time expiry) const;

  /// The key by which this user signs (RFC 8489 section 9.2.2). Nothing if the name isn't one of
  /// credentials(), or expired; `now` is left out for who had proved himself before that.
  [[nodiscard]] std::optional<std::string> key(const std::string& username,
                                               std::optional<Time> now) const;

  /// For one client address and some time, so that what is overheard isn't of use for long.
  [[nodiscard]] std::string nonce(const IpAddress& client, Time now) const;
  [[nodiscard]] bool isFresh(std::string_view nonce, const IpAddress& client, Time now) const;

 private:
  [[nodiscard]] std::string mac(const std::string& text) const;

  std::string secret_;
};

}  // namespace rtcpub::sfu
