#include "app/data_channel.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rtcpub {
namespace {

using namespace std::chrono_literals;

constexpr Time kNow{1h};

DataChannelOptions lasting(int milliseconds) {
  DataChannelOptions options;
  options.maxPacketLifeTimeMs = milliseconds;
  return options;
}

DataChannelOptions sentOnce() {
  DataChannelOptions options;
  options.maxRetransmits = 0;
  return options;
}

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
  ASSERT_TRUE(channel.put("one", kNow));
  ASSERT_TRUE(channel.put("two", kNow));
  channel.connect(peer.sender(), kNow);
  EXPECT_EQ(peer.sent, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(channel.stats().sent, 2U);
}

TEST(DataChannel, SendsAtOnceWhenConnected) {
  DataChannel::Impl channel("metric", {});
  FakePeer peer;
  channel.connect(peer.sender(), kNow);
  ASSERT_TRUE(channel.put("now", kNow));
  EXPECT_EQ(peer.sent, std::vector<std::string>{"now"});
}

TEST(DataChannel, GoesOnInOrderWhenThereIsRoomAgain) {
  DataChannel::Impl channel("metric", {});
  FakePeer peer{.room = 1, .sent = {}};
  channel.connect(peer.sender(), kNow);
  for (const char* text : {"one", "two", "three"}) ASSERT_TRUE(channel.put(text, kNow));
  EXPECT_EQ(peer.sent.size(), 1U);
  peer.room = 100;
  channel.flush(kNow);
  EXPECT_EQ(peer.sent, (std::vector<std::string>{"one", "two", "three"}));
}

TEST(DataChannel, KeepsWhatComesAfterTheConnectionIsLost) {
  DataChannel::Impl channel("metric", {});
  FakePeer first;
  FakePeer second;
  channel.connect(first.sender(), kNow);
  channel.disconnect(kNow);
  ASSERT_TRUE(channel.put("later", kNow));
  channel.connect(second.sender(), kNow);
  EXPECT_TRUE(first.sent.empty());
  EXPECT_EQ(second.sent, std::vector<std::string>{"later"});
}

TEST(DataChannel, DropsAndCountsTheOldestOfTooMany) {
  DataChannel::Impl channel("metric", {});
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(channel.put(std::to_string(i), kNow));
  FakePeer peer{.room = 1000, .sent = {}};
  channel.connect(peer.sender(), kNow);
  EXPECT_EQ(peer.sent.size(), 256U);
  EXPECT_EQ(peer.sent.front(), "44");
  EXPECT_EQ(channel.stats().dropped, 44U);
}

TEST(DataChannel, DropsWhatBecameTooOldWhileAway) {
  DataChannel::Impl channel("stream", lasting(100));
  FakePeer peer;
  ASSERT_TRUE(channel.put("old", kNow));
  ASSERT_TRUE(channel.put("young", kNow + 50ms));
  channel.connect(peer.sender(), kNow + 120ms);
  EXPECT_EQ(peer.sent, std::vector<std::string>{"young"});
  EXPECT_EQ(channel.stats().dropped, 1U);
}

TEST(DataChannel, DropsWhatBecameTooOldWaitingForRoom) {
  DataChannel::Impl channel("stream", lasting(100));
  FakePeer peer{.room = 0, .sent = {}};
  channel.connect(peer.sender(), kNow);
  ASSERT_TRUE(channel.put("old", kNow));
  peer.room = 10;
  ASSERT_TRUE(channel.put("new", kNow + 101ms));
  EXPECT_EQ(peer.sent, std::vector<std::string>{"new"});
}

TEST(DataChannel, HandsOutNothingThatMayBeLostWhileThePathIsSilent) {
  DataChannel::Impl channel("stream", lasting(100));
  FakePeer peer;
  channel.connect(peer.sender(), kNow);
  channel.setPathUp(false, kNow);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(channel.put(std::to_string(i), kNow + i * 20ms));
  EXPECT_TRUE(peer.sent.empty());
  channel.setPathUp(true, kNow + 190ms);
  EXPECT_EQ(peer.sent, (std::vector<std::string>{"5", "6", "7", "8", "9"}));
  EXPECT_EQ(channel.stats().dropped, 5U);
}

TEST(DataChannel, DropsAtOnceWhatIsSentOnceOnlyWhileAway) {
  DataChannel::Impl channel("stream", sentOnce());
  FakePeer peer;
  ASSERT_TRUE(channel.put("too early", kNow));
  channel.connect(peer.sender(), kNow);
  ASSERT_TRUE(channel.put("in time", kNow));
  channel.setPathUp(false, kNow);
  ASSERT_TRUE(channel.put("silence", kNow));
  channel.setPathUp(true, kNow);
  channel.disconnect(kNow);
  ASSERT_TRUE(channel.put("away", kNow));
  channel.connect(peer.sender(), kNow);
  EXPECT_EQ(peer.sent, std::vector<std::string>{"in time"});
  EXPECT_EQ(channel.stats().dropped, 3U);
}

TEST(DataChannel, LetsWhatIsSentOnceWaitForRoomForAMomentOnly) {
  DataChannel::Impl channel("stream", sentOnce());
  FakePeer peer{.room = 0, .sent = {}};
  channel.connect(peer.sender(), kNow);
  ASSERT_TRUE(channel.put("old", kNow));
  ASSERT_TRUE(channel.put("young", kNow + 200ms));
  peer.room = 10;
  channel.flush(kNow + 300ms);
  EXPECT_EQ(peer.sent, std::vector<std::string>{"young"});
}

TEST(DataChannel, KeepsWhatMustNotBeLostWhileThePathIsSilent) {
  DataChannel::Impl channel("metric", {});
  FakePeer peer{.room = 1, .sent = {}};
  channel.connect(peer.sender(), kNow);
  channel.setPathUp(false, kNow);
  ASSERT_TRUE(channel.put("one", kNow));
  ASSERT_TRUE(channel.put("two", kNow));
  EXPECT_EQ(peer.sent, std::vector<std::string>{"one"}) << "the engine keeps it as well";
  peer.room = 10;
  channel.setPathUp(true, kNow + 1h);
  EXPECT_EQ(peer.sent, (std::vector<std::string>{"one", "two"}));
}

TEST(DataChannel, RefusesWhatIsTooLong) {
  DataChannel::Impl channel("metric", {});
  EXPECT_TRUE(channel.put(std::string(kMaxMessageSize, 'x'), kNow));
  const auto refused = channel.put(std::string(kMaxMessageSize + 1, 'x'), kNow);
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
