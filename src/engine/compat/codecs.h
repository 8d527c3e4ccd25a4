#pragma once

#include <pc/session_description.h>

#include <string>

namespace rtcpub::engine {

/// A codec of a description, of which no more is known. (One that libwebrtc makes with a name has
/// parameters that nobody said: H264 has packetization mode 1.)
inline cricket::VideoCodec makeVideoCodec(int payloadType, const std::string& name) {
#if RTCPUB_LIBWEBRTC >= 20240218
  auto codec = cricket::CreateVideoCodec(payloadType, "");
#else
  cricket::VideoCodec codec(payloadType, "");
#endif
  codec.name = name;
  return codec;
}

inline cricket::VideoCodec makeVideoCodec(const webrtc::SdpVideoFormat& format) {
#if RTCPUB_LIBWEBRTC >= 20240218
  return cricket::CreateVideoCodec(format);
#else
  return cricket::VideoCodec(format);
#endif
}

/// Of sound.
inline cricket::AudioCodec makeAudioCodec(int payloadType, const std::string& name) {
#if RTCPUB_LIBWEBRTC >= 20240218
  return cricket::CreateAudioCodec(payloadType, name, 0, 0);
#else
  return {payloadType, name, 0, 0, 0};
#endif
}

/// Takes away the keys that old descriptions carried (RFC 4568); newer libwebrtc knows of none.
inline void clearKeys(cricket::MediaContentDescription& description) {
#if RTCPUB_LIBWEBRTC < 20240218
  description.set_cryptos({});
#else
  static_cast<void>(description);
#endif
}

}  // namespace rtcpub::engine
