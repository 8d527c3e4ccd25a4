#pragma once

#include <memory>

#include "api/video_codecs/video_encoder_factory.h"

namespace rtcpub::peer {

/// Makes the engine's H.264 encoder, OpenH264, without its detection of scene changes: it takes
/// texture that moves for a new scene, and would make a key frame of several times a picture's size
/// of every seventeenth picture. Other codecs are as they were.
std::unique_ptr<webrtc::VideoEncoderFactory> withoutSceneChanges(
    std::unique_ptr<webrtc::VideoEncoderFactory> engines);

}  // namespace rtcpub::peer
