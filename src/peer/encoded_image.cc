#include "peer/encoded_image.h"

#include <chrono>

#include "engine/compat/encoded_image.h"

namespace rtcpub::peer {

webrtc::EncodedImage toEngine(const EncodedFrame& frame, std::uint32_t rtpTimestamp) {
  webrtc::EncodedImage image;
  image.SetEncodedData(webrtc::EncodedImageBuffer::Create(frame.data, frame.size));
  engine::setRtpTimestamp(image, rtpTimestamp);
  image.capture_time_ms_ =
      std::chrono::duration_cast<std::chrono::milliseconds>(frame.time.time_since_epoch()).count();
  image._encodedWidth = static_cast<std::uint32_t>(frame.width);
  image._encodedHeight = static_cast<std::uint32_t>(frame.height);
  image._frameType = frame.keyFrame ? webrtc::VideoFrameType::kVideoFrameKey
                                    : webrtc::VideoFrameType::kVideoFrameDelta;
  return image;
}

webrtc::CodecSpecificInfo codecInfo(const EncodedFrame& frame) {
  webrtc::CodecSpecificInfo info;
  if (frame.codec == VideoCodec::kVp8) {
    info.codecType = webrtc::kVideoCodecVP8;
    info.codecSpecific.VP8.temporalIdx = webrtc::kNoTemporalIdx;
    info.codecSpecific.VP8.keyIdx = webrtc::kNoKeyIdx;
    return info;
  }
  info.codecType = webrtc::kVideoCodecH264;
  info.codecSpecific.H264.packetization_mode = webrtc::H264PacketizationMode::NonInterleaved;
  info.codecSpecific.H264.temporal_idx = webrtc::kNoTemporalIdx;
  info.codecSpecific.H264.idr_frame = frame.keyFrame;
  return info;
}

}  // namespace rtcpub::peer
