#include "cli/announcement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

Announced onLan() {
  return {.port = 8267,
          .mediaPort = 8268,
          .certificateFile = "/data/cert.pem",
          .certificateFingerprint = "AB:CD",
          .fingerprint = "sha256:0123",
          .selfSigned = true,
          .localUrl = "ws://127.0.0.1:8267",
          .consoleUrl = "http://127.0.0.1:8267",
          .publicUrls = {"https://192.168.1.5:8267", "https://pi.local:8267"},
          .more = {.channel = "demo"}};
}

Announced onLoopback() {
  auto server = onLan();
  server.publicUrls.clear();
  return server;
}

TEST(Announcement, TellsPortsAndBothFingerprints) {
  EXPECT_EQ(describeListening(onLan()),
            "listening on TCP port 8267 (signalling, console, API) and UDP port 8268 (media)\n"
            "certificate /data/cert.pem\n  SHA-256 AB:CD\n  fingerprint sha256:0123\n");
}

TEST(Announcement, NamesEachAddressThatOthersMayOpenAndWhyBrowsersWarn) {
  const std::string text = describeAccess(onLan());
  EXPECT_THAT(text, HasSubstr("  https://192.168.1.5:8267/?channel=demo\n"
                              "  https://pi.local:8267/?channel=demo\n"));
  EXPECT_THAT(text, HasSubstr("Browsers warn there"));
}

TEST(Announcement, SaysFirstWhatToOpenOnThisMachine) {
  EXPECT_THAT(describeAccess(onLan()),
              testing::StartsWith("open http://127.0.0.1:8267/?channel=demo\n"));
  auto server = onLoopback();
  server.more.channel.clear();
  EXPECT_THAT(describeAccess(server), testing::StartsWith("console http://127.0.0.1:8267/\n"));
}

TEST(Announcement, GivesTheRobotsWholeLine) {
  EXPECT_EQ(publishCommand(onLan()),
            "rtcpub publish --server wss://192.168.1.5:8267 --channel car-1 --video v4l2: "
            "--fingerprint sha256:0123");
}

TEST(Announcement, AsksForNoFingerprintWhereSystemsTrustTheCertificate) {
  auto server = onLan();
  server.selfSigned = false;
  EXPECT_THAT(publishCommand(server), Not(HasSubstr("fingerprint")));
  EXPECT_THAT(describeAccess(server), Not(HasSubstr("warn")));
}

TEST(Announcement, SaysHowOthersReachALoopbackServer) {
  const std::string text = describeAccess(onLoopback());
  EXPECT_THAT(text, HasSubstr("--listen 0.0.0.0:8267"));
  EXPECT_THAT(text, HasSubstr("rtcpub publish --server ws://127.0.0.1:8267 --channel car-1"));
  EXPECT_THAT(text, Not(HasSubstr("fingerprint")));
}

/// One that asks for tokens, with links of two kinds.
Announced withLinks() {
  auto server = onLan();
  server.asksForTokens = true;
  server.more.links = {{"to watch and drive for 24h", "d.r.v"}, {"only to watch for 24h", "v.w.r"}};
  return server;
}

TEST(Announcement, PrintsLinksOfEachKindForEachAddress) {
  EXPECT_THAT(describeAccess(withLinks()),
              testing::StartsWith("open http://127.0.0.1:8267/?channel=demo#token=d.r.v\n"
                                  "open from other machines, to watch and drive for 24h:\n"
                                  "  https://192.168.1.5:8267/?channel=demo#token=d.r.v\n"
                                  "  https://pi.local:8267/?channel=demo#token=d.r.v\n"
                                  "open from other machines, only to watch for 24h:\n"
                                  "  https://192.168.1.5:8267/?channel=demo#token=v.w.r\n"
                                  "  https://pi.local:8267/?channel=demo#token=v.w.r\n"));
  EXPECT_EQ(bestLink(withLinks()), "https://192.168.1.5:8267/?channel=demo#token=d.r.v");
  EXPECT_EQ(bestLink(onLan()), "https://192.168.1.5:8267/?channel=demo");
  EXPECT_EQ(bestLink(onLoopback()), "");
}

TEST(Announcement, SaysHowToGetALinkAndAToken) {
  auto server = withLinks();
  server.more = {};
  const std::string text = describeAccess(server);
  EXPECT_THAT(
      text, HasSubstr("  rtcpub token --channel car-1 --rights view,drive --for 8h --name Kim\n"));
  EXPECT_THAT(text,
              HasSubstr("  (umask 077; rtcpub token --channel car-1 --rights publish --for 365d "
                        "--token-only >car-1.token)\n"
                        "copy car-1.token to the robot, and there type\n"
                        "  rtcpub publish "));
  EXPECT_THAT(text, HasSubstr("publish from a robot: on this machine, make its token by\n"));
  EXPECT_THAT(describeAccess(onLan()), HasSubstr("publish from a robot:\n  rtcpub publish "));
  EXPECT_THAT(text, HasSubstr("--video v4l2: --token-file car-1.token --fingerprint"));
  server.dataDir = "/data";
  EXPECT_THAT(describeAccess(server), HasSubstr("rtcpub token --data-dir /data --channel car-1"));
  EXPECT_THAT(describeAccess(onLan()), Not(HasSubstr("token")));
}

TEST(Announcement, PrintsATokenToPublishWhenThereIsOne) {
  auto server = withLinks();
  server.more.publish = {"to publish in every channel for 24h", "p.u.b"};
  EXPECT_THAT(describeAccess(server),
              HasSubstr("a token to publish in every channel for 24h:\n  p.u.b\n"));
}

}  // namespace
}  // namespace rtcpub::cli
