#pragma once

#include <cstdint>
#include <optional>

#include "rtcpub/clock.h"
#include "rtcpub/video_frame.h"

namespace rtcpub {

/// What is kept of a decoded frame for the figures. Pure.
struct SeenFrame {
  int width = 0;
  int height = 0;
  Time decoded{};
  std::optional<std::uint32_t>
      stampUs{};  ///< when it was drawn, by the publisher's clock: a stamp's
};

/// Reads the stamp, if there is one: so the frame need not be kept for it.
[[nodiscard]] SeenFrame look(const VideoFrame& frame);

/// How old it was when it was decoded, in milliseconds; nothing without a stamp or without the
/// publisher's clock minus this machine's, in microseconds.
[[nodiscard]] std::optional<double> ageMs(const SeenFrame& frame,
                                          std::optional<std::int64_t> publisherOffsetUs);

}  // namespace rtcpub
