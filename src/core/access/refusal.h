#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace rtcpub {

/// Why somebody isn't let in.
struct Refusal {
  int status = 401;  ///< of HTTP: 401 (who is it?), 403 (not for them), 429 (too often), 503
  std::string code;  ///< one word for programs: "no-token", "expired", …; docs/access.md has all
  std::string message;  ///< for people; holds nothing of the token but what is escaped
  std::optional<std::chrono::seconds> retryAfter{};  ///< with 429 and 503

  friend bool operator==(const Refusal&, const Refusal&) = default;
};

}  // namespace rtcpub
