#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "api/video_codecs/video_decoder_factory.h"

namespace rtcpub::peer {

/// What the decoders tell. Any thread.
struct Decoding {
  std::atomic<std::uint64_t> incompleteFrames = 0;  ///< came without their first slices
};

/// Decoders that refuse H.264 other than 8-bit 4:2:0: libwebrtc's aborts the process on pictures in
/// RGB, and WebRTC has no use for the rest (RFC 7742 section 6.2). They also refuse a picture whose
/// first slices are missing: libwebrtc's would make them up and call it a success. What is refused
/// is lost, and a key frame is asked for.
///
/// Runs on: libwebrtc's decoding queue.
std::unique_ptr<webrtc::VideoDecoderFactory> withGuard(
    std::unique_ptr<webrtc::VideoDecoderFactory> engines, std::shared_ptr<Decoding> decoding);

}  // namespace rtcpub::peer
