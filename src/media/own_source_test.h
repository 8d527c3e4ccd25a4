#pragma once

#include <cstring>
#include <memory>
#include <optional>

#include "core/video/frame_buffer.h"
#include "rtcpub/video_source.h"

namespace rtcpub::media {

/// A picture of one colour.
inline VideoFrame plainFrame(int width, int height, int y, int u, int v, Time time = {}) {
  const auto buffer = std::make_shared<FrameBuffer>(width, height);
  const auto fill = [height](std::uint8_t* plane, int stride, int rows, int value) {
    std::memset(plane, value, static_cast<std::size_t>(stride) * (height / rows));
  };
  fill(buffer->y(), buffer->strideY(), 1, y);
  fill(buffer->u(), buffer->strideU(), 2, u);
  fill(buffer->v(), buffer->strideV(), 2, v);
  return toFrame(buffer, time);
}

/// The same as NV12.
inline VideoFrame plainNv12Frame(int width, int height, int y, int u, int v, Time time = {}) {
  const std::ptrdiff_t luma = std::ptrdiff_t{width} * height;
  const std::shared_ptr<std::uint8_t[]> memory(new std::uint8_t[luma * 3 / 2]);
  std::memset(memory.get(), y, luma);
  for (std::ptrdiff_t at = luma; at < luma * 3 / 2; at += 2) {
    memory[at] = static_cast<std::uint8_t>(u);
    memory[at + 1] = static_cast<std::uint8_t>(v);
  }
  return {.width = width,
          .height = height,
          .format = PixelFormat::kNv12,
          .planes = {Plane{memory.get(), width}, Plane{memory.get() + luma, width}, Plane{}},
          .time = time,
          .owner = memory};
}

/// A source that pushes what a test tells it to, when it tells it.
class OwnSource final : public VideoSource {
 public:
  explicit OwnSource(std::optional<VideoCodec> codec = std::nullopt) : codec_(codec) {}

  Result<void> start() override {
    if (broken) return fail(ErrorCode::kMedia, "the lens is dirty");
    ++starts;
    return {};
  }
  void stop() override { ++stops; }
  [[nodiscard]] std::optional<VideoCodec> codec() const override { return codec_; }
  void requestKeyFrame() override { ++keyFrameRequests; }
  bool setBitrate(int kbps) override {
    bitrateKbps = kbps;
    return codec_.has_value();
  }

  bool preferRaw() override {
    if (canDecode) codec_.reset();
    return canDecode;
  }

  void give(const VideoFrame& frame) { push(frame); }
  void giveEncoded(bool keyFrame) {
    push(EncodedFrame{.codec = VideoCodec::kH264, .keyFrame = keyFrame, .width = 64, .height = 64});
  }
  void tell(const SourceState& state) { report(state); }

  bool broken = false;
  bool canDecode = false;
  int starts = 0;
  int stops = 0;
  int keyFrameRequests = 0;
  int bitrateKbps = 0;

 private:
  std::optional<VideoCodec> codec_;
};

}  // namespace rtcpub::media
