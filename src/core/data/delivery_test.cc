#include "core/data/delivery.h"

#include <gtest/gtest.h>

namespace rtcpub::delivery {
namespace {

using namespace std::chrono_literals;

DataChannelOptions limited(std::optional<int> retransmits, std::optional<int> lifeMs) {
  DataChannelOptions options;
  options.maxRetransmits = retransmits;
  options.maxPacketLifeTimeMs = lifeMs;
  return options;
}

TEST(Delivery, KnowsHowOldAMessageMayBecome) {
  EXPECT_EQ(longestAge({}), std::nullopt);
  EXPECT_EQ(longestAge(limited(0, {})), 150ms);
  EXPECT_EQ(longestAge(limited(2, {})), 450ms);
  EXPECT_EQ(longestAge(limited({}, 300)), 300ms);
  EXPECT_EQ(longestAge(limited(0, 300)), 150ms);
  EXPECT_EQ(longestAge(limited(9, 300)), 300ms);
  EXPECT_EQ(longestAge(limited(65535, {})), 150ms * 65536);
}

TEST(Delivery, IsReliableWithoutALimit) {
  EXPECT_TRUE(isReliable({}));
  EXPECT_FALSE(isReliable(limited(0, {})));
  EXPECT_FALSE(isReliable(limited({}, 0)));
}

TEST(Delivery, TakesEachLimitThatEitherSideAsksFor) {
  const auto both = stricter(limited(0, {}), limited({}, 300));
  EXPECT_EQ(both.maxRetransmits, 0);
  EXPECT_EQ(both.maxPacketLifeTimeMs, 300);
  EXPECT_EQ(stricter({}, limited({}, 300)).maxPacketLifeTimeMs, 300);
  EXPECT_EQ(stricter(limited({}, 300), {}).maxPacketLifeTimeMs, 300);
  EXPECT_EQ(stricter(limited({}, 300), limited({}, 100)).maxPacketLifeTimeMs, 100);
  EXPECT_EQ(stricter(limited(1, {}), limited(3, {})).maxRetransmits, 1);
  EXPECT_TRUE(isReliable(stricter({}, {})));
}

TEST(Delivery, KeepsTheOrderThatEitherSideAsksForAndOurProtocol) {
  DataChannelOptions loose;
  loose.ordered = false;
  loose.protocol = "ours";
  EXPECT_TRUE(stricter(loose, {}).ordered);
  EXPECT_TRUE(stricter({}, loose).ordered);
  EXPECT_FALSE(stricter(loose, loose).ordered);
  EXPECT_EQ(stricter(loose, {}).protocol, "ours");
}

}  // namespace
}  // namespace rtcpub::delivery
