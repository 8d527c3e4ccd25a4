#pragma once

#include <optional>
#include <string>

namespace rtcpub {

/// One ICE candidate, in the terms of RTCIceCandidateInit; an empty `line` says that there are no
/// more.
struct Candidate {
  std::string line;  ///< "candidate:…" (RFC 8839 section 5.1), without "a="
  std::optional<std::string> mid;
  std::optional<int> mLineIndex;
  std::optional<std::string> ufrag;

  friend bool operator==(const Candidate&, const Candidate&) = default;
};

}  // namespace rtcpub
