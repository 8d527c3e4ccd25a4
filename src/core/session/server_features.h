#pragma once

#include <string>
#include <string_view>

namespace rtcpub {

/// What a server can that no other Spider server is known to. It says so in its answer to a
/// WebSocket's handshake, before any offer is made, so that servers of other makes never see an
/// offer that they can't take (docs/protocol.md).
struct ServerFeatures {
  /// It undoes FlexFEC ("flexfec-03"). Others take its SSRC for a third stream, and refuse.
  bool flexfec = false;
  /// It says who drives, and forwards that one's commands ("control").
  bool control = false;

  friend bool operator==(const ServerFeatures&, const ServerFeatures&) = default;
};

/// The field of the handshake's answer: names, separated by commas (RFC 9110 section 5.6.1).
inline constexpr std::string_view kFeaturesField = "Rtcpub-Features";

/// Names that this version doesn't know are passed over.
ServerFeatures parseFeatures(std::string_view value);

std::string format(const ServerFeatures& features);

}  // namespace rtcpub
