#include "peer/video_sink.h"

#include <utility>

#include "peer/video_buffers.h"
#include "rtcpub/clock.h"

namespace rtcpub::peer {

void VideoSink::OnFrame(const webrtc::VideoFrame& decoded) {
  const auto now = monotonicNow();
  auto frame = fromEngine(decoded);
  if (!frame.owner) return;
  frame.time = now;
  frame.rtpTimestamp = decoded.timestamp();
  listener_.onVideoFrame(std::move(frame));
}

}  // namespace rtcpub::peer
