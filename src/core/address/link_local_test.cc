#include "core/address/link_local.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

TEST(LinkLocal, IsKnownWithAndWithoutItsZone) {
  EXPECT_TRUE(isLinkLocalIpv6("fe80::1"));
  EXPECT_TRUE(isLinkLocalIpv6("FEBF::1%eth0"));
  for (const auto* other : {"", "fe80", "fec0::1", "fe7f::1", "fe8::1", "2001:db8::1", "::1"}) {
    EXPECT_FALSE(isLinkLocalIpv6(other)) << other;
  }
  EXPECT_EQ(zoneOf("fe80::1%eth0"), "eth0");
  EXPECT_EQ(zoneOf("fe80::1"), "");
  EXPECT_EQ(withoutZone("fe80::1%eth0"), "fe80::1");
  EXPECT_EQ(withoutZone("robot.example"), "robot.example");
}

}  // namespace
}  // namespace rtcpub
