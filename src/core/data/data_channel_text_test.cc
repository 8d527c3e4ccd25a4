#include <gtest/gtest.h>

#include <string>

#include "rtcpub/data_channel.h"

namespace rtcpub {
namespace {

std::string errorOf(std::string_view text) {
  const auto parsed = parseDataChannel(text);
  return parsed ? "none" : parsed.error().message;
}

TEST(DataChannelText, IsALabelAlone) {
  const auto parsed = parseDataChannel("metric");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->label, "metric");
  EXPECT_TRUE(parsed->options.ordered);
  EXPECT_EQ(parsed->options.maxRetransmits, std::nullopt);
  EXPECT_EQ(parsed->options.maxPacketLifeTimeMs, std::nullopt);
  EXPECT_EQ(parsed->options.protocol, "");
}

TEST(DataChannelText, MayHaveADelivery) {
  const auto life = parseDataChannel("stream?ordered=false&life=300");
  ASSERT_TRUE(life);
  EXPECT_EQ(life->label, "stream");
  EXPECT_FALSE(life->options.ordered);
  EXPECT_EQ(life->options.maxPacketLifeTimeMs, 300);
  const auto once = parseDataChannel("stream?retransmits=0&protocol=a%26b&ordered=true");
  ASSERT_TRUE(once);
  EXPECT_TRUE(once->options.ordered);
  EXPECT_EQ(once->options.maxRetransmits, 0);
  EXPECT_EQ(once->options.protocol, "a&b");
  EXPECT_TRUE(parseDataChannel("stream?life=65535"));
}

TEST(DataChannelText, MayBeOpenToViewers) {
  EXPECT_FALSE(parseDataChannel("chat")->options.viewersMaySend);
  EXPECT_TRUE(parseDataChannel("chat?viewers")->options.viewersMaySend);
  EXPECT_TRUE(parseDataChannel("chat?life=300&viewers=true")->options.viewersMaySend);
  EXPECT_FALSE(parseDataChannel("chat?viewers=false")->options.viewersMaySend);
}

TEST(DataChannelText, SaysWhatIsWrongWithIt) {
  EXPECT_EQ(errorOf("a?ordered=no"), R"(data channel "a": ordered is true or false, not "no")");
  EXPECT_EQ(errorOf("a?viewers=all"), R"(data channel "a": viewers is true or false, not "all")");
  EXPECT_EQ(errorOf("a?life=-1"),
            R"(data channel "a": life is a number of milliseconds from 0 to 65535, not "-1")");
  EXPECT_EQ(errorOf("a?retransmits=65536"),
            R"(data channel "a": retransmits is a number from 0 to 65535, not "65536")");
  EXPECT_EQ(errorOf("a?life="),
            R"(data channel "a": life is a number of milliseconds from 0 to 65535, not "")");
  EXPECT_EQ(errorOf("a?reliable=false"),
            R"(data channel "a": there is no option "reliable"; there are ordered, life, )"
            "retransmits, protocol and viewers");
  EXPECT_EQ(errorOf("a?life=1&retransmits=1"),
            R"(data channel "a": life and retransmits exclude each other: leave one out)");
  for (const char* text : {"a?life=1&life=2", "a?life=%", "a?=1"}) {
    EXPECT_TRUE(errorOf(text).starts_with("data channel \"a\": ")) << errorOf(text);
  }
}

}  // namespace
}  // namespace rtcpub
