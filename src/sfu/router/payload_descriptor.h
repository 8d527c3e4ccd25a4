#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/codec.h"

namespace rtcpub::sfu {

/// Where a frame stands among the temporal layers of its stream: nothing depends on a frame of a
/// higher layer than its own.
struct TemporalLayer {
  std::uint8_t id = 0;
  /// It depends on no layer but the lowest: whoever lacks its layer may begin with it.
  bool sync = false;
  /// No later frame depends on one before it whose layer is higher than its own: whoever gets it
  /// may get every layer after it.
  bool switchesUp = false;
  /// How many frames of the lowest layer there were, this one included, modulo 256 (TL0PICIDX).
  std::optional<std::uint8_t> lowestFrames{};

  bool operator==(const TemporalLayer&) const = default;
};

/// What comes before VP8's own bytes in each packet (RFC 7741 section 4.2).
struct Vp8Descriptor {
  std::size_t size = 0;
  bool startsFrame = false;
  std::size_t pictureIdBytes = 0;  ///< at offset 2; 0: there is none
  std::optional<TemporalLayer> layer;
};

/// Likewise of VP9 (RFC 9628 section 4.2), as far as it is of use.
struct Vp9Descriptor {
  bool predicted = false;
  bool startsFrame = false;
  std::uint8_t spatialLayer = 0;
  std::optional<TemporalLayer> layer;
};

/// Nothing when it is cut off.
[[nodiscard]] std::optional<Vp8Descriptor> parseVp8Descriptor(
    std::span<const std::uint8_t> payload);
[[nodiscard]] std::optional<Vp9Descriptor> parseVp9Descriptor(
    std::span<const std::uint8_t> payload);

/// A packet of a stream with layers.
struct LayeredPacket {
  TemporalLayer layer;
  bool startsFrame = false;
};

/// Nothing if the stream has none.
[[nodiscard]] std::optional<LayeredPacket> layeredPacket(CodecKind codec,
                                                         std::span<const std::uint8_t> payload);

/// Lowers the picture id of a packet by the number of frames that were left out before it: VP8's
/// receivers take a gap for a loss, and wait. VP9's don't: it says what depends on what.
void closePictureGap(CodecKind codec, std::span<std::uint8_t> payload, std::uint16_t leftOut);

}  // namespace rtcpub::sfu
