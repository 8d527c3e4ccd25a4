#pragma once

#include <memory>
#include <utility>

#include "media/base/adapted_video_track_source.h"
#include "peer/encoding.h"
#include "rtcpub/video_frame.h"

namespace rtcpub::peer {

/// The way of our pictures into libwebrtc.
///
/// Runs on: push() on the video source's thread; the rest is libwebrtc's.
class TrackSource : public rtc::AdaptedVideoTrackSource {
 public:
  explicit TrackSource(std::shared_ptr<Encoding> encoding) : encoding_(std::move(encoding)) {}

  /// Hands a picture to the encoder's queue; scaled if the encoder asked for less, dropped if
  /// nobody wants it.
  void push(const VideoFrame& frame);

  /// Queues a picture that came encoded, and tells libwebrtc of it by one without pixels.
  void push(const EncodedFrame& frame);

  SourceState state() const override { return kLive; }
  bool remote() const override { return false; }
  bool is_screencast() const override { return false; }
  absl::optional<bool> needs_denoising() const override { return false; }

 private:
  const std::shared_ptr<Encoding> encoding_;
};

}  // namespace rtcpub::peer
