#pragma once

#include <memory>

#include "api/video_codecs/video_decoder_factory.h"

namespace rtcpub::peer {

/// Decoders that refuse H.264 other than 8-bit 4:2:0: libwebrtc's aborts the process on pictures in
/// RGB, and WebRTC has no use for the rest (RFC 7742 section 6.2). What is refused is lost, and a
/// key frame is asked for.
///
/// Runs on: libwebrtc's decoding queue.
std::unique_ptr<webrtc::VideoDecoderFactory> withGuard(
    std::unique_ptr<webrtc::VideoDecoderFactory> engines);

}  // namespace rtcpub::peer
