#pragma once

#include <atomic>
#include <memory>

#include "api/video_codecs/video_encoder.h"
#include "api/video_codecs/video_encoder_factory.h"

namespace rtcpub::peer {

/// The longest distance between key frames, in frames. Set when the video is added, read by
/// encoders that are made after that and by those that run.
using KeyFrameInterval = std::atomic<int>;

/// Encodes with `inner`, of which it asks a key frame when the last one is `interval` frames ago:
/// libwebrtc's own encoders leave that to the receivers' requests.
///
/// Runs on: libwebrtc's encoder queue; encoded pictures come on the inner encoder's thread.
std::unique_ptr<webrtc::VideoEncoder> withKeyFrameInterval(
    std::unique_ptr<webrtc::VideoEncoder> inner, std::shared_ptr<const KeyFrameInterval> interval);

/// A factory whose encoders are all made so.
std::unique_ptr<webrtc::VideoEncoderFactory> withKeyFrameInterval(
    std::unique_ptr<webrtc::VideoEncoderFactory> inner,
    std::shared_ptr<const KeyFrameInterval> interval);

}  // namespace rtcpub::peer
