#pragma once

#include <memory>

#include "api/video_codecs/video_encoder_factory.h"
#include "peer/encoding.h"

namespace rtcpub::peer {

/// Encoders that send what came encoded as it is, else encode with the machine's own encoders as
/// long as one works, else with the engine's, which `engines` makes. Which of them it is may change
/// from picture to picture.
///
/// Runs on: libwebrtc's encoder queue.
std::unique_ptr<webrtc::VideoEncoderFactory> withEncoders(
    std::unique_ptr<webrtc::VideoEncoderFactory> engines, std::shared_ptr<Encoding> encoding);

}  // namespace rtcpub::peer
