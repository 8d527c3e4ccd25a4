#include "peer/video_buffers.h"

#include <libyuv/convert.h>

#include <utility>

#include "api/make_ref_counted.h"
#include "api/video/i420_buffer.h"
#include "common_video/include/video_frame_buffer.h"

namespace rtcpub::peer {
namespace {

/// An NV12 picture in somebody else's memory.
class Nv12View : public webrtc::NV12BufferInterface {
 public:
  explicit Nv12View(VideoFrame frame) : frame_(std::move(frame)) {}

  int width() const override { return frame_.width; }
  int height() const override { return frame_.height; }
  const std::uint8_t* DataY() const override { return frame_.planes[0].data; }
  const std::uint8_t* DataUV() const override { return frame_.planes[1].data; }
  int StrideY() const override { return frame_.planes[0].stride; }
  int StrideUV() const override { return frame_.planes[1].stride; }

  rtc::scoped_refptr<webrtc::I420BufferInterface> ToI420() override {
    auto i420 = webrtc::I420Buffer::Create(width(), height());
    libyuv::NV12ToI420(DataY(), StrideY(), DataUV(), StrideUV(), i420->MutableDataY(),
                       i420->StrideY(), i420->MutableDataU(), i420->StrideU(), i420->MutableDataV(),
                       i420->StrideV(), width(), height());
    return i420;
  }

 private:
  const VideoFrame frame_;
};

}  // namespace

rtc::scoped_refptr<webrtc::VideoFrameBuffer> toEngine(const VideoFrame& frame) {
  if (frame.format == PixelFormat::kNv12) return rtc::make_ref_counted<Nv12View>(frame);
  const auto& [y, u, v] = frame.planes;
  return webrtc::WrapI420Buffer(frame.width, frame.height, y.data, y.stride, u.data, u.stride,
                                v.data, v.stride, [owner = frame.owner] {});
}

VideoFrame viewOf(const webrtc::VideoFrame& frame) {
  const auto buffer = frame.video_frame_buffer();
  VideoFrame view{.width = frame.width(),
                  .height = frame.height(),
                  .time = Time(std::chrono::microseconds(frame.timestamp_us())),
                  .scene = frame.id()};
  if (buffer->type() == webrtc::VideoFrameBuffer::Type::kNV12) {
    const auto* const nv12 = buffer->GetNV12();
    view.format = PixelFormat::kNv12;
    view.planes = {Plane{nv12->DataY(), nv12->StrideY()}, Plane{nv12->DataUV(), nv12->StrideUV()}};
    view.owner = std::make_shared<rtc::scoped_refptr<webrtc::VideoFrameBuffer>>(buffer);
    return view;
  }
  auto i420 = buffer->ToI420();
  view.planes = {Plane{i420->DataY(), i420->StrideY()}, Plane{i420->DataU(), i420->StrideU()},
                 Plane{i420->DataV(), i420->StrideV()}};
  view.owner = std::make_shared<rtc::scoped_refptr<webrtc::I420BufferInterface>>(std::move(i420));
  return view;
}

VideoFrame fromEngine(const webrtc::VideoFrame& decoded) {
  auto i420 = decoded.video_frame_buffer()->ToI420();
  if (!i420) return {};
  if (decoded.rotation() != webrtc::kVideoRotation_0) {
    i420 = webrtc::I420Buffer::Rotate(*i420, decoded.rotation());
  }
  VideoFrame frame;
  frame.width = i420->width();
  frame.height = i420->height();
  frame.planes = {Plane{i420->DataY(), i420->StrideY()}, Plane{i420->DataU(), i420->StrideU()},
                  Plane{i420->DataV(), i420->StrideV()}};
  frame.owner = std::make_shared<rtc::scoped_refptr<webrtc::I420BufferInterface>>(std::move(i420));
  return frame;
}

}  // namespace rtcpub::peer
