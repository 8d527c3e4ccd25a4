#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rtcpub/clock.h"
#include "sfu/transport/path.h"

namespace rtcpub::sfu {

inline constexpr std::string_view kTurnRealm = "rtcpub";

/// Nobody gets a relay after `expiry`, nor keeps one after `end`; nothing: whoever has one by then
/// keeps it while he refreshes it. By seconds.
struct TurnTerm {
  Time expiry;
  std::optional<Time> end{};
};

struct TurnCredentials {
  std::string username;
  std::string password;
};

/// What credentials for TURN are made of, and checked by, without a list of them: the user's name
/// is their term, the password its MAC (draft-uberti-behave-turn-rest-00). Terms count by the
/// server's own monotonic clock, which nobody sets. Any thread.
class TurnSecret {
 public:
  /// `secret` is random and long.
  explicit TurnSecret(std::string secret);

  /// `session` tells users apart.
  [[nodiscard]] TurnCredentials credentials(std::string_view session, TurnTerm term) const;

  /// As the user's name says, which is true once it has signed by key(). Nothing if it isn't one of
  /// credentials().
  [[nodiscard]] static std::optional<TurnTerm> termOf(std::string_view username);
  /// The key by which this user signs (RFC 8489 section 9.2.2).
  [[nodiscard]] std::optional<std::string> key(const std::string& username) const;

  /// For one client address and some time, so that what is overheard isn't of use for long.
  [[nodiscard]] std::string nonce(const IpAddress& client, Time now) const;
  [[nodiscard]] bool isFresh(std::string_view nonce, const IpAddress& client, Time now) const;

 private:
  [[nodiscard]] std::string mac(const std::string& text) const;

  std::string secret_;
};

}  // namespace rtcpub::sfu
