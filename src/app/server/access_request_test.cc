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
  EXPECT_EQ(asked.origin, "https://x");
  EXPECT_FALSE(asked.loopback);
}

TEST(AccessRequest, TakesForThisMachineOnlyWhoIsOnIt) {
  const auto isLocal = [](net::HttpRequest request) {
    return accessRequest(request, {}, "").loopback;
  };
  EXPECT_TRUE(isLocal({.loopback = true}));
  EXPECT_FALSE(isLocal({.loopback = false}));
  EXPECT_FALSE(isLocal({.loopback = true, .proxied = true}));
  // Proxies that the server wasn't told of.
  for (const char* name : {"X-Forwarded-For", "Forwarded", "Via"}) {
    EXPECT_FALSE(isLocal({.loopback = true, .headers = {{name, "x"}}})) << name;
  }
}

}  // namespace
}  // namespace rtcpub
