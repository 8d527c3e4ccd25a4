#include "app/server/access_request.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

TEST(AccessRequest, SaysWhoAsksForWhat) {
  const net::HttpRequest request{
      .remoteAddress = "203.0.113.5",
      .headers = {{"Authorization", "Bearer a.b.c"}, {"Origin", "https://x"}}};
  const auto asked = accessRequest(request, Right::kDrive, "car-1");
  EXPECT_EQ(asked.action, Right::kDrive);
  EXPECT_EQ(asked.channel, "car-1");
  EXPECT_EQ(asked.token, "a.b.c");
  EXPECT_EQ(asked.address, "203.0.113.5");
  EXPECT_FALSE(asked.loopback);
}

net::HttpRequest fromHere() { return {.host = "127.0.0.1:8267", .loopback = true}; }

bool isLocal(const net::HttpRequest& request) { return accessRequest(request, {}, "").loopback; }

TEST(AccessRequest, TakesForThisMachineOnlyWhoIsOnIt) {
  EXPECT_TRUE(isLocal(fromHere()));
  auto elsewhere = fromHere();
  elsewhere.loopback = false;
  EXPECT_FALSE(isLocal(elsewhere));
  auto proxied = fromHere();
  proxied.proxied = true;
  EXPECT_FALSE(isLocal(proxied));
}

TEST(AccessRequest, KnowsProxiesThatTheServerWasNotToldOf) {
  for (const char* name :
       {"X-Forwarded-For", "x-forwarded-proto", "X-Real-IP", "Forwarded", "Via"}) {
    auto request = fromHere();
    request.headers.add(name, "");
    EXPECT_FALSE(isLocal(request)) << name;
  }
  for (const char* host : {"robots.example", "192.0.2.1:8267", ""}) {
    auto request = fromHere();
    request.host = host;
    EXPECT_FALSE(isLocal(request)) << host;
  }
  auto nginx = fromHere();
  nginx.version = 10;
  EXPECT_FALSE(isLocal(nginx));
}

}  // namespace
}  // namespace rtcpub
