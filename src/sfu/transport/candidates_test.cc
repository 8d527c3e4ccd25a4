#include "sfu/transport/candidates.h"

#include <gtest/gtest.h>

#include "sfu/transport/interfaces.h"

namespace rtcpub::sfu {
namespace {

TEST(CandidateLines, PreferTheFirstAddressAndEndWithTheMark) {
  EXPECT_EQ(candidateLines({{"192.0.2.1", "2001:db8::1"}, 8268}, {}),
            "a=candidate:1 1 udp 2130706431 192.0.2.1 8268 typ host\r\n"
            "a=candidate:2 1 udp 2130706175 2001:db8::1 8268 typ host\r\n"
            "a=end-of-candidates\r\n");
}

TEST(CandidateLines, PreferUdpToTcp) {
  EXPECT_EQ(candidateLines({{"192.0.2.1"}, 8268}, {{"192.0.2.1", "2001:db8::1"}, 8267}),
            "a=candidate:1 1 udp 2130706431 192.0.2.1 8268 typ host\r\n"
            "a=candidate:2 1 tcp 1520435199 192.0.2.1 8267 typ host tcptype passive\r\n"
            "a=candidate:3 1 tcp 1520434943 2001:db8::1 8267 typ host tcptype passive\r\n"
            "a=end-of-candidates\r\n");
}

TEST(AddToSections, LeavesRejectedSectionsAlone) {
  EXPECT_EQ(addToSections("v=0\r\nm=video 9 X\r\na=b\r\nm=audio 0 X\r\nm=video 9 Y\r\n", "L\r\n"),
            "v=0\r\nm=video 9 X\r\na=b\r\nL\r\nm=audio 0 X\r\nm=video 9 Y\r\nL\r\n");
}

TEST(AddToSections, TakesWhatHasNoSection) {
  EXPECT_EQ(addToSections("", "L\r\n"), "");
  EXPECT_EQ(addToSections("v=0", "L\r\n"), "v=0");
}

TEST(IsReachable, IsNeitherLoopbackNorLinkLocal) {
  const auto reachable = [](const char* text) { return isReachable(*parseIp(text)); };
  EXPECT_TRUE(reachable("192.168.0.4"));
  EXPECT_TRUE(reachable("2001:db8::4"));
  EXPECT_TRUE(reachable("fd00::2"));
  EXPECT_FALSE(reachable("127.0.0.1"));
  EXPECT_FALSE(reachable("169.254.1.1"));
  EXPECT_FALSE(reachable("0.0.0.0"));
  EXPECT_FALSE(reachable("::1"));
  EXPECT_FALSE(reachable("::"));
  EXPECT_FALSE(reachable("fe80::1"));
  EXPECT_FALSE(reachable("ff02::1"));
}

TEST(AddressesFor, AreThoseOfTheLinkWhenThereAreNoBetterOnes) {
  using Addresses = std::vector<std::string>;
  const Addresses cable{"169.254.10.1", "fe80::1"};
  const HostAddresses alone{{}, cable, {"127.0.0.1"}};
  EXPECT_EQ(addressesFor(alone, {}, false, "169.254.10.1"), cable);
  EXPECT_EQ(addressesFor(alone, {}, true, "127.0.0.1"),
            (Addresses{"169.254.10.1", "fe80::1", "127.0.0.1"}));
  const HostAddresses both{{"192.0.2.1"}, cable, {"127.0.0.1"}};
  EXPECT_EQ(addressesFor(both, {}, false, "192.0.2.1"), Addresses{"192.0.2.1"});
  EXPECT_EQ(addressesFor(alone, {"203.0.113.7"}, false, ""), Addresses{"203.0.113.7"});
}

TEST(AddressesFor, HaveTheLinksThatTheClientHasCalled) {
  using Addresses = std::vector<std::string>;
  const HostAddresses both{{"192.0.2.1"}, {"169.254.10.1", "fe80::1"}, {"127.0.0.1"}};
  EXPECT_EQ(addressesFor(both, {}, false, "fe80::1"), (Addresses{"192.0.2.1", "fe80::1"}));
  EXPECT_EQ(addressesFor(both, {"203.0.113.7"}, false, "169.254.10.1"),
            (Addresses{"203.0.113.7", "169.254.10.1"}));
  EXPECT_EQ(addressesFor(both, {}, false, "no address"), Addresses{"192.0.2.1"});
}

TEST(AddressesFor, AreLoopbacksOnlyWhereThereIsNothingElse) {
  const HostAddresses none{{}, {}, {"127.0.0.1", "::1"}};
  EXPECT_EQ(addressesFor(none, {}, false, ""), none.loopback);
}

TEST(AddressesOfListener, AreAllButOfTheOtherFamilyWhenItListensOnAny) {
  const std::vector<std::string> own{"192.0.2.1", "2001:db8::1"};
  EXPECT_EQ(addressesOfListener("::", own, {}), own);
  EXPECT_EQ(addressesOfListener("0.0.0.0", own, {}), std::vector<std::string>{"192.0.2.1"});
}

TEST(AddressesOfListener, IsTheOneThatItListensOn) {
  const std::vector<std::string> own{"192.0.2.1", "192.0.2.2"};
  EXPECT_EQ(addressesOfListener("192.0.2.2", own, {}), std::vector<std::string>{"192.0.2.2"});
  EXPECT_TRUE(addressesOfListener("127.0.0.1", own, {}).empty());
  EXPECT_EQ(addressesOfListener("127.0.0.1", {"192.0.2.1", "127.0.0.1"}, {}),
            std::vector<std::string>{"127.0.0.1"});
  EXPECT_TRUE(addressesOfListener("nowhere", own, {}).empty());
}

TEST(AddressesOfListener, IsThePublicOneUnlessItListensOnLoopback) {
  const std::vector<std::string> told{"203.0.113.7"};
  EXPECT_EQ(addressesOfListener("192.0.2.1", told, told), told);
  EXPECT_EQ(addressesOfListener("0.0.0.0", told, told), told);
  EXPECT_TRUE(addressesOfListener("127.0.0.1", told, told).empty());
}

TEST(ParseIp, RefusesWhatIsNoAddress) {
  EXPECT_FALSE(parseIp("example.com"));
  EXPECT_FALSE(parseIp(""));
  EXPECT_EQ(toString(*parseIp("203.0.113.7")), "203.0.113.7");
  EXPECT_EQ(toString(*parseIp("2001:DB8::7")), "2001:db8::7");
}

}  // namespace
}  // namespace rtcpub::sfu
