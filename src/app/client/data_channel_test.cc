#include "app/client/data_channel.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
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

/// Takes messages while it is open.
struct FakePeer {
  bool open = true;
  std::vector<std::string> sent;
  std::vector<peer::Dispatch> dispatches;

  DataChannel::Impl::Sender sender() {
    return [this](const Message& message, const peer::Dispatch& dispatch) {
      if (!open) return false;
      sent.push_back(message.data);
      dispatches.push_back(dispatch);
      return true;
    };
  }
};

using Texts = std::vector<std::string>;

TEST(DataChannel, KeepsMessagesUntilItIsConnected) {
  DataChannel::Impl channel("metric", {});
  FakePeer peer;
  ASSERT_TRUE(channel.put("one", kNow, kNow));
  ASSERT_TRUE(channel.put("two", kNow, kNow));
  channel.connect(peer.sender(), kNow);
  EXPECT_EQ(peer.sent, (Texts{"one", "two"}));
  EXPECT_EQ(channel.stats(kNow).sent, 0U) << "not acknowledged yet";
  EXPECT_EQ(channel.stats(kNow).waiting, 2U);
  for (const auto& dispatch : peer.dispatches) channel.onDelivered(dispatch.id, kNow);
  EXPECT_EQ(channel.stats(kNow).sent, 2U);
  EXPECT_EQ(channel.stats(kNow).waiting, 0U);
}

TEST(DataChannel, SendsAtOnceWhenConnected) {
  DataChannel::Impl channel("metric", {});
  FakePeer peer;
  channel.connect(peer.sender(), kNow);
  ASSERT_TRUE(channel.put("now", kNow, kNow));
  EXPECT_EQ(peer.sent, Texts{"now"});
}

TEST(DataChannel, GoesOnInOrderWhenSomethingIsAcknowledged) {
  DataChannel::Impl channel("metric", {});
  FakePeer peer;
  channel.connect(peer.sender(), kNow);
  for (int i = 0; i < 258; ++i) ASSERT_TRUE(channel.put(std::to_string(i), kNow, kNow));
  EXPECT_EQ(peer.sent.size(), 256U) << "as many as may be on their way";
  channel.onDelivered(peer.dispatches[0].id, kNow);
  EXPECT_EQ(peer.sent.back(), "256");
  channel.onDelivered(peer.dispatches[1].id, kNow);
  EXPECT_EQ(peer.sent.back(), "257");
}

TEST(DataChannel, SendsAgainWhatALostConnectionTookAlong) {
  DataChannel::Impl channel("metric", {});
  FakePeer first;
  FakePeer second;
  channel.connect(first.sender(), kNow);
  for (const char* text : {"one", "two", "three"}) ASSERT_TRUE(channel.put(text, kNow, kNow));
  channel.onDelivered(first.dispatches[0].id, kNow);
  channel.disconnect(kNow);
  ASSERT_TRUE(channel.put("four", kNow, kNow));
  channel.onDelivered(first.dispatches[1].id, kNow);
  channel.onConnectionGone(kNow);
  channel.connect(second.sender(), kNow);
  EXPECT_EQ(second.sent, (Texts{"three", "four"}));
  EXPECT_EQ(channel.stats(kNow).dropped, 0U);
}

TEST(DataChannel, SendsAgainWhatOneOfTwoChannelsLost) {
  DataChannel::Impl channel("metric", {});
  FakePeer peer;
  channel.connect(peer.sender(), kNow);
  ASSERT_TRUE(channel.put("one", kNow, kNow));
  channel.onLost(peer.dispatches[0].id, kNow);
  EXPECT_EQ(peer.sent, (Texts{"one", "one"}));
}

TEST(DataChannel, HoldsWhatIsReliableUntilTheOtherSideIsBack) {
  DataChannel::Impl reliable("metric", {});
  DataChannel::Impl lossy("stream", lasting(100));
  FakePeer peer;
  for (auto* channel : {&reliable, &lossy}) {
    channel->setHeld(true, kNow);
    channel->connect(peer.sender(), kNow);
  }
  ASSERT_TRUE(reliable.put("telemetry", kNow, kNow));
  ASSERT_TRUE(lossy.put("command", kNow, kNow));
  EXPECT_EQ(peer.sent, Texts{"command"});
  reliable.setHeld(false, kNow + 10s);
  EXPECT_EQ(peer.sent, (Texts{"command", "telemetry"}));
}

TEST(DataChannel, FollowsTheStricterOfBothSidesWishes) {
  DataChannel::Impl channel("stream", {});
  FakePeer peer;
  channel.connect(peer.sender(), kNow);
  channel.onPeersOptions(lasting(100), kNow);
  channel.setPathUp(false, kNow);
  ASSERT_TRUE(channel.put("old", kNow, kNow));
  ASSERT_TRUE(channel.put("young", kNow + 50ms, kNow + 50ms));
  channel.setPathUp(true, kNow + 120ms);
  EXPECT_EQ(peer.sent, Texts{"young"});
  ASSERT_TRUE(peer.dispatches[0].deadline);
  EXPECT_EQ(*peer.dispatches[0].deadline, kNow + 150ms);
  channel.onConnectionGone(kNow + 120ms);
  ASSERT_TRUE(channel.put("reliable again", kNow + 120ms, kNow + 120ms));
  EXPECT_EQ(peer.dispatches.back().deadline, std::nullopt);
}

TEST(DataChannel, CountsAnAgeFromWhenItsCallerSays) {
  DataChannel::Impl channel("stream", lasting(100));
  FakePeer peer;
  channel.connect(peer.sender(), kNow);
  ASSERT_TRUE(channel.put("from a pipe that stood still", kNow - 101ms, kNow));
  ASSERT_TRUE(channel.put("a moment old", kNow - 60ms, kNow));
  ASSERT_TRUE(channel.put("from the future", kNow + 1h, kNow));
  EXPECT_EQ(peer.sent, (Texts{"a moment old", "from the future"}));
  EXPECT_EQ(*peer.dispatches[0].deadline, kNow + 40ms);
  EXPECT_EQ(*peer.dispatches[1].deadline, kNow + 100ms);
  EXPECT_EQ(channel.stats(kNow).dropped, 1U);
}

TEST(DataChannel, WaitsWithPutUntilThereIsRoom) {
  DataChannel::Impl channel("metric", {});
  FakePeer peer;
  channel.connect(peer.sender(), kNow);
  for (int i = 0; i < 256; ++i) ASSERT_TRUE(channel.put(std::to_string(i), kNow, kNow));
  EXPECT_EQ(channel.putWhenRoom("none", {.timeout = 0s}), Result<bool>(false));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(channel.putWhenRoom("none", {.stop = stop.get_token()}), Result<bool>(false));
  std::jthread writer(
      [&] { EXPECT_EQ(channel.putWhenRoom("now there is", {}), Result<bool>(true)); });
  channel.onDelivered(peer.dispatches[0].id, kNow);
  writer.join();
  EXPECT_EQ(peer.sent.back(), "now there is");
  EXPECT_EQ(channel.stats(kNow).dropped, 0U);
}

TEST(DataChannel, LetsNobodyWaitForRoomAfterTheEnd) {
  DataChannel::Impl channel("metric", {});
  for (int i = 0; i < 256; ++i) ASSERT_TRUE(channel.put(std::to_string(i), kNow, kNow));
  std::jthread writer([&] { EXPECT_EQ(channel.putWhenRoom("late", {}), Result<bool>(false)); });
  channel.endSending();
}

TEST(DataChannel, NeverWaitsForRoomWhereMessagesMayBeLost) {
  DataChannel::Impl channel("stream", lasting(60'000));
  for (int i = 0; i < 300; ++i) {
    ASSERT_EQ(channel.putWhenRoom(std::to_string(i), {}), Result<bool>(true));
  }
  EXPECT_EQ(channel.stats(monotonicNow()).dropped, 44U);
}

TEST(DataChannel, KeepsWhatComesAfterTheConnectionIsLost) {
  DataChannel::Impl channel("metric", {});
  FakePeer first;
  FakePeer second;
  channel.connect(first.sender(), kNow);
  channel.disconnect(kNow);
  ASSERT_TRUE(channel.put("later", kNow, kNow));
  channel.connect(second.sender(), kNow);
  EXPECT_TRUE(first.sent.empty());
  EXPECT_EQ(second.sent, Texts{"later"});
}

TEST(DataChannel, DropsAndCountsTheOldestOfTooMany) {
  DataChannel::Impl channel("metric", {});
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(channel.put(std::to_string(i), kNow, kNow));
  FakePeer peer;
  channel.connect(peer.sender(), kNow);
  EXPECT_EQ(peer.sent.size(), 256U);
  EXPECT_EQ(peer.sent.front(), "44");
  EXPECT_EQ(channel.stats(kNow).dropped, 44U);
}

TEST(DataChannel, DropsWhatBecameTooOldWhileAway) {
  DataChannel::Impl channel("stream", lasting(100));
  FakePeer peer;
  ASSERT_TRUE(channel.put("old", kNow, kNow));
  ASSERT_TRUE(channel.put("young", kNow + 50ms, kNow + 50ms));
  channel.connect(peer.sender(), kNow + 120ms);
  EXPECT_EQ(peer.sent, Texts{"young"});
  EXPECT_EQ(channel.stats(kNow).dropped, 1U);
}

TEST(DataChannel, DropsWhatBecameTooOldWaitingForTheChannel) {
  DataChannel::Impl channel("stream", lasting(100));
  FakePeer peer{.open = false, .sent = {}, .dispatches = {}};
  channel.connect(peer.sender(), kNow);
  ASSERT_TRUE(channel.put("old", kNow, kNow));
  peer.open = true;
  ASSERT_TRUE(channel.put("new", kNow + 101ms, kNow + 101ms));
  EXPECT_EQ(peer.sent, Texts{"new"});
}

TEST(DataChannel, HandsOutNothingThatMayBeLostWhileThePathIsSilent) {
  DataChannel::Impl channel("stream", lasting(100));
  FakePeer peer;
  channel.connect(peer.sender(), kNow);
  channel.setPathUp(false, kNow);
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(channel.put(std::to_string(i), kNow + i * 20ms, kNow + i * 20ms));
  EXPECT_TRUE(peer.sent.empty());
  channel.setPathUp(true, kNow + 190ms);
  EXPECT_EQ(peer.sent, (Texts{"5", "6", "7", "8", "9"}));
  EXPECT_EQ(channel.stats(kNow).dropped, 5U);
}

TEST(DataChannel, DropsAtOnceWhatIsSentOnceOnlyWhileAway) {
  DataChannel::Impl channel("stream", sentOnce());
  FakePeer peer;
  ASSERT_TRUE(channel.put("too early", kNow, kNow));
  channel.connect(peer.sender(), kNow);
  ASSERT_TRUE(channel.put("in time", kNow, kNow));
  channel.setPathUp(false, kNow);
  ASSERT_TRUE(channel.put("silence", kNow, kNow));
  channel.setPathUp(true, kNow);
  channel.disconnect(kNow);
  ASSERT_TRUE(channel.put("away", kNow, kNow));
  channel.connect(peer.sender(), kNow);
  EXPECT_EQ(peer.sent, Texts{"in time"});
  EXPECT_EQ(channel.stats(kNow).dropped, 3U);
}

TEST(DataChannel, LetsWhatIsSentOnceWaitForAMomentOnly) {
  DataChannel::Impl channel("stream", sentOnce());
  FakePeer peer{.open = false, .sent = {}, .dispatches = {}};
  channel.connect(peer.sender(), kNow);
  ASSERT_TRUE(channel.put("old", kNow, kNow));
  ASSERT_TRUE(channel.put("young", kNow + 100ms, kNow + 100ms));
  peer.open = true;
  channel.connect(peer.sender(), kNow + 200ms);
  EXPECT_EQ(peer.sent, Texts{"young"});
  EXPECT_EQ(*peer.dispatches[0].deadline, kNow + 250ms);
}

TEST(DataChannel, CountsWhatTheConnectionGaveUpAsDropped) {
  DataChannel::Impl channel("stream", sentOnce());
  FakePeer peer;
  channel.connect(peer.sender(), kNow);
  for (const char* text : {"one", "two", "three"}) ASSERT_TRUE(channel.put(text, kNow, kNow));
  channel.onLost(peer.dispatches[0].id, kNow);
  channel.onDelivered(peer.dispatches[1].id, kNow);
  channel.onConnectionGone(kNow);
  EXPECT_EQ(peer.sent.size(), 3U) << "none is sent again";
  EXPECT_EQ(channel.stats(kNow).sent, 1U);
  EXPECT_EQ(channel.stats(kNow).dropped, 2U);
}

TEST(DataChannel, DropsInTimeEvenIfNothingElseHappens) {
  DataChannel::Impl channel("stream", lasting(100));
  ASSERT_TRUE(channel.put("old", kNow, kNow));
  EXPECT_EQ(channel.stats(kNow + 100ms).dropped, 0U);
  EXPECT_EQ(channel.stats(kNow + 101ms).dropped, 1U);
}

TEST(DataChannel, LetsTheEngineKeepWhatMustNotBeLostWhileThePathIsSilent) {
  DataChannel::Impl channel("metric", {});
  FakePeer peer;
  channel.connect(peer.sender(), kNow);
  channel.setPathUp(false, kNow);
  ASSERT_TRUE(channel.put("one", kNow, kNow));
  EXPECT_EQ(peer.sent, Texts{"one"});
  channel.setPathUp(true, kNow + 1h);
  EXPECT_EQ(peer.sent, Texts{"one"});
}

TEST(DataChannel, RefusesWhatIsTooLong) {
  DataChannel::Impl channel("metric", {});
  EXPECT_TRUE(channel.put(std::string(kMaxMessageSize, 'x'), kNow, kNow));
  const auto refused = channel.put(std::string(kMaxMessageSize + 1, 'x'), kNow, kNow);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
}

TEST(DataChannel, GivesEveryMessageToEverySubscription) {
  DataChannel::Impl channel("stream", {});
  auto first = channel.subscribe(256);
  auto second = channel.subscribe(256);
  channel.onMessage("go");
  EXPECT_EQ(first.tryGet(), Message("go"));
  EXPECT_EQ(second.tryGet(), Message("go"));
  EXPECT_EQ(channel.stats(kNow).received, 1U);
}

TEST(DataChannel, HasAQueueAsLongAsItsReaderWants) {
  DataChannel::Impl channel("stream", {});
  auto shorter = channel.subscribe(1);
  auto longer = channel.subscribe(2);
  for (const char* text : {"one", "two"}) channel.onMessage(text);
  EXPECT_EQ(shorter.tryGet(), Message("two"));
  EXPECT_EQ(shorter.dropped(), 1U);
  EXPECT_EQ(longer.tryGet(), Message("one"));
  EXPECT_EQ(longer.dropped(), 0U);
}

}  // namespace
}  // namespace rtcpub
