#include "sfu/router/retransmission_guard.h"

#include <gtest/gtest.h>

namespace rtcpub::sfu {
namespace {

using std::chrono::milliseconds;

constexpr Time kStart{std::chrono::seconds(100)};

TEST(RetransmissionGuard, LetsAPacketPassOnceInAnInterval) {
  RetransmissionGuard guard;
  EXPECT_TRUE(guard.allow(7, kStart));
  EXPECT_FALSE(guard.allow(7, kStart + milliseconds(19)));
  EXPECT_TRUE(guard.allow(8, kStart + milliseconds(19)));
  EXPECT_TRUE(guard.allow(7, kStart + milliseconds(20)));
}

TEST(RetransmissionGuard, LetsNumberZeroPassFirst) {
  RetransmissionGuard guard;
  EXPECT_TRUE(guard.allow(0, kStart));
}

TEST(RetransmissionGuard, BoundsAllOfThemTogether) {
  RetransmissionGuard guard;
  int allowed = 0;
  for (int i = 0; i < 10'000; ++i) {
    allowed += guard.allow(static_cast<std::uint16_t>(i), kStart) ? 1 : 0;
  }
  EXPECT_EQ(allowed, RetransmissionGuard::kMaxPerSecond);
  EXPECT_TRUE(guard.allow(0, kStart + milliseconds(1000)));
}

}  // namespace
}  // namespace rtcpub::sfu
