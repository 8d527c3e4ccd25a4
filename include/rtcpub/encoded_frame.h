#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "rtcpub/clock.h"
#include "rtcpub/codec.h"

namespace rtcpub {

/// One picture that is encoded already: by a camera, or by an encoder of your own. A cheap handle:
/// the bytes are shared, must not change any more, and live as long as a copy of the frame does.
///
/// H264 comes as one access unit in Annex B form (start codes, ITU-T H.264 annex B), without
/// B-frames; a key frame is an IDR picture with SPS and PPS in front of it. VP8 comes as one frame
/// of RFC 6386. VP9 can't be sent as it comes.
struct EncodedFrame {
  VideoCodec codec = VideoCodec::kH264;  ///< what it is encoded in
  const std::uint8_t* data = nullptr;    ///< its first byte
  std::size_t size = 0;                  ///< bytes
  bool keyFrame = false;                 ///< whether decoding can begin here
  int width = 0;                         ///< pixels
  int height = 0;                        ///< pixels
  Time time{};                           ///< when the picture was taken
  /// Keeps `data` alive.
  std::shared_ptr<const void> owner;
};

}  // namespace rtcpub
