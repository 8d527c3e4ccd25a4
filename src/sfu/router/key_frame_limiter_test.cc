#include "sfu/router/key_frame_limiter.h"

#include <gtest/gtest.h>

namespace rtcpub::sfu {
namespace {

using std::chrono::milliseconds;

constexpr Time kStart{std::chrono::seconds(100)};

TEST(KeyFrameLimiter, SendsTheFirstRequestAtOnce) {
  KeyFrameLimiter limiter;
  EXPECT_TRUE(limiter.request(kStart));
}

TEST(KeyFrameLimiter, KeepsARequestThatComesTooEarly) {
  KeyFrameLimiter limiter;
  ASSERT_TRUE(limiter.request(kStart));
  EXPECT_FALSE(limiter.request(kStart + milliseconds(100)));
  EXPECT_EQ(limiter.deadline(false), kStart + milliseconds(500));
  EXPECT_FALSE(limiter.onTime(kStart + milliseconds(499), false));
  EXPECT_TRUE(limiter.onTime(kStart + milliseconds(500), false));
  EXPECT_EQ(limiter.deadline(false), std::nullopt);
}

TEST(KeyFrameLimiter, IsSatisfiedByAKeyFrame) {
  KeyFrameLimiter limiter;
  ASSERT_TRUE(limiter.request(kStart));
  (void)limiter.request(kStart + milliseconds(100));
  limiter.onKeyFrame();
  EXPECT_EQ(limiter.deadline(true), std::nullopt);
  EXPECT_FALSE(limiter.onTime(kStart + milliseconds(5000), true));
}

TEST(KeyFrameLimiter, KeepsItsDistanceAfterAKeyFrame) {
  KeyFrameLimiter limiter;
  ASSERT_TRUE(limiter.request(kStart));
  limiter.onKeyFrame();
  EXPECT_FALSE(limiter.request(kStart + milliseconds(200)));
  EXPECT_EQ(limiter.deadline(false), kStart + milliseconds(500));
}

TEST(KeyFrameLimiter, AsksAgainOnlyWhileSomeoneWaits) {
  KeyFrameLimiter limiter;
  ASSERT_TRUE(limiter.request(kStart));
  EXPECT_EQ(limiter.deadline(false), std::nullopt);
  EXPECT_EQ(limiter.deadline(true), kStart + milliseconds(1000));
  EXPECT_FALSE(limiter.onTime(kStart + milliseconds(1000), false));
  EXPECT_TRUE(limiter.onTime(kStart + milliseconds(1000), true));
  EXPECT_EQ(limiter.deadline(true), kStart + milliseconds(2000));
}

TEST(KeyFrameLimiter, StartsAnewWithAnotherPublisher) {
  KeyFrameLimiter limiter;
  ASSERT_TRUE(limiter.request(kStart));
  limiter.reset();
  EXPECT_EQ(limiter.deadline(true), std::nullopt);
  EXPECT_TRUE(limiter.request(kStart + milliseconds(1)));
}

}  // namespace
}  // namespace rtcpub::sfu
