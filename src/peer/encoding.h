#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "core/video/video_encoder.h"
#include "peer/encoded_queue.h"
#include "peer/key_frame_interval_encoder.h"
#include "rtcpub/video_source.h"

namespace rtcpub::peer {

/// What the outgoing track and its encoders share. The plain members are set before there is an
/// encoder, and stay.
struct Encoding {
  /// The machine's encoders; null: only the engine's own.
  std::shared_ptr<VideoEncoders> encoders;
  bool intraRefresh = false;
  int bitrateKbps = 2000;  ///< the most that an encoder shall take
  KeyFrameInterval keyFrameInterval = 0;
  /// Where the pictures come from: who encodes them already is asked for key frames and bitrates.
  VideoSource* source = nullptr;
  /// Whether the newest picture came encoded.
  std::atomic<bool> comesEncoded = false;
  EncodedQueue encoded;
  std::atomic<std::uint64_t> droppedGroups = 0;
  /// What the path carries, as the congestion control makes it out.
  std::atomic<int> pathKbps = 0;
  /// The peer agreed to transport-wide feedback and sends none.
  std::atomic<bool> feedbackMissing = false;
  std::atomic<int> fecKbps = 0;  ///< sent lately
};

}  // namespace rtcpub::peer
