#include "media/pattern_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "core/measure/stamp.h"
#include "media/collector_test.h"

namespace rtcpub::media {
namespace {

using std::chrono::milliseconds;

source_uri::Test small(bool stamped) {
  return {.width = 640, .height = 480, .fps = 100, .stamp = stamped};
}

std::uint32_t microseconds(const VideoFrame& frame) {
  return static_cast<std::uint32_t>(frame.time.time_since_epoch().count());
}

TEST(PatternSource, StampsEachFrameWithItsNumberAndCaptureTime) {
  PatternSource source(small(true));
  const auto frames = collect(source, 20);
  ASSERT_EQ(frames.size(), 20U);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const stamp::Stamp expected{static_cast<std::uint16_t>(i), microseconds(frames[i])};
    EXPECT_EQ(readStamp(frames[i]), expected);
  }
}

TEST(PatternSource, DrawsTheReferenceContent) {
  PatternSource source(small(false));
  const auto frames = collect(source, 3);
  ASSERT_EQ(frames.size(), 3U);
  FrameBuffer expected(640, 480);
  Pattern(640, 480).draw(2, expected.y(), expected.strideY(), expected.u(), expected.strideU(),
                         expected.v(), expected.strideV());
  const auto same = [](const Plane& plane, const std::uint8_t* rows, int stride, int width,
                       int height) {
    for (std::ptrdiff_t row = 0; row < height; ++row) {
      const std::uint8_t* drawn = plane.data + row * plane.stride;
      if (!std::equal(drawn, drawn + width, rows + row * stride)) return false;
    }
    return true;
  };
  const auto& planes = frames.back().planes;
  EXPECT_TRUE(same(planes[0], expected.y(), expected.strideY(), 640, 480));
  EXPECT_TRUE(same(planes[1], expected.u(), expected.strideU(), 320, 240));
  EXPECT_TRUE(same(planes[2], expected.v(), expected.strideV(), 320, 240));
}

TEST(PatternSource, IsNeverAheadOfItsSchedule) {
  PatternSource source(small(false));
  const Time before = monotonicNow();
  const auto frames = collect(source, 30);
  ASSERT_EQ(frames.size(), 30U);
  // A busy machine may be late.
  Time due = before;
  for (const VideoFrame& frame : frames) {
    EXPECT_GE(frame.time, due);
    due += milliseconds(10);
  }
}

TEST(PatternSource, PushesNothingBeforeItsStartAndAfterItsStop) {
  PatternSource source(small(false));
  Collector collector(source);
  EXPECT_EQ(collector.count(), 0U);
  ASSERT_TRUE(source.start().has_value());
  ASSERT_TRUE(collector.waitFor(2));
  source.stop();
  const std::size_t count = collector.count();
  source.stop();
  EXPECT_EQ(collector.count(), count);
}

TEST(PatternSource, StopsAtOnceWithinALongInterval) {
  PatternSource source({.width = 64, .height = 64, .fps = 1, .stamp = false});
  Collector collector(source);
  ASSERT_TRUE(source.start().has_value());
  ASSERT_TRUE(collector.waitFor(1));
  const Time before = monotonicNow();
  source.stop();
  EXPECT_LT(monotonicNow() - before, milliseconds(500));
}

}  // namespace
}  // namespace rtcpub::media
