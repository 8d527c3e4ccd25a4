#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "rtcpub/clock.h"

namespace rtcpub {

/// How a frame's samples lie in memory; both are 8-bit 4:2:0.
enum class PixelFormat {
  kI420,  ///< three planes: Y, U, V
  kNv12,  ///< two planes: Y, interleaved UV
};

/// One plane: `stride` bytes from the start of a row to the next.
struct Plane {
  const std::uint8_t* data = nullptr;  ///< the first row
  int stride = 0;                      ///< bytes
};

/// One picture. A cheap handle: the samples are shared, must not change any more, and live as long
/// as a copy of the frame does.
struct VideoFrame {
  int width = 0;                            ///< in pixels, even
  int height = 0;                           ///< in pixels, even
  PixelFormat format = PixelFormat::kI420;  ///< how many planes, and what they hold
  std::array<Plane, 3> planes{};            ///< those that the format has
  /// When the picture was taken (outgoing frames) or handed over by the decoder (incoming ones).
  Time time{};
  /// A picture whose scene differs from that of the one before becomes a key frame: set another one
  /// when the content changes as a whole, as at a switch of cameras.
  std::uint16_t scene = 0;
  /// Incoming frames: the RTP timestamp under which the picture came, by which a driver says what
  /// the command was given on (CommandOptions::saw).
  std::optional<std::uint32_t> rtpTimestamp{};
  /// Keeps the memory of `planes` alive.
  std::shared_ptr<const void> owner;
};

}  // namespace rtcpub
