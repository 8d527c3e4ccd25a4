#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sfu/router/media.h"

namespace rtcpub::sfu {

/// What becomes of the publisher's header extensions (RFC 8285) on their way to a subscriber: those
/// that mean something to it get the id that it negotiated for them, all others become padding
/// (transport-cc, abs-send-time, MID and RID describe the publisher's own transport; color-space
/// makes Chrome fall back to software decoding on some machines).
class HeaderExtensionMap {
 public:
  /// Strips everything.
  HeaderExtensionMap() = default;
  HeaderExtensionMap(const std::vector<HeaderExtension>& publisher,
                     const std::vector<HeaderExtension>& subscriber);

  /// Rewrites the extension block of an RTP packet in place; its size stays. What is malformed in
  /// the block becomes padding from there on.
  void apply(std::span<std::uint8_t> packet) const;

  friend bool operator==(const HeaderExtensionMap&, const HeaderExtensionMap&) = default;

 private:
  void applyOneByte(std::span<std::uint8_t> block) const;
  void applyTwoByte(std::span<std::uint8_t> block) const;

  /// From the publisher's id to the subscriber's; 0 strips.
  std::array<std::uint8_t, 256> idFor_{};
};

}  // namespace rtcpub::sfu
