#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/sdp/section.h"

/// Which attributes an SDP keeps, and how they are written.
namespace rtcpub::sdp {

/// Of one section, or of the session. Remembers what may stand there once only.
class AttributeRules {
 public:
  /// For the session's attributes.
  AttributeRules() = default;
  explicit AttributeRules(const Section& section) : section_(&section) {}

  /// The line without its end, as it is to be written; nothing when it isn't. Neither fingerprints
  /// nor candidates.
  std::optional<std::string> kept(const Attribute& attribute);

 private:
  const Section* section_ = nullptr;
  std::set<std::string_view> seen_;
};

/// Of several fingerprints at one level the strongest (RFC 8122 section 5), of equal ones the last;
/// nothing when there is none that can be checked.
std::optional<std::string> strongestFingerprint(const std::vector<Line>& lines);

}  // namespace rtcpub::sdp
