#include "core/address/listen_address.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

ListenAddress parsed(std::string_view text) { return parseListenAddress(text).value(); }

TEST(ListenAddress, ReadsAnAddressWithAPort) {
  EXPECT_EQ(parsed("0.0.0.0:9000"), (ListenAddress{"0.0.0.0", 9000}));
  EXPECT_EQ(parsed("[::1]:9000"), (ListenAddress{"::1", 9000}));
}

TEST(ListenAddress, ReadsAnAddressAlone) {
  EXPECT_EQ(parsed("192.0.2.1"), (ListenAddress{"192.0.2.1", 8267}));
  EXPECT_EQ(parsed("::"), (ListenAddress{"::", 8267}));
  EXPECT_EQ(parsed("[::]"), (ListenAddress{"::", 8267}));
}

TEST(ListenAddress, ReadsAPortAlone) { EXPECT_EQ(parsed("80"), (ListenAddress{"127.0.0.1", 80})); }

TEST(ListenAddress, TakesPortZeroForAFreeOne) {
  EXPECT_EQ(parsed("127.0.0.1:0"), (ListenAddress{"127.0.0.1", 0}));
  EXPECT_EQ(parsed("[::1]:0"), (ListenAddress{"::1", 0}));
}

TEST(ListenAddress, RefusesWhatIsNone) {
  for (const char* text :
       {"", ":", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:x", "[::1", "a b:1", ":0"}) {
    const auto result = parseListenAddress(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(ListenAddress, KnowsWhatStaysOnThisMachine) {
  EXPECT_TRUE(parsed("127.0.0.53:1").loopback());
  EXPECT_TRUE(parsed("[::1]:1").loopback());
  EXPECT_FALSE(parsed("0.0.0.0:1").loopback());
  EXPECT_FALSE(parsed("192.0.2.1:1").loopback());
}

TEST(ListenAddress, NamesItsUrlForThisMachine) {
  EXPECT_EQ(parsed("0.0.0.0:1").localUrl("http"), "http://127.0.0.1:1");
  EXPECT_EQ(parsed("[::1]:1").localUrl("ws"), "ws://[::1]:1");
  EXPECT_EQ(parsed("192.0.2.1:1").localUrl("ws"), "wss://192.0.2.1:1");
}

}  // namespace
}  // namespace rtcpub
