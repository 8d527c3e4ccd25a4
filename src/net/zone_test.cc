#include "net/zone.h"

#include <gtest/gtest.h>
#include <net/if.h>

#include <string>

namespace rtcpub::net {
namespace {

TEST(InterfaceOf, IsTheZonesByNameOrNumber) {
  const auto loopback = if_nametoindex("lo");
  ASSERT_NE(loopback, 0U);
  EXPECT_EQ(interfaceOf("fe80::1%lo"), loopback);
  EXPECT_EQ(interfaceOf("fe80::1%" + std::to_string(loopback)), loopback);
}

TEST(InterfaceOf, IsNoneWhereNoneIsNamed) {
  EXPECT_EQ(interfaceOf("fe80::1"), 0U);
  EXPECT_EQ(interfaceOf("robot.example"), 0U);
}

TEST(InterfaceOf, IsNothingWhereThereIsNoSuchInterface) {
  EXPECT_EQ(interfaceOf("fe80::1%no-such-one"), std::nullopt);
  EXPECT_EQ(interfaceOf("fe80::1%2147483647"), std::nullopt);
}

}  // namespace
}  // namespace rtcpub::net
