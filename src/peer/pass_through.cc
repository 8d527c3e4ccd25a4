#include "peer/pass_through.h"

#include <algorithm>

#include "api/make_ref_counted.h"
#include "api/video/i420_buffer.h"
#include "peer/encoded_image.h"

namespace rtcpub::peer {
namespace {

class Placeholder : public webrtc::VideoFrameBuffer {
 public:
  Placeholder(int width, int height) : width_(width), height_(height) {}
  Type type() const override { return Type::kNative; }
  int width() const override { return width_; }
  int height() const override { return height_; }

  /// For a listener that wants to see what is sent; ours don't.
  rtc::scoped_refptr<webrtc::I420BufferInterface> ToI420() override {
    auto black = webrtc::I420Buffer::Create(width_, height_);
    webrtc::I420Buffer::SetBlack(black.get());
    return black;
  }

 private:
  const int width_;
  const int height_;
};

/// RTP counts 90 kHz from an origin of libwebrtc's own: that of the frame which stands for the
/// newest picture tells that of the others.
std::uint32_t rtpTimestamp(const EncodedFrame& encoded, const webrtc::VideoFrame& newest) {
  const auto behindUs = newest.timestamp_us() - encoded.time.time_since_epoch().count();
  return newest.timestamp() - static_cast<std::uint32_t>(behindUs * 9 / 100);
}

/// Two pictures of one timestamp would be taken for one.
std::uint32_t after(std::optional<std::uint32_t>& last, std::uint32_t timestamp) {
  if (last && static_cast<std::int32_t>(timestamp - *last) <= 0) timestamp = *last + 1;
  last = timestamp;
  return timestamp;
}

}  // namespace

rtc::scoped_refptr<webrtc::VideoFrameBuffer> encodedPlaceholder(int width, int height) {
  return rtc::make_ref_counted<Placeholder>(width, height);
}

bool isEncoded(const webrtc::VideoFrame& frame) {
  return frame.video_frame_buffer()->type() == webrtc::VideoFrameBuffer::Type::kNative;
}

void PassThrough::send(const webrtc::VideoFrame& frame, bool keyFrameWanted,
                       webrtc::EncodedImageCallback& output) {
  const auto waiting = encoding_.encoded.take();
  if (waiting.gap) gate_.onGap();
  for (const auto& encoded : waiting.frames) {
    if (negotiated_ && encoded.codec != *negotiated_) {
      (void)encoding_.source->preferRaw();
      continue;
    }
    if (encoded.keyFrame) keyFrameWanted = false;
    if (!gate_.pass(encoded.keyFrame, encoded.size, monotonicNow())) continue;
    const auto info = codecInfo(encoded);
    output.OnEncodedImage(toEngine(encoded, after(last_, rtpTimestamp(encoded, frame))), &info);
  }
  encoding_.droppedGroups = gate_.droppedGroups();
  if (keyFrameWanted || gate_.closed()) encoding_.source->requestKeyFrame();
}

void PassThrough::setRate(int carriedKbps) {
  gate_.setRate(carriedKbps);
  encoding_.source->setBitrate(std::min(carriedKbps, encoding_.bitrateKbps));
}

}  // namespace rtcpub::peer
