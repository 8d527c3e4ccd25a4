#pragma once

#include "api/video/video_frame.h"
#include "api/video/video_sink_interface.h"
#include "peer/peer.h"

namespace rtcpub::peer {

/// The way of decoded pictures out of libwebrtc.
///
/// Runs on: libwebrtc's decoding queue.
class VideoSink : public rtc::VideoSinkInterface<webrtc::VideoFrame> {
 public:
  explicit VideoSink(PeerListener& listener) : listener_(listener) {}
  void OnFrame(const webrtc::VideoFrame& decoded) override;

 private:
  PeerListener& listener_;
};

}  // namespace rtcpub::peer
