#pragma once

#include <api/video/encoded_image.h>

#include <cstdint>

namespace rtcpub::engine {

inline void setRtpTimestamp(webrtc::EncodedImage& image, std::uint32_t timestamp) {
#if RTCPUB_LIBWEBRTC >= 20240218
  image.SetRtpTimestamp(timestamp);
#else
  image.SetTimestamp(timestamp);
#endif
}

/// In ticks of RTP's clock, 90 kHz.
inline std::uint32_t rtpTimestamp(const webrtc::EncodedImage& image) {
#if RTCPUB_LIBWEBRTC >= 20240218
  return image.RtpTimestamp();
#else
  return image.Timestamp();
#endif
}

}  // namespace rtcpub::engine
