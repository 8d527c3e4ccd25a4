#pragma once

#include <cstdint>
#include <optional>

#include "api/video/video_frame.h"
#include "api/video_codecs/video_encoder.h"
#include "core/h264/group_gate.h"
#include "peer/encoding.h"

namespace rtcpub::peer {

/// The buffer that stands for pictures in the queue when libwebrtc hands frames on. It has no
/// pixels.
rtc::scoped_refptr<webrtc::VideoFrameBuffer> encodedPlaceholder(int width, int height);
bool isEncoded(const webrtc::VideoFrame& frame);

/// Sends pictures that came encoded, as far as the path carries them.
///
/// Runs on: libwebrtc's encoder queue.
class PassThrough {
 public:
  explicit PassThrough(Encoding& encoding) : encoding_(encoding) {}

  /// Sends all pictures that wait; `frame` stands for the newest of them.
  void send(const webrtc::VideoFrame& frame, bool keyFrameWanted,
            webrtc::EncodedImageCallback& output);

  void setRate(int carriedKbps);

  /// Another encoder's pictures were sent in between, or none: nothing can be decoded before a key
  /// frame. `negotiated`: pictures of another codec, of a source that nobody knew to come encoded,
  /// are of no use: it is asked for raw ones.
  void begin(std::optional<VideoCodec> negotiated) {
    negotiated_ = negotiated;
    gate_.onGap();
  }

 private:
  Encoding& encoding_;
  GroupGate gate_;
  std::optional<VideoCodec> negotiated_;  ///< nothing: whatever comes
  std::optional<std::uint32_t> last_;     ///< RTP timestamp
};

}  // namespace rtcpub::peer
