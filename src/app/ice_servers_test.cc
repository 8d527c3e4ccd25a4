#include "app/ice_servers.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace rtcpub {
namespace {

const IceOffer kOffer{.stunPort = 8268,
                      .turnUdpPort = 8267,
                      .turnTcpPort = 8267,
                      .username = "1:x",
                      .password = "secret",
                      .life = std::chrono::seconds(60)};

nlohmann::json offered(const std::string& host, const IceOffer& offer = kOffer) {
  return nlohmann::json::parse(iceServersJson(host, "192.0.2.1", offer));
}

TEST(IceServersJson, NamesTheServerAsTheClientDoes) {
  EXPECT_EQ(offered("robots.example:8267"), nlohmann::json::parse(R"({"iceServers":[
      {"urls":["stun:robots.example:8268"]},
      {"urls":["turn:robots.example:8267?transport=udp","turn:robots.example:8267?transport=tcp"],
       "username":"1:x","credential":"secret"}],"ttl":60})"));
  EXPECT_EQ(offered("[2001:db8::1]:8267")["iceServers"][0]["urls"][0], "stun:[2001:db8::1]:8268");
}

TEST(IceServersJson, DoesNotRepeatWhatIsNoHost) {
  for (const char* host : {"", "a b", "x\"y", "evil@host", "host:99999"}) {
    EXPECT_EQ(offered(host)["iceServers"][0]["urls"][0], "stun:192.0.2.1:8268") << host;
  }
}

TEST(IceServersJson, LeavesOutUdpWhereThereIsNone) {
  IceOffer offer = kOffer;
  offer.turnUdpPort = 0;
  EXPECT_EQ(offered("h", offer)["iceServers"][1]["urls"],
            nlohmann::json::parse(R"(["turn:h:8267?transport=tcp"])"));
}

}  // namespace
}  // namespace rtcpub
