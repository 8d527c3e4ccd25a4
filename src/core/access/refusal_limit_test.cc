#include "core/access/refusal_limit.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using namespace std::chrono_literals;

class RefusalLimitTest : public testing::Test {
 protected:
  void refuse(std::string_view address, std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) EXPECT_FALSE(limit.onRefused(address, now)) << i;
  }

  RefusalLimit limit;
  Time now{1h};
};

TEST_F(RefusalLimitTest, LetsTwentyAMinuteBeAnswered) {
  refuse("192.0.2.1", 20);
  EXPECT_EQ(limit.onRefused("192.0.2.1", now), 60s);
  now += 59s;
  EXPECT_EQ(limit.wait("192.0.2.1", now), 1s);
  EXPECT_EQ(limit.onRefused("192.0.2.1", now), 1s);
  now += 1s;
  EXPECT_FALSE(limit.wait("192.0.2.1", now));
  refuse("192.0.2.1", 20);
}

TEST_F(RefusalLimitTest, NeverAsksToWaitForNoTime) {
  refuse("192.0.2.1", 20);
  now += 60s - 1ms;
  EXPECT_EQ(limit.onRefused("192.0.2.1", now), 1s);
}

TEST_F(RefusalLimitTest, CountsAnIpv6NetworkAsOneAddress) {
  refuse("2001:db8:1:2::1", 10);
  refuse("2001:db8:1:2::2", 10);
  EXPECT_TRUE(limit.onRefused("2001:db8:1:2::3", now));
  EXPECT_FALSE(limit.onRefused("2001:db8:1:3::1", now));
}

TEST_F(RefusalLimitTest, LeavesOtherAddressesAlone) {
  refuse("192.0.2.1", 20);
  EXPECT_FALSE(limit.wait("192.0.2.2", now));
  refuse("192.0.2.2", 20);
}

TEST_F(RefusalLimitTest, ForgetsWhoWasQuietForLongest) {
  refuse("192.0.2.1", 20);
  refuse("192.0.2.2", 20);
  (void)limit.onRefused("192.0.2.1", now);  // it goes on
  for (std::size_t i = 0; i < RefusalLimit::kMaxNetworks - 1; ++i) {
    refuse("10.0." + std::to_string(i / 256) + '.' + std::to_string(i % 256), 1);
  }
  EXPECT_EQ(limit.networks(), RefusalLimit::kMaxNetworks);
  EXPECT_TRUE(limit.wait("192.0.2.1", now));
  EXPECT_FALSE(limit.wait("192.0.2.2", now));
}

}  // namespace
}  // namespace rtcpub
