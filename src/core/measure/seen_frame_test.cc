#include "core/measure/seen_frame.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/measure/stamp.h"

namespace rtcpub {
namespace {

using namespace std::chrono_literals;

constexpr Time kDecoded{1h + 5s};

/// A grey frame, stamped if there is a time to stamp it with.
SeenFrame seen(std::optional<std::uint32_t> stampUs) {
  constexpr int kWidth = 640;
  constexpr int kHeight = 480;
  std::vector<std::uint8_t> luma(std::size_t{kWidth} * kHeight, 128);
  if (stampUs) stamp::write(luma.data(), kWidth, {.frame = 7, .timeUs = *stampUs});
  VideoFrame frame;
  frame.width = kWidth;
  frame.height = kHeight;
  frame.time = kDecoded;
  frame.planes[0] = {luma.data(), kWidth};
  return look(frame);
}

std::uint32_t microseconds(Time time) {
  return static_cast<std::uint32_t>(time.time_since_epoch().count());
}

TEST(SeenFrame, KeepsSizeAndTime) {
  const SeenFrame frame = seen(std::nullopt);
  EXPECT_EQ(frame.width, 640);
  EXPECT_EQ(frame.height, 480);
  EXPECT_EQ(frame.decoded, kDecoded);
  EXPECT_EQ(frame.stampUs, std::nullopt);
}

TEST(SeenFrame, IsAsOldAsItsStampSaysByThePublishersClock) {
  // The publisher's clock is an hour behind.
  const std::int64_t offsetUs = -std::chrono::microseconds(1h).count();
  const SeenFrame frame = seen(microseconds(kDecoded - 1h - 80ms));
  EXPECT_EQ(ageMs(frame, offsetUs), 80.0);
}

TEST(SeenFrame, MayComeOutALittleYoungerThanNothing) {
  EXPECT_EQ(ageMs(seen(microseconds(kDecoded + 2ms)), 0), -2.0);
}

TEST(SeenFrame, HasNoAgeWithoutAStampOrAClock) {
  EXPECT_EQ(ageMs(seen(std::nullopt), 0), std::nullopt);
  EXPECT_EQ(ageMs(seen(1), std::nullopt), std::nullopt);
}

}  // namespace
}  // namespace rtcpub
