#include "net/tcp_dialer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::net {
namespace {

tcp::endpoint at(const char* address) { return {asio::ip::make_address(address), 8267}; }

TEST(Interleaved, CallsBothFamiliesInTurnBeginningWithIpv6) {
  EXPECT_THAT(
      interleaved({at("192.0.2.1"), at("192.0.2.2"), at("192.0.2.3"), at("2001:db8::1")}),
      testing::ElementsAre(at("2001:db8::1"), at("192.0.2.1"), at("192.0.2.2"), at("192.0.2.3")));
  EXPECT_THAT(interleaved({at("2001:db8::1"), at("2001:db8::2")}),
              testing::ElementsAre(at("2001:db8::1"), at("2001:db8::2")));
  EXPECT_THAT(interleaved({}), testing::IsEmpty());
}

}  // namespace
}  // namespace rtcpub::net
