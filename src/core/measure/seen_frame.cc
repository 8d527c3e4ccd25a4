#include "core/measure/seen_frame.h"

#include "core/measure/stamp.h"

namespace rtcpub {

SeenFrame look(const VideoFrame& frame) {
  const auto stamp =
      stamp::readAdapted(frame.planes[0].data, frame.planes[0].stride, frame.width, frame.height);
  return {.width = frame.width,
          .height = frame.height,
          .decoded = frame.time,
          .stampUs = stamp ? std::optional(stamp->timeUs) : std::nullopt};
}

std::optional<double> ageMs(const SeenFrame& frame, std::optional<std::int64_t> publisherOffsetUs) {
  if (!frame.stampUs || !publisherOffsetUs) return std::nullopt;
  const std::int64_t publisherNow = frame.decoded.time_since_epoch().count() + *publisherOffsetUs;
  const auto age = stamp::ageUs({.frame = 0, .timeUs = *frame.stampUs}, publisherNow);
  // Signed: with two clocks compared over a short path a tiny age can come out below nothing.
  return static_cast<std::int32_t>(age) / 1000.0;
}

}  // namespace rtcpub
