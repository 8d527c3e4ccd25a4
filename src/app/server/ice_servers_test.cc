#include "app/server/ice_servers.h"

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
  return nlohmann::json::parse(iceServersJson(host, offer));
}

TEST(IceServersJson, HoldsWhatABrowserTakes) {
  EXPECT_EQ(offered("robots.example"), nlohmann::json::parse(R"({"iceServers":[
      {"urls":["stun:robots.example:8268"]},
      {"urls":["turn:robots.example:8267?transport=udp","turn:robots.example:8267?transport=tcp"],
       "username":"1:x","credential":"secret"}],"ttl":60})"));
  EXPECT_EQ(offered("2001:db8::1")["iceServers"][0]["urls"][0], "stun:[2001:db8::1]:8268");
}

TEST(PublicHost, IsTheServerAsTheClientCallsIt) {
  for (const auto& [named, host] :
       std::vector<std::pair<std::string, std::string>>{{"robots.example:8267", "robots.example"},
                                                        {"robots.example", "robots.example"},
                                                        {"[2001:db8::1]:8267", "2001:db8::1"}}) {
    EXPECT_EQ(publicHost({.named = named, .publicIps = {"203.0.113.9"}, .ownIps = {"192.0.2.1"}}),
              host);
  }
}

TEST(PublicHost, IsAnAddressWhereTheClientNamesNone) {
  for (const char* named : {"", "a b", "x\"y", "evil@host", "host:99999"}) {
    EXPECT_EQ(publicHost({.named = named, .ownIps = {"192.0.2.1"}}), "192.0.2.1") << named;
  }
  EXPECT_EQ(publicHost({.named = ""}), "");
}

TEST(PublicHost, IsNotTheClientsOwnMachine) {
  for (const char* named : {"127.0.0.1:8267", "localhost", "[::1]:8267"}) {
    EXPECT_EQ(publicHost({.named = named, .ownIps = {"192.0.2.1"}}), "192.0.2.1") << named;
    EXPECT_NE(publicHost({.named = named, .loopback = true, .ownIps = {"192.0.2.1"}}), "192.0.2.1")
        << named << " is right for a program on the server's machine";
  }
}

TEST(PublicHost, IsThePublicAddressWhereAProxyWasCalled) {
  HostClues clues{.named = "proxy.example", .proxied = true, .ownIps = {"192.0.2.1"}};
  EXPECT_EQ(publicHost(clues), "proxy.example") << "perhaps they share a machine";
  clues.publicIps = {"203.0.113.9", "2001:db8::9"};
  EXPECT_EQ(publicHost(clues), "203.0.113.9");
}

TEST(IceServersJson, LeavesOutUdpWhereThereIsNone) {
  IceOffer offer = kOffer;
  offer.turnUdpPort = 0;
  EXPECT_EQ(offered("h", offer)["iceServers"][1]["urls"],
            nlohmann::json::parse(R"(["turn:h:8267?transport=tcp"])"));
}

}  // namespace
}  // namespace rtcpub
