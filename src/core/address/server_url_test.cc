#include "core/address/server_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ServerUrl, ReadsHostAndPort) {
  EXPECT_EQ(parseServerUrl("wss://spider.example:443"), (ServerUrl{true, "spider.example", 443}));
  EXPECT_EQ(parseServerUrl("ws://127.0.0.1:1"), (ServerUrl{false, "127.0.0.1", 1}));
  EXPECT_EQ(parseServerUrl("wss://[::1]:9000/"), (ServerUrl{true, "::1", 9000}));
}

TEST(ServerUrl, TakesTheSpiderPortWhenThereIsNone) {
  EXPECT_EQ(parseServerUrl("wss://spider.example"), (ServerUrl{true, "spider.example", 8267}));
  EXPECT_EQ(parseServerUrl("ws://[fd00::2]"), (ServerUrl{false, "fd00::2", 8267}));
}

TEST(ServerUrl, TakesTheBrowsersSchemesInAnyCase) {
  EXPECT_EQ(parseServerUrl("https://h"), parseServerUrl("wss://h"));
  EXPECT_EQ(parseServerUrl("HTTP://h"), parseServerUrl("ws://h"));
}

TEST(ServerUrl, TakesALinkLocalAddressWithItsInterface) {
  EXPECT_EQ(parseServerUrl("wss://[fe80::1%25eth0]"), (ServerUrl{true, "fe80::1%eth0", 8267}));
  EXPECT_EQ(format(parseServerUrl("wss://[fe80::1%eth0]:80").value()), "wss://[fe80::1%eth0]:80");
  EXPECT_THAT(parseServerUrl("wss://[fe80::1]").error().message,
              HasSubstr("wss://[fe80::1%eth0]:PORT"));
}

TEST(ServerUrl, RefusesOthersAndSaysHowToWriteIt) {
  for (const auto* bad :
       {"", "spider.example", "spider.example:8267", "ftp://h", "://h", "wss://", "wss:///",
        "wss://h:0", "wss://h:99999", "wss://::1", "wss://h/live", "wss://h//", "wss://h?x=1",
        "wss://h#x", "wss://a b", "wss:/h", "wss://h\r\nX: y"}) {
    const auto result = parseServerUrl(bad);
    ASSERT_FALSE(result) << bad;
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(result.error().message, HasSubstr("wss://HOST:PORT"));
  }
}

TEST(ServerUrl, KeepsAPasswordOutOfTheMessage) {
  for (const auto* bad : {"wss://user:secret@h", "user:secret@h", "secret://h", "wss://u:secret"}) {
    EXPECT_THAT(parseServerUrl(bad).error().message, Not(HasSubstr("secret"))) << bad;
  }
}

TEST(ServerUrl, IsWrittenAsItIsRead) {
  for (const auto* url : {"wss://spider.example:8267", "ws://[::1]:80"}) {
    EXPECT_EQ(format(parseServerUrl(url).value()), url);
  }
}

}  // namespace
}  // namespace rtcpub
