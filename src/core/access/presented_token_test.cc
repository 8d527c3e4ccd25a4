#include "core/access/presented_token.h"

#include <gtest/gtest.h>

#include <string>

namespace rtcpub {
namespace {

const ServerUrl kByTls{.tls = true, .host = "robots.example", .port = 8267};

TEST(PresentedToken, MayStandInAHeader) {
  EXPECT_TRUE(checkPresentedToken("", kByTls));
  EXPECT_TRUE(checkPresentedToken("eyJhbGciOiJIUzI1NiJ9.e30.-_x", kByTls));
  for (const std::string& bad :
       {std::string("a b"), std::string("a\r\nX: y"), std::string("a\n"), std::string("\xc3\xa9"),
        std::string(1, '\0'), std::string("a,b"), std::string(8193, 'a')}) {
    const auto checked = checkPresentedToken(bad, kByTls);
    ASSERT_FALSE(checked) << bad;
    EXPECT_EQ(checked.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(PresentedToken, IsNotQuotedWhenItIsRefused) {
  const auto checked = checkPresentedToken("secret word", kByTls);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().message.find("secret"), std::string::npos);
}

TEST(PresentedToken, GoesInTheClearToThisMachineOnly) {
  for (const char* host : {"127.0.0.1", "127.1.2.3", "localhost", "robot.localhost", "::1"}) {
    EXPECT_TRUE(checkPresentedToken("a.b.c", {.tls = false, .host = host})) << host;
  }
  for (const char* host :
       {"192.0.2.1", "robots.example", "localhost.example", "::2", "10.127.0.1", "127.example"}) {
    const auto checked = checkPresentedToken("a.b.c", {.tls = false, .host = host});
    ASSERT_FALSE(checked) << host;
    EXPECT_NE(checked.error().message.find("wss://"), std::string::npos);
    EXPECT_TRUE(checkPresentedToken("", {.tls = false, .host = host})) << host;
  }
}

}  // namespace
}  // namespace rtcpub
