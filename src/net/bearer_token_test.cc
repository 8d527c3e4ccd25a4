#include "net/bearer_token.h"

#include <gtest/gtest.h>

namespace rtcpub::net {
namespace {

std::string tokenOf(HttpHeaders headers, std::string target = "/live/ws/sub?channel=a") {
  return bearerToken({.target = std::move(target), .headers = std::move(headers)}).token;
}

TEST(BearerToken, IsReadFromTheAuthorizationHeader) {
  EXPECT_EQ(tokenOf({{"Authorization", "Bearer a.b.c"}}), "a.b.c");
  EXPECT_EQ(tokenOf({{"authorization", "bEARER   a.b.c"}}), "a.b.c");
  EXPECT_EQ(tokenOf({{"Authorization", "Bearer "}}), "");
  EXPECT_EQ(tokenOf({{"Authorization", "Bearer"}}), "");
  EXPECT_EQ(tokenOf({{"Authorization", "Bearerx a"}}), "");
  EXPECT_EQ(tokenOf({}), "");
}

TEST(BearerToken, IsReadFromASubprotocol) {
  const auto found =
      bearerToken({.headers = {{"Sec-WebSocket-Protocol", "rtcpub, rtcpub.token.a.b.c"}}});
  EXPECT_EQ(found.token, "a.b.c");
  EXPECT_EQ(found.subprotocol, "rtcpub");
  EXPECT_EQ(
      tokenOf({{"Sec-WebSocket-Protocol", "chat"}, {"sec-websocket-protocol", "rtcpub.token.x"}}),
      "x");
}

TEST(BearerToken, SelectsNoSubprotocolThatWasNotOffered) {
  EXPECT_EQ(bearerToken({.headers = {{"Sec-WebSocket-Protocol", "rtcpub.token.a"}}}).subprotocol,
            "");
  EXPECT_EQ(bearerToken({.headers = {{"Sec-WebSocket-Protocol", "RTCPUB, chat"}}}).subprotocol, "");
  EXPECT_EQ(bearerToken({}).subprotocol, "");
}

TEST(BearerToken, IsReadFromTheQueryForOldClients) {
  EXPECT_EQ(tokenOf({}, "/live/ws/pub?channel=a&token=a.b.c"), "a.b.c");
  EXPECT_EQ(tokenOf({}, "/live/ws/pub?%74oken=a%2Eb"), "a.b");
  EXPECT_EQ(tokenOf({}, "/live/ws/pub?Token=a"), "");
  EXPECT_EQ(tokenOf({}, "/live/ws/pub?token=a&token=b"), "") << "which one it means can't be told";
}

TEST(BearerToken, OfSeveralTheFirstPlaceCounts) {
  const std::string target = "/?token=query";
  const HttpHeaders::Field header{"Authorization", "Bearer header"};
  const HttpHeaders::Field protocol{"Sec-WebSocket-Protocol", "rtcpub.token.protocol"};
  EXPECT_EQ(tokenOf({header, protocol}, target), "header");
  EXPECT_EQ(tokenOf({protocol}, target), "protocol");
  // A proxy before the server may have passwords of its own.
  EXPECT_EQ(tokenOf({{"Authorization", "Basic dTpw"}, protocol}, target), "protocol");
  // Two that contradict each other are no token at all.
  EXPECT_EQ(tokenOf({header, header}, target), "header, Bearer header");
}

}  // namespace
}  // namespace rtcpub::net
