#include "sfu/transport/channel_table.h"

#include <gtest/gtest.h>

namespace rtcpub::sfu {
namespace {

TEST(ChannelTable, OpensWithTheParityOfItsDtlsRole) {
  ChannelTable server(true);
  ChannelTable client(false);
  EXPECT_EQ(server.open("a", {})->id % 2, 1);
  EXPECT_EQ(client.open("a", {})->id % 2, 0);
}

TEST(ChannelTable, TakesNoNumberTwice) {
  ChannelTable table(true);
  const auto first = table.open("a", {})->id;
  ASSERT_TRUE(table.onOpened(static_cast<StreamId>(first + 2), "b", {}));
  EXPECT_EQ(table.open("c", {})->id, first + 4);
}

TEST(ChannelTable, GoesThroughAllItsNumbersBeforeItTakesOneAgain) {
  ChannelTable table(true);
  const auto first = table.open("a", {})->id;
  table.onClosed(first);
  StreamId last = 0;
  for (StreamId id = table.open("a", {})->id; id != first; id = table.open("a", {})->id) {
    ASSERT_EQ(id % 2, 1);
    last = id;
    table.onClosed(id);
  }
  EXPECT_EQ(last, 1023);
}

TEST(ChannelTable, SendsOnTheChannelThatWasOpenedLast) {
  ChannelTable table(true);
  ASSERT_TRUE(table.onOpened(1, "stream", {}));
  ASSERT_TRUE(table.onOpened(3, "stream", {}));
  EXPECT_EQ(table.byLabel("stream")->id, 3);
  table.onClosed(3);
  EXPECT_EQ(table.byLabel("stream")->id, 1);
  table.onClosed(1);
  EXPECT_EQ(table.byLabel("stream"), nullptr);
}

TEST(ChannelTable, GivesANumberToThePeerThatOpensItAgain) {
  ChannelTable table(true);
  ASSERT_TRUE(table.onOpened(1, "a", {}));
  ASSERT_TRUE(table.onOpened(1, "b", {}));
  EXPECT_EQ(table.byLabel("a"), nullptr);
  EXPECT_EQ(table.byId(1)->label, "b");
}

TEST(ChannelTable, RefusesLabelsAndProtocolsThatAreNotUtf8) {
  ChannelTable table(true);
  EXPECT_FALSE(table.onOpened(1, "caf\xe9", {}));
  EXPECT_FALSE(table.onOpened(3, "a", {.protocol = "\xff"}));
  EXPECT_TRUE(table.onOpened(5, "caf\xc3\xa9", {.protocol = "\xe2\x82\xac"}));
  EXPECT_EQ(table.all().size(), 1U);
}

TEST(ChannelTable, KnowsWhoOpenedAChannelAndWhetherThePeerKnows) {
  ChannelTable table(true);
  const auto own = table.open("own", {.ordered = false})->id;
  ASSERT_TRUE(table.onOpened(1, "theirs", {}));
  EXPECT_FALSE(table.openedByPeer("own"));
  EXPECT_TRUE(table.openedByPeer("theirs"));
  EXPECT_FALSE(table.byId(own)->acknowledged);
  table.onAcknowledged(own);
  EXPECT_TRUE(table.byId(own)->acknowledged);
  EXPECT_FALSE(table.byId(own)->options.ordered);
}

TEST(ChannelTable, IsBounded) {
  ChannelTable table(true);
  EXPECT_FALSE(table.onOpened(1, std::string(129, 'x'), {}));
  EXPECT_EQ(table.open(std::string(129, 'x'), {}), nullptr);
  for (std::size_t i = 0; i < ChannelTable::kMaxChannels; ++i) {
    ASSERT_TRUE(table.onOpened(static_cast<StreamId>(2 * i), std::to_string(i), {}));
  }
  EXPECT_FALSE(table.onOpened(1000, "one more", {}));
  EXPECT_EQ(table.open("one more", {}), nullptr);
}

}  // namespace
}  // namespace rtcpub::sfu
