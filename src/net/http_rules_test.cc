#include "net/http_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::net {
namespace {

TEST(RemoteAddress, CountsEveryLoopbackAddressAsThisMachine) {
  EXPECT_TRUE(remoteAddress("127.0.0.1").loopback);
  EXPECT_TRUE(remoteAddress("127.200.3.4").loopback);
  EXPECT_TRUE(remoteAddress("::1").loopback);
  EXPECT_TRUE(remoteAddress("::ffff:127.0.0.1").loopback);
}

TEST(RemoteAddress, CountsEverythingElseAsFarAway) {
  EXPECT_FALSE(remoteAddress("192.0.2.7").loopback);
  EXPECT_FALSE(remoteAddress("::ffff:192.0.2.7").loopback);
  EXPECT_FALSE(remoteAddress("2001:db8::1").loopback);
  EXPECT_FALSE(remoteAddress("::").loopback);
  EXPECT_FALSE(remoteAddress("0.0.0.0").loopback);
  EXPECT_FALSE(remoteAddress("localhost").loopback);
  EXPECT_FALSE(remoteAddress("").loopback);
}

TEST(RemoteAddress, WritesAMappedAddressAsIpv4) {
  EXPECT_EQ(remoteAddress("::ffff:192.0.2.7").text, "192.0.2.7");
  EXPECT_EQ(remoteAddress("2001:db8:0::1").text, "2001:db8::1");
}

TEST(Origin, IsAllowedWhenThePageCameFromThisServer) {
  EXPECT_TRUE(originAllowed("https://robot.example:8267", "robot.example:8267"));
  EXPECT_TRUE(originAllowed("http://localhost:8267", "localhost:8267"));
  EXPECT_TRUE(originAllowed("HTTPS://Robot.Example:8267", "robot.example:8267"));
  EXPECT_TRUE(originAllowed("https://[::1]:8267", "[::1]:8267"));
}

TEST(Origin, MayLeaveOutTheSchemesPort) {
  EXPECT_TRUE(originAllowed("https://robot.example", "robot.example:443"));
  EXPECT_TRUE(originAllowed("http://robot.example:80", "robot.example"));
  EXPECT_FALSE(originAllowed("http://robot.example:443", "robot.example"));
}

TEST(Origin, IsRefusedWhenThePageCameFromElsewhere) {
  EXPECT_FALSE(originAllowed("https://evil.example", "robot.example:8267"));
  EXPECT_FALSE(originAllowed("https://robot.example:8268", "robot.example:8267"));
  EXPECT_FALSE(originAllowed("https://robot.example.evil:8267", "robot.example:8267"));
  EXPECT_FALSE(originAllowed("https://evil@robot.example:8267", "robot.example:8267"));
  EXPECT_FALSE(originAllowed("null", "robot.example:8267"));
  EXPECT_FALSE(originAllowed("file://", ""));
  EXPECT_FALSE(originAllowed("https://", ""));
  EXPECT_FALSE(originAllowed("", "robot.example:8267"));
}

TEST(ErrorResponse, IsJsonWhateverTheReasonHolds) {
  EXPECT_EQ(errorResponse(404, "no \"such\"\npath").body, R"({"error":"no \"such\"\npath"})");
  EXPECT_EQ(errorResponse(400, "\xff").body, "{\"error\":\"\xef\xbf\xbd\"}");
  EXPECT_EQ(errorResponse(404, "x").status, 404);
}

HttpRequest onLoopback(const std::string& host) { return {.host = host, .direct = true}; }

TEST(Host, IsLocalhostAnAddressOrAName) {
  for (const char* host : {"localhost", "LOCALHOST:8267", "localhost.:8267", "car.localhost",
                           "127.0.0.1:8267", "127.3.2.1", "[::1]:8267", "[::1]", "192.0.2.7:80",
                           "Robot.example", "robot.example:8267", ""}) {
    EXPECT_EQ(hostProblem(onLoopback(host), {"car", "robot.Example"}), "") << host;
  }
}

TEST(Host, IsNobodyElsesNameOnLoopback) {
  for (const char* host :
       {"evil.example", "evil.example:8267", "localhost.evil.example", "127.0.0.1.evil.example",
        "notlocalhost", "robot", "robot.evil.example", "[::1].evil.example", ":8267", "["}) {
    EXPECT_THAT(hostProblem(onLoopback(host), {"robot.example"}), testing::HasSubstr("localhost"))
        << host;
  }
}

TEST(Host, IsWhateverItIsFromElsewhereOrByATrustedProxy) {
  EXPECT_EQ(hostProblem({.host = "robots.example"}, {}), "");
  EXPECT_EQ(hostProblem({.host = "robots.example", .loopback = true, .proxied = true}, {}), "");
}

TEST(Host, IsPrintedSafely) {
  EXPECT_THAT(hostProblem(onLoopback("evil\x1b[2J"), {}), testing::Not(testing::HasSubstr("\x1b")));
}

TEST(Host, MeansItsOwnMachineByFewNames) {
  for (const char* host : {"localhost", "LOCALHOST:8267", "a.localhost.", "127.0.0.1",
                           "127.9.9.9:1", "[::1]", "[::1]:8267"}) {
    EXPECT_TRUE(namesLoopback(host)) << host;
  }
  for (const char* host : {"", "robots.example", "localhost.example", "192.0.2.1:8267", "0.0.0.0",
                           "[2001:db8::1]", "127.0.0.1.example", "["}) {
    EXPECT_FALSE(namesLoopback(host)) << host;
  }
}

}  // namespace
}  // namespace rtcpub::net
