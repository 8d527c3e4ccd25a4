#include "core/data/outbox.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rtcpub {
namespace {

using namespace std::chrono_literals;

constexpr Time kNow{1h};

Outbox outbox(std::size_t waiting, std::size_t handed) {
  return Outbox({.waitingMessages = waiting,
                 .waitingBytes = 100,
                 .handedMessages = handed,
                 .handedBytes = 100});
}

/// Hands out all that it gives; the ids.
std::vector<Outbox::Id> handAll(Outbox& box) {
  std::vector<Outbox::Id> ids;
  while (const auto* entry = box.next()) {
    ids.push_back(entry->id);
    box.onHanded();
  }
  return ids;
}

/// The texts that it hands out.
std::vector<std::string> texts(Outbox& box) {
  std::vector<std::string> all;
  while (const auto* entry = box.next()) {
    all.push_back(entry->message.data);
    box.onHanded();
  }
  return all;
}

void pushAll(Outbox& box, std::initializer_list<const char*> messages) {
  for (const char* text : messages) box.push(text, kNow);
}

using Texts = std::vector<std::string>;

TEST(Outbox, CountsAMessageAsSentWhenItIsAcknowledged) {
  auto box = outbox(10, 10);
  pushAll(box, {"one"});
  EXPECT_EQ(box.sent(), 0U);
  const auto ids = handAll(box);
  EXPECT_EQ(box.sent(), 0U) << "it may still be lost";
  EXPECT_EQ(box.pending(), 1U);
  box.onDelivered(ids[0]);
  EXPECT_EQ(box.sent(), 1U);
  EXPECT_EQ(box.pending(), 0U);
  box.onDelivered(ids[0]);
  EXPECT_EQ(box.sent(), 1U) << "once";
}

TEST(Outbox, HandsOutNoMoreThanMayBeOnItsWay) {
  auto box = outbox(10, 2);
  pushAll(box, {"one", "two", "three"});
  const auto ids = handAll(box);
  EXPECT_EQ(ids.size(), 2U);
  box.onDelivered(ids[0]);
  EXPECT_EQ(texts(box), Texts{"three"});
}

TEST(Outbox, HandsOutNoMoreBytesThanMayBeOnTheirWay) {
  Outbox box({.waitingMessages = 10, .waitingBytes = 100, .handedMessages = 10, .handedBytes = 4});
  pushAll(box, {"three", "four"});
  EXPECT_EQ(handAll(box).size(), 1U) << "one that is larger passes, or it never would";
}

TEST(Outbox, SendsAgainInOrderWhatAConnectionTookAlong) {
  auto box = outbox(10, 3);
  pushAll(box, {"one", "two", "three", "four"});
  const auto ids = handAll(box);
  box.onDelivered(ids[0]);
  box.onAllLost();
  EXPECT_EQ(texts(box), (Texts{"two", "three", "four"}));
  EXPECT_EQ(box.sent(), 1U);
  EXPECT_EQ(box.dropped(), 0U);
}

TEST(Outbox, PutsWhatIsLostAloneBackInItsPlace) {
  auto box = outbox(10, 3);
  pushAll(box, {"one", "two", "three", "four"});
  const auto ids = handAll(box);
  box.onLost(ids[1]);
  box.onLost(ids[0]);
  EXPECT_EQ(texts(box), (Texts{"one", "two"})) << "and three is on its way";
  box.onAllLost();
  EXPECT_EQ(texts(box), (Texts{"one", "two", "three"}));
}

TEST(Outbox, DropsTheOldestOfWhatComesBackWhenThereIsNoRoom) {
  auto box = outbox(2, 3);
  pushAll(box, {"one", "two"});
  (void)handAll(box);
  pushAll(box, {"three"});
  box.onAllLost();
  EXPECT_EQ(box.dropped(), 1U);
  EXPECT_EQ(texts(box), (Texts{"two", "three"}));
}

TEST(Outbox, HasRoomOnlyIfAllThatIsOnItsWayMayComeBack) {
  auto box = outbox(2, 10);
  pushAll(box, {"one", "two"});
  EXPECT_FALSE(box.hasRoom(1));
  const auto ids = handAll(box);
  EXPECT_FALSE(box.hasRoom(1));
  box.onDelivered(ids[0]);
  EXPECT_TRUE(box.hasRoom(1));
  EXPECT_TRUE(box.hasRoom(97));
  EXPECT_FALSE(box.hasRoom(98)) << "of 100 bytes 3 are on their way";
}

TEST(Outbox, DropsTheOldestOfTooManyOrTooLarge) {
  auto box = outbox(2, 10);
  pushAll(box, {"one", "two", "three"});
  EXPECT_EQ(box.dropped(), 1U);
  box.push(std::string(97, 'x'), kNow);
  EXPECT_EQ(box.dropped(), 3U);
  box.push(std::string(101, 'x'), kNow);
  EXPECT_EQ(box.pending(), 0U);
  EXPECT_EQ(box.dropped(), 5U);
}

TEST(Outbox, DropsWhatIsTooOldWhereverItStands) {
  auto box = outbox(10, 10);
  box.setLongestAge(100ms);
  box.push("young", kNow);
  box.push("old when it came", kNow - 101ms);
  box.push("just young enough", kNow - 100ms);
  box.dropStale(kNow);
  EXPECT_EQ(box.dropped(), 1U);
  EXPECT_EQ(texts(box), (Texts{"young", "just young enough"}));
}

TEST(Outbox, KeepsReliableMessagesForEver) {
  auto box = outbox(10, 10);
  pushAll(box, {"one"});
  box.dropStale(kNow + 1000h);
  EXPECT_EQ(texts(box), Texts{"one"});
}

TEST(Outbox, DropsAndCountsWhatIsLostOfAChannelThatIsNotReliable) {
  auto box = outbox(10, 10);
  box.setLongestAge(100ms);
  pushAll(box, {"one", "two", "three"});
  const auto ids = handAll(box);
  box.onLost(ids[0]);
  box.onDelivered(ids[1]);
  box.onAllLost();
  EXPECT_EQ(box.pending(), 0U);
  EXPECT_EQ(box.sent(), 1U);
  EXPECT_EQ(box.dropped(), 2U);
}

TEST(Outbox, SendsNothingEmptyWhenAChannelBecomesReliableMeanwhile) {
  auto box = outbox(10, 10);
  box.setLongestAge(100ms);
  pushAll(box, {"one"});
  (void)handAll(box);
  box.setLongestAge({});
  box.onAllLost();
  EXPECT_EQ(box.next(), nullptr);
  EXPECT_EQ(box.dropped(), 1U);
}

}  // namespace
}  // namespace rtcpub
