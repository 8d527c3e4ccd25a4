#include "core/limits/offer_limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1000s};

TEST(OfferLimits, LetAClientSendFiveOffersASecondAndTheSixthWait) {
  OfferTurns client(nullptr, "");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(*client.take(kStart + i * 1ms), kStart + i * 1ms);
  EXPECT_EQ(*client.take(kStart + 10ms), kStart + 1s);
  EXPECT_EQ(*client.take(kStart + 1s), kStart + 1001ms);
}

TEST(OfferLimits, RefuseAClientThatDoesNotWaitForItsTurn) {
  OfferTurns client(nullptr, "");
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(client.take(kStart));
  const auto refused = client.take(kStart + 999ms);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("wait for the answer"));
  EXPECT_TRUE(client.take(kStart + 1s));
}

TEST(OfferLimits, CountAcrossTheWebSocketsOfOneAddress) {
  OfferLimits limits;
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(*OfferTurns(&limits, "192.0.2.1").take(kStart), kStart) << i;
  }
  EXPECT_EQ(*OfferTurns(&limits, "192.0.2.1").take(kStart), kStart + 1s);
  EXPECT_EQ(*OfferTurns(&limits, "192.0.2.2").take(kStart), kStart);
}

TEST(OfferLimits, RefuseAnAddressOfWhichTooManyWait) {
  OfferLimits limits;
  int taken = 0;
  while (OfferTurns(&limits, "192.0.2.1").take(kStart)) ++taken;
  EXPECT_EQ(taken, 6 * 50);  // at once, and for five seconds
  const auto refused = OfferTurns(&limits, "192.0.2.1").take(kStart);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("your address"));
  EXPECT_TRUE(OfferTurns(&limits, "192.0.2.1").take(kStart + 1s));
}

TEST(OfferLimits, TakeAnIpv6NetworkForOneAddress) {
  OfferLimits limits;
  for (int i = 0; i < 50; ++i) (void)limits.take("2001:db8::" + std::to_string(i + 1), kStart);
  EXPECT_EQ(limits.take("2001:db8:0:0:ffff::1", kStart), kStart + 1s);
  EXPECT_EQ(limits.take("2001:db8:0:1::1", kStart), kStart);
  EXPECT_EQ(limits.take("fe80::1%eth0", kStart), kStart);
}

TEST(OfferLimits, ForgetWhoeverHasGone) {
  OfferLimits limits;
  for (int i = 0; i < 100; ++i) (void)limits.take("192.0.2." + std::to_string(i), kStart);
  EXPECT_EQ(limits.size(), 100U);
  (void)limits.take("192.0.2.1", kStart + 10s);
  EXPECT_EQ(limits.size(), 1U);
}

}  // namespace
}  // namespace rtcpub
