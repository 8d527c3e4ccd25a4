#pragma once

#include <memory>

#include "api/video_codecs/video_decoder_factory.h"

namespace rtcpub::peer {

/// Decoders that name H264's profiles Constrained Baseline, Baseline, Main and High. libwebrtc
/// leaves High out, though its decoder, FFmpeg's, takes it and hardware encoders make it unless
/// told; it names High 4:4:4 instead, which WebRTC has no use for (RFC 7742 section 6.2).
///
/// Runs on: libwebrtc's threads.
std::unique_ptr<webrtc::VideoDecoderFactory> withH264Profiles(
    std::unique_ptr<webrtc::VideoDecoderFactory> engines);

}  // namespace rtcpub::peer
