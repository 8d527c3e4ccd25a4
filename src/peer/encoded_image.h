#pragma once

#include <cstdint>

#include "api/video/encoded_image.h"
#include "modules/video_coding/include/video_codec_interface.h"
#include "rtcpub/encoded_frame.h"

/// Encoded pictures in libwebrtc's form. Any thread.
namespace rtcpub::peer {

/// Of one layer; `rtpTimestamp` counts 90 kHz. The codec is H264 or VP8: of VP9
/// libwebrtc wants to know the inner structure.
webrtc::EncodedImage toEngine(const EncodedFrame& frame, std::uint32_t rtpTimestamp);
webrtc::CodecSpecificInfo codecInfo(const EncodedFrame& frame);

}  // namespace rtcpub::peer
