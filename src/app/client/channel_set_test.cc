#include "app/client/channel_set.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

TEST(ChannelSet, FindsWhatWasAdded) {
  ChannelSet channels;
  auto metric = channels.add("metric", {});
  ASSERT_TRUE(metric);
  EXPECT_EQ(metric->label(), "metric");
  EXPECT_NE(channels.find("metric"), nullptr);
  EXPECT_EQ(channels.find("stream"), nullptr);
}

TEST(ChannelSet, KnowsWhichAreOpenToViewers) {
  ChannelSet channels;
  DataChannelOptions open;
  open.viewersMaySend = true;
  ASSERT_TRUE(channels.add("stream", {}));
  ASSERT_TRUE(channels.add("horn", open));
  ASSERT_TRUE(channels.add("chat", open));
  EXPECT_EQ(channels.openToViewers(), (std::vector<std::string>{"chat", "horn"}));
}

TEST(ChannelSet, RefusesALabelTwice) {
  ChannelSet channels;
  ASSERT_TRUE(channels.add("metric", {}));
  EXPECT_FALSE(channels.add("metric", {}));
}

TEST(ChannelSet, RefusesLabelsThatCannotBe) {
  ChannelSet channels;
  EXPECT_FALSE(channels.add("", {}));
  EXPECT_FALSE(channels.add(std::string(129, 'x'), {}));
  EXPECT_FALSE(channels.add("rtcpub.clock", {}));
  EXPECT_FALSE(channels.add("\xff", {}));
  DataChannelOptions options;
  options.protocol = "\xff";
  EXPECT_FALSE(channels.add("stream", options));
  EXPECT_TRUE(channels.add(std::string(128, 'x'), {}));
}

TEST(ChannelSet, RefusesOptionsThatExcludeEachOther) {
  ChannelSet channels;
  DataChannelOptions both;
  both.maxRetransmits = 1;
  both.maxPacketLifeTimeMs = 100;
  EXPECT_FALSE(channels.add("metric", both));
  DataChannelOptions negative;
  negative.maxRetransmits = -1;
  EXPECT_FALSE(channels.add("metric", negative));
}

TEST(ChannelSet, EndsTheSubscriptionsOfAllWhenClosed) {
  ChannelSet channels;
  auto inbox = channels.add("metric", {})->subscribe();
  channels.closeAll();
  EXPECT_EQ(inbox.get(), std::nullopt);
}

}  // namespace
}  // namespace rtcpub
