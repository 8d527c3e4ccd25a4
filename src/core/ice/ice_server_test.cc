#include "core/ice/ice_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(IceServer, ReadsStunWithItsDefaultPorts) {
  EXPECT_EQ(parseIceServer("stun:h.example"), (IceServer{"stun:h.example:3478", "", ""}));
  EXPECT_EQ(parseIceServer("stuns:h.example"), (IceServer{"stuns:h.example:5349", "", ""}));
  EXPECT_EQ(parseIceServer("STUN:192.0.2.1:19302"), (IceServer{"stun:192.0.2.1:19302", "", ""}));
}

TEST(IceServer, TakesTheCredentialsOutOfTheUrl) {
  EXPECT_EQ(parseIceServer("turn:user:pass@h:3478?transport=udp"),
            (IceServer{"turn:h:3478?transport=udp", "user", "pass"}));
  EXPECT_EQ(parseIceServer("turn:user:pass@h?transport=tcp"),
            (IceServer{"turn:h:3478?transport=tcp", "user", "pass"}));
  EXPECT_EQ(parseIceServer("turns:user:pass@h"), (IceServer{"turns:h:5349", "user", "pass"}));
}

TEST(IceServer, TakesAnyCharacterInCredentials) {
  EXPECT_EQ(parseIceServer("turn:1700000000%3Abob:p%40s%25:s@h"),
            (IceServer{"turn:h:3478", "1700000000:bob", "p@s%:s"}));
  EXPECT_EQ(parseIceServer("turn:u:p@s?w/rd@h"), (IceServer{"turn:h:3478", "u", "p@s?w/rd"}));
}

TEST(IceServer, KeepsIpv6InBrackets) {
  EXPECT_EQ(parseIceServer("stun:[2001:db8::1]"), (IceServer{"stun:[2001:db8::1]:3478", "", ""}));
  EXPECT_EQ(parseIceServer("turn:u:p@[::1]:1?transport=tcp"),
            (IceServer{"turn:[::1]:1?transport=tcp", "u", "p"}));
}

TEST(IceServer, RefusesAZoneWhichTheEngineCantReach) {
  for (const auto* bad : {"stun:[fe80::1%eth0]", "turn:u:p@[fe80::1%25eth0]:3478"}) {
    EXPECT_THAT(parseIceServer(bad).error().message, HasSubstr("link-local")) << bad;
  }
}

TEST(IceServer, RefusesOthersAndSaysHowToWriteIt) {
  for (const auto* bad : {"",
                          "stun",
                          "stun:",
                          "http://h",
                          "h:3478",
                          "stun:h:0",
                          "stun:h:65536",
                          "stun:h:x",
                          "stun:::1",
                          "stun:u:p@h",
                          "stun:h?transport=udp",
                          "turn:h",
                          "turn:@h",
                          "turn:u@h",
                          "turn:u:@h",
                          "turn::p@h",
                          "turn:u:p@",
                          "turn:u:p@h?",
                          "turn:u:p@h?transport=sctp",
                          "turn:u:p@h?transport=udp&x=1",
                          "turn:u:p@h?x=1",
                          "turn:u%:p@h",
                          "turn:u:p%0a@h",
                          "stun:h\nstun:g",
                          "stun://h"}) {
    const auto result = parseIceServer(bad);
    ASSERT_FALSE(result) << bad;
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(result.error().message, HasSubstr("turn:USER:PASSWORD@HOST:PORT"));
  }
}

TEST(IceServer, KeepsCredentialsOutOfTheMessage) {
  for (const auto* bad :
       {"turn:bob:secret", "turn:bob:secret@", "turn:bob:secret@h:0", "turn:bob:secret%@h",
        "turn:secret@h", "stun:bob:secret@h", "bob:secret@h", "secret:bob@h", "turn:bob:secret@a b",
        "turn:b@h?transport=secret", "turn:b:p@h?secret=secret", "secret"}) {
    const auto result = parseIceServer(bad);
    ASSERT_FALSE(result) << bad;
    EXPECT_THAT(result.error().message, Not(HasSubstr("secret"))) << bad;
    EXPECT_THAT(result.error().message, Not(HasSubstr("bob"))) << bad;
  }
}

TEST(IceServerAddress, HasThePortOfItsScheme) {
  EXPECT_EQ(addressOf({"stun:a", "", ""}).value(), (HostPort{"a", 3478}));
  EXPECT_EQ(addressOf({"turns:a?transport=tcp", "", ""}).value(), (HostPort{"a", 5349}));
  EXPECT_EQ(addressOf({"turn:[::1]:99?transport=udp", "", ""}).value(), (HostPort{"::1", 99}));
  EXPECT_FALSE(addressOf({"stun", "", ""}));
  EXPECT_TRUE(isUdp({"turn:a", "", ""}));
  EXPECT_TRUE(isUdp({"turn:a?transport=udp", "", ""}));
  EXPECT_FALSE(isUdp({"turn:a?transport=tcp", "", ""}));
  EXPECT_FALSE(isUdp({"turns:a", "", ""}));
}

}  // namespace
}  // namespace rtcpub
