#include "core/ice/ice_api.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

TEST(IceAnswer, MakesAServerOfEachUrl) {
  const auto servers = parseIceAnswer(
      R"({"iceServers":[{"urls":["turn:a:1?transport=udp","turn:a:1?transport=tcp"],"username":"u",)"
      R"("credential":"c"},{"urls":"stun:b"}],"ttl":60})");
  EXPECT_EQ(servers.value(), (std::vector<IceServer>{{"turn:a:1?transport=udp", "u", "c"},
                                                     {"turn:a:1?transport=tcp", "u", "c"},
                                                     {"stun:b", "", ""}}));
}

TEST(IceAnswer, LeavesOutWhatIsNoIceServer) {
  const auto servers = parseIceAnswer(
      R"({"iceServers":[7,{},{"urls":7},{"urls":["http://a","stun:a\n",null]},{"urls":"stun:b","username":7}]})");
  EXPECT_EQ(servers.value(), (std::vector<IceServer>{{"stun:b", "", ""}}));
}

TEST(IceAnswer, TakesSomeServersAndNotThousands) {
  std::string urls;
  for (int i = 0; i < 1000; ++i) urls += "\"stun:a\",";
  const auto servers = parseIceAnswer(R"({"iceServers":[{"urls":[)" + urls + R"("stun:b"]}]})");
  EXPECT_EQ(servers.value().size(), kMaxIceServers);
}

TEST(IceAnswer, RefusesWhatIsNoAnswer) {
  for (const auto* text : {"", "[]", "{}", R"({"iceServers":{}})", R"({"iceServers":[)"}) {
    EXPECT_FALSE(parseIceAnswer(text)) << text;
  }
}

}  // namespace
}  // namespace rtcpub
