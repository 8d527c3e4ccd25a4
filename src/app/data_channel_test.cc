#include "app/data_channel.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rtcpub {
namespace {

/// Takes messages while it has room.
struct FakePeer {
  std::size_t room = 100;
  std::vector<std::string> sent;

  DataChannel::Impl::Sender sender() {
    return [this](const Message& message) {
      if (sent.size() == room) return false;
      sent.push_back(message.data);
      return true;
    };
  }
};

TEST(DataChannel, KeepsMessagesUntilItIsConnected) {
  DataChannel::Impl channel("metric", {});
  FakePeer peer;
  ASSERT_TRUE(channel.put("one"));
  ASSERT_TRUE(channel.put("two"));
  channel.connect(peer.sender());
  EXPECT_EQ(peer.sent, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(channel.stats().sent, 2U);
}

TEST(DataChannel, SendsAtOnceWhenConnected) {
  DataChannel::Impl channel("metric", {});
  FakePeer peer;
  channel.connect(peer.sender());
  ASSERT_TRUE(channel.put("now"));
  EXPECT_EQ(peer.sent, std::vector<std::string>{"now"});
}

TEST(DataChannel, GoesOnInOrderWhenThereIsRoomAgain) {
  DataChannel::Impl channel("metric", {});
  FakePeer peer{.room = 1, .sent = {}};
  channel.connect(peer.sender());
  for (const char* text : {"one", "two", "three"}) ASSERT_TRUE(channel.put(text));
  EXPECT_EQ(peer.sent.size(), 1U);
  peer.room = 100;
  channel.flush();
  EXPECT_EQ(peer.sent, (std::vector<std::string>{"one", "two", "three"}));
}

TEST(DataChannel, KeepsWhatComesAfterTheConnectionIsLost) {
  DataChannel::Impl channel("metric", {});
  FakePeer first;
  FakePeer second;
  channel.connect(first.sender());
  channel.disconnect();
  ASSERT_TRUE(channel.put("later"));
  channel.connect(second.sender());
  EXPECT_TRUE(first.sent.empty());
  EXPECT_EQ(second.sent, std::vector<std::string>{"later"});
}

TEST(DataChannel, DropsAndCountsTheOldestOfTooMany) {
  DataChannel::Impl channel("metric", {});
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(channel.put(std::to_string(i)));
  FakePeer peer{.room = 1000, .sent = {}};
  channel.connect(peer.sender());
  EXPECT_EQ(peer.sent.size(), 256U);
  EXPECT_EQ(peer.sent.front(), "44");
  EXPECT_EQ(channel.stats().dropped, 44U);
}

TEST(DataChannel, RefusesWhatIsTooLong) {
  DataChannel::Impl channel("metric", {});
  EXPECT_TRUE(channel.put(std::string(kMaxMessageSize, 'x')));
  const auto refused = channel.put(std::string(kMaxMessageSize + 1, 'x'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
}

TEST(DataChannel, GivesEveryMessageToEverySubscription) {
  DataChannel::Impl channel("stream", {});
  auto first = channel.subscribe();
  auto second = channel.subscribe();
  channel.onMessage("go");
  EXPECT_EQ(first.tryGet(), Message("go"));
  EXPECT_EQ(second.tryGet(), Message("go"));
  EXPECT_EQ(channel.stats().received, 1U);
}

}  // namespace
}  // namespace rtcpub
