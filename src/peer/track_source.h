#pragma once

#include "media/base/adapted_video_track_source.h"
#include "rtcpub/video_frame.h"

namespace rtcpub::peer {

/// The way of our pictures into libwebrtc.
///
/// Runs on: push() on the video source's thread; the rest is libwebrtc's.
class TrackSource : public rtc::AdaptedVideoTrackSource {
 public:
  /// Hands a picture to the encoder's queue; scaled if the encoder asked for less, dropped if
  /// nobody wants it.
  void push(const VideoFrame& frame);

  SourceState state() const override { return kLive; }
  bool remote() const override { return false; }
  bool is_screencast() const override { return false; }
  absl::optional<bool> needs_denoising() const override { return false; }
};

}  // namespace rtcpub::peer
