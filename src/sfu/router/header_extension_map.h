#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sfu/router/media.h"

namespace rtcpub::sfu {

/// What becomes of the publisher's header extensions (RFC 8285) on their way to a viewer: those
/// that mean something to it get the id that it negotiated for them, all others become padding
/// (abs-send-time, MID and RID describe the publisher's own transport; color-space makes Chrome
/// fall back to software decoding on some machines). A viewer with transport-cc gets a number
/// of its own transport, in the publisher's element if there is one.
class HeaderExtensionMap {
 public:
  /// How much larger makeSpace() makes a packet at most.
  static constexpr std::size_t kMaxGrowth = 8;

  /// A packet that can be numbered.
  struct Space {
    std::size_t size = 0;  ///< of the packet
    /// Where the transport-wide number goes, two bytes in network order; 0: it has none.
    std::size_t transportSequence = 0;
  };

  /// Strips everything.
  HeaderExtensionMap() = default;
  HeaderExtensionMap(const std::vector<HeaderExtension>& publisher,
                     const std::vector<HeaderExtension>& viewer);

  /// Rewrites the extension block of an RTP packet in place; its size stays. What is malformed in
  /// the block becomes padding from there on.
  void apply(std::span<std::uint8_t> packet) const;
  /// Finds or makes the place of the transport-wide number in a packet that apply() has rewritten,
  /// if the viewer wants one. `buffer` holds the packet in its first `size` bytes and has room
  /// for kMaxGrowth more.
  [[nodiscard]] Space makeSpace(std::span<std::uint8_t> buffer, std::size_t size) const;

  friend bool operator==(const HeaderExtensionMap&, const HeaderExtensionMap&) = default;

 private:
  void applyOneByte(std::span<std::uint8_t> block) const;
  void applyTwoByte(std::span<std::uint8_t> block) const;
  /// Whether an element of a right id can't be what was negotiated.
  [[nodiscard]] bool isMalformed(std::uint8_t to, std::size_t dataSize) const;

  /// From the publisher's id to the viewer's; 0 strips.
  std::array<std::uint8_t, 256> idFor_{};
  /// The viewer's, of the transport-wide number; 0 without.
  std::uint8_t transportSequenceId_ = 0;
};

}  // namespace rtcpub::sfu
