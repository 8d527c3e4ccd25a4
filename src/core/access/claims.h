#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "core/access/channel_patterns.h"
#include "core/access/refusal.h"
#include "rtcpub/rights.h"

namespace rtcpub {

/// The claims of a token that count here (RFC 7519 section 4, and two of our own): docs/access.md
/// says what each is. All others are left alone.
struct Claims {
  std::vector<std::string> audience{};      ///< "aud": a text or an array of them
  ChannelPatterns channels{};               ///< "channels": likewise, commas joining several
  Rights rights{};                          ///< "rights": likewise
  std::string name{};                       ///< "name", else "sub"; 128 bytes of it at most
  std::optional<std::int64_t> expires{};    ///< "exp": seconds of Unix time, rounded down
  std::optional<std::int64_t> notBefore{};  ///< "nbf": likewise, rounded up

  friend bool operator==(const Claims&, const Claims&) = default;
};

/// How much somebody else's clock may be ahead of ours: for "nbf" alone.
inline constexpr std::int64_t kClockLeewaySeconds = 10;

/// Refusals: "bad-token" (not an object in JSON), "bad-claim" (one that isn't of its type, or no
/// channels or rights at all), "unknown-right".
tl::expected<Claims, Refusal> parseClaims(std::string_view json);

/// Whether they are for that audience, and hold at that time. Refusals: "wrong-audience",
/// "not-yet-valid", "expired".
tl::expected<void, Refusal> checkClaims(const Claims& claims, std::string_view audience,
                                        std::int64_t unixSeconds);

/// The inverse of parseClaims, in JSON.
std::string format(const Claims& claims);

}  // namespace rtcpub
