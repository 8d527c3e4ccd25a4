#include "core/address/reachable_hosts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const HostSources kSources{.names = {"robots.example"},
                           .publicIps = {"203.0.113.7"},
                           .machineNames = {"pi.local"},
                           .ownIps = {"192.168.1.5", "fd00::5", "10.0.0.2"}};

HostSources ownOnly() {
  return {.names = {}, .publicIps = {}, .machineNames = {}, .ownIps = kSources.ownIps};
}

TEST(ReachableHosts, AreTheBestFirst) {
  EXPECT_THAT(reachableHosts({.address = "::"}, kSources),
              ElementsAre("robots.example", "203.0.113.7", "192.168.1.5", "fd00::5", "10.0.0.2",
                          "pi.local"));
}

TEST(ReachableHosts, AreThoseThatLeadToTheListener) {
  EXPECT_THAT(reachableHosts({.address = "0.0.0.0"}, ownOnly()),
              ElementsAre("192.168.1.5", "10.0.0.2"));
  EXPECT_THAT(reachableHosts({.address = "10.0.0.2"}, ownOnly()), ElementsAre("10.0.0.2"));
  EXPECT_THAT(reachableHosts({.address = "fd00::5"}, ownOnly()), ElementsAre("fd00::5"));
}

TEST(ReachableHosts, AreNoneForALoopbackListener) {
  EXPECT_THAT(reachableHosts({.address = "127.0.0.1"}, kSources), IsEmpty());
  EXPECT_THAT(reachableHosts({.address = "::1"}, kSources), IsEmpty());
}

TEST(ReachableHosts, AreNoAddressesThatOnlyThisMachineOrItsLinkKnows) {
  EXPECT_THAT(reachableHosts({.address = "::"}, {.names = {},
                                                 .publicIps = {},
                                                 .machineNames = {},
                                                 .ownIps = {"127.0.0.1", "::1", "fe80::5"}}),
              IsEmpty());
}

TEST(ReachableHosts, AreNamedOnce) {
  EXPECT_THAT(reachableHosts({.address = "0.0.0.0"}, {.names = {"192.168.1.5", "a.example"},
                                                      .publicIps = {"192.168.1.5"},
                                                      .machineNames = {"a.example"},
                                                      .ownIps = {"192.168.1.5"}}),
              ElementsAre("192.168.1.5", "a.example"));
}

}  // namespace
}  // namespace rtcpub
