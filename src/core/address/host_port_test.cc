#include "core/address/host_port.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub {
namespace {

TEST(HostPort, ReadsNamesAndAddresses) {
  EXPECT_EQ(parseHostPort("spider.example"), (HostPort{"spider.example", std::nullopt}));
  EXPECT_EQ(parseHostPort("192.0.2.1:1"), (HostPort{"192.0.2.1", 1}));
  EXPECT_EQ(parseHostPort("robot_1:65535"), (HostPort{"robot_1", 65535}));
  EXPECT_EQ(parseHostPort("[2001:db8::1]"), (HostPort{"2001:db8::1", std::nullopt}));
  EXPECT_EQ(parseHostPort("[::ffff:192.0.2.1]:80"), (HostPort{"::ffff:192.0.2.1", 80}));
}

TEST(HostPort, RefusesWhatIsNeitherWithoutRepeatingIt) {
  for (const std::string& bad :
       {std::string(""),         std::string(":80"),     std::string("h:"),
        std::string("h:0"),      std::string("h:65536"), std::string("h:-1"),
        std::string("h:http"),   std::string("::1"),     std::string("::1:80"),
        std::string("[::1"),     std::string("[::1]80"), std::string("[]"),
        std::string("[secret]"), std::string("[::1]:"),  std::string("a b"),
        std::string("user@h"),   std::string("h\n"),     std::string("h\0", 2),
        std::string("h/secret"), std::string(254, 'a')}) {
    const auto result = parseHostPort(bad);
    ASSERT_FALSE(result) << bad;
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(result.error().message, testing::Not(testing::HasSubstr("secret")));
  }
}

TEST(HostPort, TakesAZoneAsUrlsAndAsPeopleWriteIt) {
  const HostPort robot{"fe80::1%eth0", 8267};
  EXPECT_EQ(parseHostPort("[fe80::1%eth0]:8267"), robot);
  EXPECT_EQ(parseHostPort("[fe80::1%25eth0]:8267"), robot);
  EXPECT_EQ(parseHostPort("[FEBF::2%wlan-0.7]"), (HostPort{"FEBF::2%wlan-0.7", std::nullopt}));
  EXPECT_EQ(parseHostPort("[fe80::1%25]"), (HostPort{"fe80::1%25", std::nullopt}))
      << "by its number";
  EXPECT_EQ(formatHostPort("fe80::1%eth0", 80), "[fe80::1%eth0]:80");
}

TEST(HostPort, RefusesAZoneThatMeansNothing) {
  for (const auto* bad : {"[fe80::1%]", "[fe80::1%secret/]", "[fe80::1%an-interface-too-long]",
                          "[fe80::1%a%b]", "[2001:db8::1%eth0]", "[::1%eth0]", "fe80::1%eth0",
                          "[%eth0]", "[fe80%eth0]", "host%eth0"}) {
    EXPECT_FALSE(parseHostPort(bad)) << bad;
  }
}

TEST(HostPort, WritesIpv6InBrackets) {
  EXPECT_EQ(formatHostPort("a.example", 80), "a.example:80");
  EXPECT_EQ(formatHostPort("::1", 8267), "[::1]:8267");
}

}  // namespace
}  // namespace rtcpub
