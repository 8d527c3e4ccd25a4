#pragma once

#include <memory>

#include "api/video_codecs/video_encoder.h"

namespace rtcpub::peer {

/// The encoder, but pictures that are too large for it are made smaller instead of refused: by
/// quarters of their sides, until it takes them. OpenH264 takes 9,437,184 pixels at most (level
/// 5.2), fewer than many cameras have.
///
/// Runs on: libwebrtc's encoder queue.
std::unique_ptr<webrtc::VideoEncoder> withFittingSize(std::unique_ptr<webrtc::VideoEncoder> inner);

}  // namespace rtcpub::peer
